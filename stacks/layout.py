"""What the program, the preflight checks and the commands know of a store on its docker host: roles, folders, ports,
uids and time limits. components/scripts/layout.sh has those that scripts need, and a test compares the two.

A role is a part of a stack: its container or volume is called PROJECT-STACK-ROLE. All of this is a format: running
stores depend on it.
"""

NEXUS = "nexus"
NGINX = "nginx"
ACME = "acme"
"""The role of the ACME client, and of the volume with its account and certificates."""
CERTIFICATE_CLIENTS = {"acme": ACME}
"""The role that a `tls.mode` adds: a container beside nginx, with its own volume."""
NEXUS_DATA = "nexus-data"
"""The role of the data volume, and its name in the stack file."""
NEXUS_KEYS = "nexus-keys"
NGINX_CONFIGURATION = "nginx-configuration"
NGINX_CACHE = "nginx-cache"

KEPT_VOLUMES = (NEXUS_DATA, ACME)
"""The volumes that `retain` can name: their content cannot be recreated."""
VOLUMES = (NEXUS_DATA, NEXUS_KEYS, NGINX_CONFIGURATION, NGINX_CACHE, ACME)
"""In the order of their removal."""

DATA_FOLDER = "/nexus-data"
INSTANCE_FILE = f"{DATA_FOLDER}/.repository-store-instance"
"""Holds the id of the data volume, which is generated on first use."""
VERSION_FILE = f"{DATA_FOLDER}/.repository-store-version"
"""Holds the release of Nexus that last ran on the data volume."""
KEY_FILE = "/nexus-encryption-keys.json"
"""The keys of Nexus's stored passwords; copied into its container, and not on the data volume that they protect."""
KEY_FOLDER = "/nexus-encryption-keys"
"""Where Nexus mounts the volume with its keys if its root is read-only, since nothing can be copied into that."""
KEY_FILE_VARIABLE = "NEXUS_SECRETS_KEY_FILE"
DATABASE_FOLDER = f"{DATA_FOLDER}/etc/fabric"
STORE_FOLDER = "/etc/nginx/store"
"""Where nginx mounts the volume with its configuration."""
CACHE_FOLDER = "/var/cache/nginx"
ACME_DATA_FOLDER = "/acme"
"""Where the ACME client mounts its volume."""

NEXUS_PORT = 8081
"""Inside the container, plain HTTP."""
NEXUS_UPSTREAM = "nexus-gui"
"""nginx's name for Nexus's own port, which serves the user interface, REST and all formats but docker."""
HTTPS, HTTP = 8443, 8080
"""nginx's ports inside its container."""
LOGIN_SALT_FILE = "login-salt.conf"
"""Beside nginx.conf: the secret that is hashed with each login."""
TMP_MIB = 16
"""The size of /tmp in a container that is read-only otherwise; it counts as the container's memory."""
TMP_RESERVE_MIB = 8
"""How much of nginx's /tmp its caches leave free, whatever clients send."""
CACHE_RESERVE_MIB = 512
"""How much of the disk under `blobCache` nginx leaves free."""
NGINX_ZONES_KIB = {
    "connections": 10240,
    "clients": 10240,
    "logins": 10240,
    "accounts": 2048,
    "remembered": 4096,
    "tls": 10240,
    "day": 1024,
    "anonymous": 128,
    "blobs": 16384,
    "upstream": 64,
}
"""nginx's shared memory by zone, `upstream` for each port of Nexus. Only an attack fills a zone; nginx then drops its
oldest entries. Together with /tmp they leave 48 MiB of the least `nginx.memory` to the workers.

`anonymous` limits the 401s in /tmp, each a file of a page or two, to less than a thousand. `remembered` has 128 bytes
for each login, and for each address that uses it.
"""
NGINX_PID_FILE = "/tmp/nginx.pid"  # noqa: S108 - in the container
HEALTH_SOCKET = "/tmp/health.sock"  # noqa: S108 - in the container
"""Here nginx answers which configuration it serves, without a request to Nexus; at /nexus, whether it reaches Nexus."""
STATUS_URL = f"http://127.0.0.1:{NEXUS_PORT}/service/rest/v1/status"
"""As called inside Nexus's container; STATUS_URL/writable answers whether Nexus accepts content."""
NEXUS_THROUGH_NGINX = ("--unix-socket", HEALTH_SOCKET, "http://localhost/nexus")
"""The arguments of curl, in nginx's container, for a request to Nexus through nginx."""

NEXUS_UID = 200
"""The user of Sonatype's image, which owns the data."""
NGINX_UID = 101

ACME_MEMORY_MIB = 128
NEXUS_PIDS, NGINX_PIDS, ACME_PIDS = 4096, 1024, 256
"""The process limit of each container."""

READY_SECONDS = 600
"""How long Nexus may take to start, unless the stack file says otherwise."""
STOP_SECONDS = 120
"""How long Nexus may take to stop, unless the stack file says otherwise."""
THROUGH_NGINX_SECONDS = 60
"""How long nginx may take to reach a Nexus that already answers."""
RELOAD_SECONDS = 30
"""How long nginx may take to serve a configuration that it has accepted."""
ISSUE_SECONDS = 300
"""How long an ACME directory may take to issue a certificate, unless the stack file says otherwise."""
ENGINE_SECONDS = 20
"""How long an engine may take to answer one request."""
ENGINE_START_SECONDS = 60
ENGINE_STOP_SECONDS = 30

PLUGIN_DEFAULTS = ("networkMode", "healthcheck.startInterval")
"""Properties of a container that the program does not set, and for which releases of the docker plugin differ."""

NEXUS_TYPES = "pulumi-python:dynamic/nexus:"
"""What the types of the objects of Nexus start with in a state."""
NEXUS_PROVIDER = "pulumi:providers:pulumi-python"
"""The type of the resource that has the URL and the administrator's password of Nexus."""
