"""The same random requests to a real server and to the stand-in, whose answers must agree."""
