"""Patterns of values in the stack file; a module of its own, so that commands need not load the settings' types."""

# RFC 1123: labels of letters, digits and hyphens. Upper case is refused because docker refuses it in an image's name.
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOSTNAME_PATTERN = rf"^{_LABEL}(\.{_LABEL})+$"
REGISTRY_PATTERN = rf"^{_LABEL}(\.{_LABEL})+(:[1-9][0-9]{{0,4}})?$"
GENERATION_PATTERN = r"^3\.[0-9]+$"
HOST_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$"
SSH_HOST_PATTERN = r"^[A-Za-z0-9:][A-Za-z0-9.:_-]*$"
SQL_NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_-]*$"
# What docker accepts as the source of a mount: an absolute path or the name of a volume.
PLACE_PATTERN = r"^(/[^,\"\s]*[^,\"\s/]|[a-zA-Z0-9][a-zA-Z0-9_.-]+)$"

# Docker's own grammar (distribution/reference): registry, path, tag, digest. A tag or a digest is required: without
# either, docker would use `latest`.
_COMPONENT = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
IMAGE_PATTERN = (
    rf"^(([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?/)?{_COMPONENT}(/{_COMPONENT})*"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"
)
_DOMAIN_LABEL = r"[^\W_]([\w-]*[^\W_])?"
# Nexus's own validation; nexus/schema/corrections.json has the same.
EMAIL_PATTERN = rf'^("[^"\s][^"]*"|[^@\s<>,;"]+)@({_DOMAIN_LABEL}(\.{_DOMAIN_LABEL})*|\[[0-9A-Fa-f.:]+\])$'
EMAIL_ALLOWED = "an e-mail address, like ops@domain.org"
# The notation of the JVM and Docker: a whole number and one of k, m, g.
BYTES_PATTERN = r"^[1-9][0-9]{0,8}[kmg]$"
# docker passes user and host to ssh, for which a word that begins with a hyphen is an option, like -F FILE.
_SSH_USER, _SSH_HOST = r"[^\s/@:-][^\s/@:]*", r"[A-Za-z0-9._][A-Za-z0-9._-]*|\[[0-9A-Fa-f:]+\]"
DOCKER_HOST_PATTERN = rf"^(unix:///[^\s]+|ssh://({_SSH_USER}@)?({_SSH_HOST})(:[0-9]{{1,5}})?(/[^\s]*)?)$"
DOCKER_HOST_ALLOWED = (
    "unix:///PATH or ssh://[USER@]HOST[:PORT], like ssh://deploy@nexus.domain.org; USER and HOST begin with no hyphen"
)
SSH_OPTION_PATTERN = r"\s*[sS][sS][hH]://(-|[^/]*@-)"
