"""One module for each command; cli/__main__.py says how they are called."""
