"""The program against a Nexus of somebody else's that may be filled and emptied."""
