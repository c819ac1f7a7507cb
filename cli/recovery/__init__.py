"""What a command makes good of before it begins: what earlier ones that were killed, and other hands, have left."""
