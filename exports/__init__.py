"""From a running Nexus to a stack file, and what the server has that no stack file names."""
