"""Tools and clients that the tests need on this machine, beside those of the store itself."""
