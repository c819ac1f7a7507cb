"""What runs on a client: files.sh to main.sh, concatenated into one program, and the package insecure_registry."""
