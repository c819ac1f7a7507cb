"""How many files the Nexus container may hold open."""

import resource

import pulumi

from stacks.docker_settings import DockerSettings

# Sonatype: running out of file descriptors leads to data loss.
WANTED = 65536


def open_files(asked: int | None, docker: DockerSettings) -> int:
    """The container's limit: what the stack file asks for, else 65536 or this host's hard limit if that is lower.

    The hard limit of a remote host is not known here, so its container gets 65536.
    """
    if asked is not None or not docker.is_local:
        return asked or WANTED
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard in (resource.RLIM_INFINITY, -1) or hard >= WANTED:
        return WANTED
    pulumi.log.info(f"Nexus wants {WANTED} open files; this host allows {hard}, so that is its container's limit")
    return hard
