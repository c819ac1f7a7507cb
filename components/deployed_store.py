from pulumi import Output, Resource, ResourceOptions

from components.certificates.acme_client import AcmeClient, AcmeClientArgs
from components.certificates.tls_certificate import TlsCertificateArgs, tls_certificate
from components.container_sysctls import refuse_what_the_kernel_refuses
from components.docker_engine import DockerEngine, DockerEngineArgs
from components.docker_network import DockerNetwork
from components.host_memory import host_memory, refuse_more_than
from components.nexus_disk import NexusDisk
from components.nexus_server import NexusServer, NexusServerArgs
from components.nginx_configuration import STORE_FOLDER, nginx_configuration
from components.nginx_proxy import NginxProxy, NginxProxyArgs
from stacks.acme_settings import Acme
from stacks.nexus_settings import NexusSettings
from stacks.rules.refusal import refusals_said
from stacks.settings import Retained, Settings


class DeployedStore:
    """Nexus behind nginx, in two containers of the stack's own."""

    def __init__(self, settings: Settings, nexus_settings: NexusSettings) -> None:
        engine = DockerEngine("docker", DockerEngineArgs(settings.docker))
        with refusals_said():
            refuse_more_than(host_memory(engine.environment), nexus_settings, settings.tls)
            for role, part in (("nexus", nexus_settings), ("nginx", settings.nginx)):
                refuse_what_the_kernel_refuses(engine.environment, role, part.sysctls)
        on_engine = ResourceOptions(providers=[engine])

        network = DockerNetwork("network", on_engine)
        tls = tls_certificate("tls", TlsCertificateArgs(settings.tls, settings.hostname, settings.address))
        nexus = NexusServer(
            "nexus-server",
            NexusServerArgs(
                settings=nexus_settings,
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
        reachable: Resource = nginx.loaded
        if isinstance(settings.tls, Acme):
            acme = AcmeClient(
                "acme",
                AcmeClientArgs(
                    settings=settings.tls,
                    hostname=settings.hostname,
                    engine=engine,
                    network_name=network.network_name,
                    nginx_volume=nginx.volumes[STORE_FOLDER].name,
                    nginx_loaded=nginx.loaded,
                    retain_account=Retained.ACME in settings.retain,
                ),
                on_engine,
            )
            reachable = acme.issued
        self.ca_certificate_pem: Output[str] = tls.ca_certificate_pem
        self.initial_password = nexus.initial_password
        self.ready: list[Resource] = [nexus.ready, reachable]
        self.disk = NexusDisk(engine, nexus.data, nexus.instance)
