"""Stacks: their files, environment, images, state, lock and creation."""
