"""A store on its docker host: roles, folders, ports and uids, for the program, the preflight checks and the commands.

A role is a part of a stack: its container or volume is called PROJECT-STACK-ROLE. All of this is a format: a store that
is up has been made with it.
"""

NEXUS = "nexus"
NGINX = "nginx"
ACME = "acme"
"""The role of the ACME client, and of the volume with its account and certificates."""
CERTIFICATE_CLIENTS = {"acme": ACME}
"""The role that a `tls.mode` adds: a container beside nginx, and a volume of its own."""
NEXUS_DATA = "nexus-data"
"""The role of the data volume, and its word in the stack file."""
NGINX_CONFIGURATION = "nginx-configuration"
NGINX_CACHE = "nginx-cache"

KEPT_VOLUMES = (NEXUS_DATA, ACME)
"""Those that the stack file can name under `retain`: what is on them cannot be made again."""
VOLUMES = (NEXUS_DATA, NGINX_CONFIGURATION, NGINX_CACHE, ACME)
"""In the order in which they are taken away."""

DATA_FOLDER = "/nexus-data"
STORE_FOLDER = "/etc/nginx/store"

NEXUS_PORT = 8081
"""Inside of the container, plain HTTP."""
HTTPS, HTTP = 8443, 8080
"""Those of nginx inside of its container."""

NEXUS_UID = 200
"""Sonatype's image runs as it, and it owns the data."""
NGINX_UID = 101

ACME_MEMORY_MIB = 128
