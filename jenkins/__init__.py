"""What a Jenkins and its agents need to use the store, written from the stack's outputs alone."""
