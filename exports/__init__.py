"""Exports a running Nexus as a topology file, and reports objects that the stack does not manage."""
