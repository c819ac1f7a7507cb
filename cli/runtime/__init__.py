"""The Python of a run of Pulumi, started ahead of it: the program and the provider of Nexus's objects."""
