"""Rules on the containers."""

import re
from collections.abc import Iterator

from policy.rule import Resource, ResourceRule
from stacks.layout import DATA_FOLDER, STOP_SECONDS
from stacks.secret_names import names_secret

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
# The password of a new Nexus; the stack changes it at once, so that it is no longer valid.
_SPENT = frozenset({"NEXUS_SECURITY_INITIAL_PASSWORD"})


def _digest(resource: Resource) -> Iterator[str]:
    if resource.kind == "RemoteImage" and not _DIGEST.search(str(resource.at("name"))):
        yield f"{resource.at('name')} can be another image tomorrow: pin it, as in NAME:TAG@sha256:DIGEST"


def _stop_timeout(resource: Resource) -> Iterator[str]:
    if not _is_nexus(resource):
        return
    for key in ("stopTimeout", "destroyGraceSeconds"):
        seconds = resource.at(key, otherwise=0)
        if seconds < STOP_SECONDS:
            yield (
                f"{resource.title} is killed after {int(seconds)} s ({key}), which can break its database: "
                f"set nexus.stopTimeoutSeconds to {STOP_SECONDS} or more"
            )


def _no_secret(resource: Resource) -> Iterator[str]:
    for entry in resource.listed("envs") if resource.kind == "Container" else ():
        name, _, value = str(entry).partition("=")
        if names_secret(name) and value and not name.endswith("_FILE") and name not in _SPENT:
            yield (
                f"{resource.title} has {name} in its environment, where `docker inspect` shows it to everyone: "
                f"give the container a file and its path instead"
            )


def _only_nginx_is_public(resource: Resource) -> Iterator[str]:
    if _is_nexus(resource) and resource.listed("ports"):
        yield f"{resource.title} is published beside nginx, without TLS: remove its ports"


def _confined(resource: Resource) -> Iterator[str]:
    if resource.kind != "Container":
        return
    if resource.at("privileged"):
        yield f"{resource.title} is privileged: run it without privileged"
    if "ALL" not in [str(name).removeprefix("CAP_") for name in resource.listed("capabilities", "drops")]:
        yield f"{resource.title} keeps the kernel capabilities that Docker gives: drop ALL"
    if not any(str(option).startswith("no-new-privileges") for option in resource.listed("securityOpts")):
        yield f"{resource.title} can gain privileges: set no-new-privileges:true in securityOpts"


def _limited(resource: Resource) -> Iterator[str]:
    if resource.kind != "Container":
        return
    if not resource.at("memory"):
        yield f"{resource.title} can take all memory of the host: give it a limit"
    if not resource.at("logOpts", "max-size"):
        yield f"the log of {resource.title} can fill the disk: set max-size in logOpts"
    if resource.at("restart", otherwise="no") == "no":
        yield f"{resource.title} stays down after a reboot: set restart to unless-stopped"


def _is_nexus(resource: Resource) -> bool:
    volumes = resource.listed("volumes") if resource.kind == "Container" else ()
    return any(volume.get("containerPath") == DATA_FOLDER for volume in volumes)


RULES = (
    ResourceRule("image-by-digest", "Images are named by their digest.", _digest),
    ResourceRule("stop-timeout", f"Nexus has {STOP_SECONDS} s or more to stop.", _stop_timeout),
    ResourceRule("no-secret-in-environment", "No secret is in a container's environment.", _no_secret),
    ResourceRule("only-nginx-is-public", "Nexus is reached through nginx alone.", _only_nginx_is_public),
    ResourceRule("container-confined", "A container has no more rights than it needs.", _confined),
    ResourceRule("container-limited", "A container cannot take the host down.", _limited),
)
