"""Two containers that are made like those of the store: only nginx has a health check."""

import os

import pulumi_docker as docker
from pulumi import ResourceOptions

from components.docker_host.container_defaults import container_defaults, kept_as_made, read_only_defaults
from components.nginx_proxy import _health_check

engine = docker.Provider("docker", host=os.environ["ENGINE"])
network = docker.Network("network", name="plugins-network", driver="bridge", opts=ResourceOptions(provider=engine))
memory = int(os.environ["MEMORY"])
for name, given in (
    ("nginx", {"healthcheck": _health_check(), **read_only_defaults(memory)}),
    ("nexus", {"ulimits": [{"name": "nofile", "soft": 4096, "hard": 4096}], **container_defaults(memory)}),
):
    docker.Container(
        name,
        name=f"plugins-{name}",
        image=os.environ["IMAGE"],
        entrypoints=["sh", "-c"],
        command=["sleep 600"],
        networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=[name])],
        opts=kept_as_made(ResourceOptions(provider=engine)),
        **given,
    )
