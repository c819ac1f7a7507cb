"""Who reads the store's metrics, and with which rights."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from stacks.nginx_settings import Network, NginxSettings
from stacks.topology.role import Role
from stacks.topology.topology import Topology
from stacks.topology.user import User
from stacks.value import Value

USER = "metrics"
"""Also the name of its role; the password is the secret passwords.metrics."""
_PRIVILEGE = "nx-metrics-all"
RUNBOOK = "docs/monitoring.md"
"""The page in this repository."""

# Prometheus would expand braces.
_PAGE = re.compile(r"https?://[^\s#{}\"']+")


def _page(url: str) -> str:
    if not _PAGE.fullmatch(url):
        raise ValueError(
            "the http or https address of a page, without #, like https://git.domain.org/store/docs/monitoring.md"
        )
    return url


class Monitoring(Value):
    """A Prometheus that scrapes the store."""

    scrape_from: Annotated[tuple[Network, ...], Field(min_length=1)]
    """The networks from which it scrapes; nginx lets only these and `metricsAllowedFrom` read the metrics."""
    runbook_url: Annotated[str, AfterValidator(_page)] = RUNBOOK
    """Where people read `docs/monitoring.md`; each alert links to its section there."""


def with_metrics_user(topology: Topology, monitoring: Monitoring | None, hostname: str) -> Topology:
    """The topology with a user who may only read the metrics; a declared user or role of that name is kept."""
    if monitoring is None:
        return topology
    role = Role.model_validate({"description": "Reads the metrics and nothing else", "privileges": [_PRIVILEGE]})
    person = {"firstName": "Prometheus", "lastName": "Metrics", "emailAddress": f"{USER}@{hostname}", "roles": [USER]}
    user = User.model_validate(person)
    roles = topology.roles if USER in topology.roles else {**topology.roles, USER: role}
    users = topology.users if USER in topology.users else {**topology.users, USER: user}
    return topology.model_copy(update={"roles": roles, "users": users})


def with_open_metrics(nginx: NginxSettings, monitoring: Monitoring | None) -> NginxSettings:
    """The settings of nginx, which let Prometheus read the metrics."""
    if monitoring is None:
        return nginx
    networks = tuple(dict.fromkeys((*nginx.metrics_allowed_from, *monitoring.scrape_from)))
    return nginx.model_copy(update={"metrics_allowed_from": networks})
