"""One module for each command; cli/command_line says how they are called."""
