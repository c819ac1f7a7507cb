"""The Pulumi program: reads the settings, creates the components and exports the outputs."""

import signal

import pulumi
from pulumi import ResourceOptions

from components.docker_client import DockerClient, DockerClientArgs
from components.licence_agreement import eula_accepted
from components.quotas import with_host_quotas
from components.repository_topology import RepositoryTopology, RepositoryTopologyArgs
from components.store import store_of
from nexus.server import Server, ServerArgs
from policy.without_store import noted
from stacks.outputs import outputs
from stacks.settings import ADMIN, Settings

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the program without a traceback
settings = with_host_quotas(Settings.load())
declared = noted(pulumi.get_stack(), settings.passwords[ADMIN].get_secret_value())  # for the mandatory policies

store = store_of(settings)  # network, certificate, Nexus and nginx; or an external Nexus
server = Server(
    "nexus",
    ServerArgs(
        url=settings.endpoint.url,
        address=str(settings.address or ""),
        password=settings.passwords[ADMIN].get_secret_value(),
        initial_password=store.initial_password,
        ca_pem=store.ca_certificate_pem,
        allow_data_loss=settings.allow_data_loss,
    ),
    ResourceOptions(depends_on=store.ready),
)
repositories = RepositoryTopology("repositories", RepositoryTopologyArgs(settings, server, store.disk))
for client in settings.clients:
    DockerClient(
        f"client-{client}",
        DockerClientArgs.of(settings, client, store.ca_certificate_pem),
        ResourceOptions(depends_on=[repositories]),
    )

for name, value in outputs(
    settings,
    ca_certificate_pem=store.ca_certificate_pem,
    eula_accepted=eula_accepted(settings, store.ca_certificate_pem, repositories.reached),
    docker_endpoint=store.docker_endpoint,
).items():
    pulumi.export(name, value)

if declared:
    declared.refuse_violations()
