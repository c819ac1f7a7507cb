"""Checks of this machine, a stack and its store, with a command that fixes each problem."""
