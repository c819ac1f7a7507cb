"""Sends the same random requests to a real server and to the stand-in, and compares the answers."""
