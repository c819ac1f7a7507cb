"""Repairs what killed commands and changes by hand have left, before a command begins."""
