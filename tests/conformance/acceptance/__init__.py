"""The program against an external Nexus that may be filled and emptied."""
