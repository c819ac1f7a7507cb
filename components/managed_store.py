import pulumi
from pulumi import Output, Resource, ResourceOptions

from components.certificates.serving import Serving
from components.certificates.tls_certificate import TlsCertificate, TlsCertificateArgs, tls_certificate
from components.docker_host.container_sysctls import check_sysctls
from components.docker_host.docker_engine import DockerEngine, DockerEngineArgs
from components.docker_host.docker_network import DockerNetwork
from components.docker_host.host_memory import host_memory, refuse_more_than
from components.docker_host.host_ports import TakenPort, taken_ports
from components.naming import physical
from components.nexus_disk import NexusDisk
from components.nexus_server import ROLE, NexusServer, NexusServerArgs
from components.nginx_configuration import nginx_configuration
from components.nginx_proxy import NginxProxy, NginxProxyArgs
from preflight.bind_address import absent_addresses
from preflight.data_version import downgrade, last_run, unasked, version_of
from preflight.encryption_key import missing_key
from preflight.engine_answer import Unanswered
from preflight.image_signatures import unverified
from preflight.ownership import unlisted
from stacks.layout import KEPT_VOLUMES, NEXUS, NEXUS_DATA, NGINX, STORE_FOLDER
from stacks.managed_nexus import ManagedNexus
from stacks.rules.refusal import Refusal, exit_on_config_error
from stacks.settings import Settings


class ManagedStore:
    """Nexus behind nginx: two containers, and a third one if the certificate comes from an ACME directory."""

    def __init__(self, settings: Settings, nexus_settings: ManagedNexus) -> None:
        self._settings = settings
        self._engine = DockerEngine("docker", DockerEngineArgs(settings.docker))
        self.docker_endpoint = self._engine.environment["DOCKER_HOST"]
        with exit_on_config_error():
            taken = _check_host_requirements(self._engine, settings, nexus_settings)
        self._on_engine = ResourceOptions(providers=[self._engine])
        self._retained = frozenset(settings.retain & set(KEPT_VOLUMES))

        nexus = self._nexus(nexus_settings, taken)
        self._claim = nexus.claim
        network = DockerNetwork("network", self._claim, self._on_engine)
        tls = tls_certificate("tls", TlsCertificateArgs(settings.tls, settings.hostname, settings.address))
        nexus.run(network.network_name)
        nginx = self._nginx(network, tls, nexus)

        self.ca_certificate_pem: Output[str] = tls.ca_certificate_pem
        self.initial_password = nexus.initial_password
        self.ready: list[Resource] = [nexus.ready, tls.served(self._serving(network, nginx))]
        self.disk = NexusDisk(self._engine, nexus.data, nexus.instance)

    def _nexus(self, settings: ManagedNexus, taken: list[TakenPort]) -> NexusServer:
        return NexusServer(
            "nexus-server",
            NexusServerArgs(
                settings=settings,
                docker=self._settings.docker,
                engine=self._engine,
                retained=self._retained,
                taken_ports=taken,
            ),
            self._on_engine,
        )

    def _nginx(self, network: DockerNetwork, tls: TlsCertificate, nexus: NexusServer) -> NginxProxy:
        return NginxProxy(
            "nginx-proxy",
            NginxProxyArgs(
                settings=self._settings.nginx,
                engine=self._engine,
                claim=self._claim,
                network_name=network.network_name,
                configuration=nginx_configuration(self._settings),
                certificate_pem=tls.certificate_pem,
                private_key_pem=tls.private_key_pem,
                backend=nexus.ready.id,
            ),
            self._on_engine,
        )

    def _serving(self, network: DockerNetwork, nginx: NginxProxy) -> Serving:
        return Serving(
            engine=self._engine,
            claim=self._claim,
            network_name=network.network_name,
            nginx_volume=nginx.volumes[STORE_FOLDER].name,
            nginx_loaded=nginx.loaded,
            opts=self._on_engine,
            retained=self._retained,
        )


def _check_host_requirements(engine: DockerEngine, settings: Settings, nexus_settings: ManagedNexus) -> list[TakenPort]:
    """The ports of nginx that other containers have; whether those are this stack's, the state's id will tell."""
    _check_upgrade(engine, settings, nexus_settings)
    keys = {each.id: each.key.get_secret_value() for each in nexus_settings.encryption_keys}
    if lost := missing_key(engine.environment, physical(ROLE), keys):
        raise Refusal([lost])
    if absent := absent_addresses(engine.environment, settings.nginx.bind_address):
        raise Refusal(absent)
    refuse_more_than(host_memory(engine.environment), nexus_settings, settings.nginx, settings.tls)
    for role, part in ((NEXUS, nexus_settings), (NGINX, settings.nginx)):
        check_sysctls(engine.environment, role, part.sysctls)
    if settings.image_signatures and (wrong := unverified(settings.images, settings.image_signatures)):
        raise Refusal(wrong)
    try:
        return taken_ports(engine.environment, settings.nginx, settings.routes)
    except Unanswered as error:
        raise Refusal([unlisted(pulumi.get_stack(), error)]) from None


def _check_upgrade(engine: DockerEngine, settings: Settings, nexus: ManagedNexus) -> None:
    """Refuses an image that cannot read the data volume, and warns of what lies between the two releases of Nexus.

    Raises:
        Refusal: the image is older than what last ran, or skips a release at which this store has to stop.
    """
    try:
        last = last_run(engine.environment, physical(ROLE), physical(NEXUS_DATA), nexus.image)
    except Unanswered as error:
        raise Refusal([unasked(physical(NEXUS_DATA), nexus.image, error)]) from None
    if last is None:
        return
    from stacks.upgrades.deployed import Deployed
    from stacks.upgrades.upgrade import Upgrade  # late, since only another image needs it

    release = nexus.version or version_of(engine.environment, nexus.image) or nexus.generation or ""
    if older := downgrade(last, nexus.image, release):
        raise Refusal([older])
    upgrade = Upgrade(last.version, release, Deployed(settings, nexus, last.embedded))
    if problems := upgrade.problems():
        raise Refusal(problems)
    if lines := list(upgrade.lines()):
        pulumi.log.warn("\n".join(lines))
