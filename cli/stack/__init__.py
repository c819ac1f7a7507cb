"""Stacks: their files, environment, lock and creation."""
