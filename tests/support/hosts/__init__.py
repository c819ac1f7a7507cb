"""Certificates and clients against real servers: sshd, dockerd, an ACME directory, a man in the middle."""
