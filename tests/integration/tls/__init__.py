"""Certificates and clients with real servers: sshd, dockerd, an ACME directory, a man in the middle."""
