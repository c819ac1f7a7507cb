"""The command line: a module for each group of `./store --help`, and a thin function for each command."""
