"""Tells dockerd on a client not to verify the store, for those who ask for it, and takes that back.

There are two ways: `insecure-registries` in daemon.json, or `--insecure-registry` in a drop-in of systemd's unit.
dockerd refuses to start with both. Runs on the client, with nothing but the Python that is there, 3.6 or newer.
"""
