"""Writes what Jenkins and its agents need to use the store, from the stack's outputs alone."""
