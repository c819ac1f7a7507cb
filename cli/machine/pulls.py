"""Why an image could not be pulled, from the engine's message: whether any registry answered, and the fix."""

import re
from dataclasses import dataclass

# A name that does not resolve, an address or a proxy that does not answer. Docker's messages are the same from 20.10 to
# 29 except for their prefix: `Get "https://.../v2/": ` from dockerd itself, `failed to resolve reference ...: failed to
# do request: Head "https://.../manifests/...": ` from containerd.
_UNREACHABLE = re.compile(
    r"no such host|server misbehaving|Temporary failure in name resolution|"
    r"dial tcp\b.*(connection refused|no route to host|network is unreachable|host is down|timed out|i/o timeout)|"
    r"TLS handshake timeout|request canceled while waiting for connection|context deadline exceeded|"
    r"Client\.Timeout exceeded|"
    r'/v2/": (EOF|read tcp .*connection reset by peer)$',
    re.IGNORECASE | re.MULTILINE,
)
# A registry answered before, so the network is not closed: tokens and layers come from other hosts.
_LATER = re.compile(
    r"error pulling image configuration|failed to register layer|failed to copy|/blobs/|fetch (anonymous|oauth) token|"
    r"/token\?|production\.cloudflare|unexpected EOF",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Reason:
    pattern: str
    fix: str


_ENGINE = "start the Docker engine, then run the command again"
_LOGIN = "docker login {registry}, then run the command again"
_REASONS = (
    _Reason(
        r"toomanyrequests|too many requests|rate limit",
        "docker login {registry}, which raises the limit, or wait until it is lifted, then run the command again",
    ),
    _Reason(r"proxy authentication required", "add the user and password to the engine's proxy setting"),
    _Reason(
        r"x509|certificate|first record does not look like a TLS handshake|server gave HTTP response to HTTPS client",
        "put the registry's CA certificate into /etc/docker/certs.d/{registry}/ca.crt on the engine's host",
    ),
    _Reason(
        r"no space left on device|disk quota exceeded|not enough space",
        "make room on the engine's disk (docker system df shows what uses it), then run the command again",
    ),
    _Reason(
        r"manifest unknown|manifest for .* not found|not found: not found|: not found$|invalid reference format|"
        r"no matching manifest",
        "set an image that exists: ./store pulumi config set --stack {stack} --path nexus.image IMAGE",
    ),
    _Reason(
        r"unauthorized|no basic auth credentials|access denied|denied:|authorization failed|forbidden|401|403", _LOGIN
    ),
    _Reason(r"cannot connect to the docker daemon|is the docker daemon running|error during connect", _ENGINE),
)
_OTHER = "solve what docker says, then run the command again"


def nothing_answers(output: str) -> bool:
    """Whether the output of a failed pull shows that the engine cannot reach any registry at all."""
    if any(re.search(reason.pattern, output, re.IGNORECASE | re.MULTILINE) for reason in _REASONS):
        return False
    return bool(_UNREACHABLE.search(output)) and not _LATER.search(output)


def remedy(output: str, image: str, stack: str) -> str:
    """The fix for a pull that failed for another reason."""
    for reason in _REASONS:
        if re.search(reason.pattern, output, re.IGNORECASE | re.MULTILINE):
            return reason.fix.format(registry=_registry(image), stack=stack)
    return _OTHER


def _registry(image: str) -> str:
    """The registry in a reference; docker.io if it names none."""
    first, slash, _ = image.partition("/")
    return first if slash and re.search(r"[.:]|^localhost$", first) else "docker.io"
