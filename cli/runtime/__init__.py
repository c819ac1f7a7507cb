"""The Python processes of a run of Pulumi, started beside it: the program and the provider of Nexus's objects."""
