"""What runs on a client: files.sh to main.sh, one after the other in one shell, and the package insecure_registry."""
