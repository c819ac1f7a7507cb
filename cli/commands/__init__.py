"""A module for each command; cli/command_line defines their arguments."""
