"""How the commands are called: a module for each group of `./store --help`, and one thin function for each command."""
