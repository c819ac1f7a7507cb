"""Runs the program on an external Nexus that may be filled and emptied."""
