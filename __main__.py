"""The drawing of the store: settings on the left, components in the middle, outputs on the right."""

import pulumi
from pulumi import ResourceOptions

from components.docker_client import DockerClient, DockerClientArgs
from components.docker_engine import DockerEngine, DockerEngineArgs
from components.docker_network import DockerNetwork
from components.host_memory import host_memory, refuse_more_than
from components.nexus_server import NexusServer, NexusServerArgs
from components.nginx_configuration import nginx_configuration
from components.nginx_proxy import NginxProxy, NginxProxyArgs
from components.repository_topology import RepositoryTopology, RepositoryTopologyArgs
from components.tls_certificate import TlsCertificateArgs, tls_certificate
from nexus.server import Server, ServerArgs
from stacks.endpoint import Endpoint
from stacks.outputs import outputs
from stacks.refusal import refusals_said
from stacks.settings import ADMIN, Retained, Settings

settings = Settings.load()

engine = DockerEngine("docker", DockerEngineArgs(settings.docker))
with refusals_said():
    refuse_more_than(host_memory(engine.environment), settings.nexus)
on_engine = ResourceOptions(providers=[engine])

network = DockerNetwork("network", on_engine)
tls = tls_certificate("tls", TlsCertificateArgs(settings.tls, settings.hostname, settings.address))
nexus = NexusServer(
    "nexus-server",
    NexusServerArgs(
        settings=settings.nexus,
        docker=settings.docker,
        engine=engine,
        network_name=network.network_name,
        retain_data=Retained.NEXUS_DATA in settings.retain,
        protect_data=settings.protect,
    ),
    on_engine,
)
nginx = NginxProxy(
    "nginx-proxy",
    NginxProxyArgs(
        settings=settings.nginx,
        engine=engine,
        network_name=network.network_name,
        configuration=nginx_configuration(settings),
        certificate_pem=tls.certificate_pem,
        private_key_pem=tls.private_key_pem,
        backend=nexus.ready.id,
    ),
    on_engine,
)
server = Server(
    "nexus",
    ServerArgs(
        url=Endpoint.of(settings).url,
        address=str(settings.address or ""),
        password=settings.passwords[ADMIN].get_secret_value(),
        initial_password=nexus.initial_password,
        ca_pem=tls.ca_certificate_pem,
        allow_data_loss=settings.allow_data_loss,
    ),
    ResourceOptions(depends_on=[nexus.ready, nginx.loaded]),
)
repositories = RepositoryTopology(
    "repositories",
    RepositoryTopologyArgs(
        settings=settings,
        server=server,
        engine=engine,
        instance=nexus.instance,
        data=nexus.data,
    ),
)
for client in settings.clients:
    DockerClient(
        f"client-{client}",
        DockerClientArgs.of(settings, client, tls.ca_certificate_pem),
        ResourceOptions(depends_on=[repositories]),
    )

for name, value in outputs(settings, ca_certificate_pem=tls.ca_certificate_pem).items():
    pulumi.export(name, value)
