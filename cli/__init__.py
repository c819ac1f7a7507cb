"""The commands of ./store, on top of Pulumi, Docker and the stack files."""
