"""The operations of real docker clients against a running store, one row of a matrix each."""
