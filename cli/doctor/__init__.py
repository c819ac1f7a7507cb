"""What a machine, a stack and its store have, and the command that mends what is missing."""
