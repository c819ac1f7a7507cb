"""Makes a client's dockerd accept the store without verification, if the stack file asks for that, and undoes it.

There are two ways: `insecure-registries` in daemon.json, or `--insecure-registry` in a drop-in of the systemd unit.
dockerd refuses to start with both. Runs on the client and needs only Python 3.6 or newer.
"""
