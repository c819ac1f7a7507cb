"""Who is told that a store is not as its stack file says."""
