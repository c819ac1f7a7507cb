"""The stacks of this machine: their files, environment, lock and creation."""
