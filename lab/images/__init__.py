"""The images of the store, made from packages."""
