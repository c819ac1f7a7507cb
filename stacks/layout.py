"""A store on its docker host, as the program, the preflight checks and the commands know it: roles, folders, ports,
uids and time limits. components/scripts/layout.sh has those that scripts need, and a test holds the two together.

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
"""In the order in which they are removed."""

DATA_FOLDER = "/nexus-data"
INSTANCE_FILE = f"{DATA_FOLDER}/.repository-store-instance"
"""The id of the data volume, which is made on first use and stays with the data."""
VERSION_FILE = f"{DATA_FOLDER}/.repository-store-version"
"""The release that ran on the data volume last."""
DATABASE_FOLDER = f"{DATA_FOLDER}/etc/fabric"
STORE_FOLDER = "/etc/nginx/store"
"""Where nginx has the volume with its configuration."""
CACHE_FOLDER = "/var/cache/nginx"
ACME_DATA_FOLDER = "/acme"
"""Where the ACME client has the volume of its own."""

NEXUS_PORT = 8081
"""Inside of the container, plain HTTP."""
NEXUS_UPSTREAM = "nexus-gui"
"""nginx's name for Nexus's own port, which serves the user interface, REST and all formats but docker."""
HTTPS, HTTP = 8443, 8080
"""Those of nginx inside of its container."""
NGINX_PID_FILE = "/tmp/nginx.pid"  # noqa: S108 - in the container
HEALTH_SOCKET = "/tmp/health.sock"  # noqa: S108 - in the container
"""Where nginx says which configuration it serves, without a request to Nexus, and at /nexus whether it reaches that."""
STATUS_URL = f"http://127.0.0.1:{NEXUS_PORT}/service/rest/v1/status"
"""As Nexus's own container asks; STATUS_URL/writable says whether it takes content."""
NEXUS_THROUGH_NGINX = ("--unix-socket", HEALTH_SOCKET, "http://localhost/nexus")
"""The words of curl, in nginx's container, that ask Nexus through nginx."""

NEXUS_UID = 200
"""Sonatype's image runs as it, and it owns the data."""
NGINX_UID = 101

ACME_MEMORY_MIB = 128
NEXUS_PIDS, NGINX_PIDS, ACME_PIDS = 4096, 1024, 256
"""The most processes of each container."""

READY_SECONDS = 600
"""What Nexus may take to start, where the stack file does not say."""
STOP_SECONDS = 120
"""What Nexus may take to stop, where the stack file does not say."""
THROUGH_NGINX_SECONDS = 60
"""What nginx may take to find a Nexus that answers already."""
RELOAD_SECONDS = 30
"""What nginx may take to serve a configuration that it has taken."""
ISSUE_SECONDS = 300
"""What an ACME directory may take for a certificate, where the stack file does not say."""
ENGINE_SECONDS = 20
"""What an engine may take to answer one question."""
ENGINE_START_SECONDS = 60
ENGINE_STOP_SECONDS = 30
