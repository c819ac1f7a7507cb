import hmac
from dataclasses import dataclass

import pulumi_command as command
import pulumi_docker as docker
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.bundle import bundle
from components.docker_host.claim import Claim
from components.docker_host.container_defaults import kept_as_made, read_only_defaults
from components.docker_host.docker_engine import DockerEngine
from components.docker_host.trial_start import image_after_trial
from components.naming import physical, token
from components.nginx_configuration import NginxConfiguration
from preflight.trial import Port, Trial
from stacks.layout import (
    CACHE_FOLDER,
    HEALTH_SOCKET,
    HTTP,
    HTTPS,
    LOGIN_SALT_FILE,
    NGINX,
    NGINX_CACHE,
    NGINX_CONFIGURATION,
    NGINX_UID,
    STORE_FOLDER,
)
from stacks.names import mebibytes
from stacks.nginx_settings import NginxSettings

# The user nginx of the official image; ports above 1023 need no root.
_USER = f"{NGINX_UID}:{NGINX_UID}"


@dataclass(frozen=True)
class NginxProxyArgs:
    """nginx, its configuration and certificate, and the network that it shares with Nexus."""

    settings: NginxSettings
    engine: DockerEngine
    claim: Claim
    network_name: Input[str]
    configuration: NginxConfiguration
    certificate_pem: Input[str]
    private_key_pem: Input[str]
    backend: Input[str]
    """Changes with the Nexus container: nginx then reloads, and the load waits until Nexus answers through nginx."""


class NginxProxy(ComponentResource):
    """The only public container. It reloads a changed configuration or certificate without dropping a connection.

    The files live on a volume: a new container waits for the first ones, a recreated one starts with the last. If
    those fail `nginx -t`, for example because the cache that they name is gone, it waits for the next.
    """

    def __init__(self, name: str, args: NginxProxyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("NginxProxy"), name, None, opts)
        self._args = args
        self._within = ResourceOptions(parent=self)
        self.volumes = self._volumes()
        self.container = self._container()
        self.loaded = self._load()
        """Done when nginx serves the stack's configuration."""
        self.register_outputs({"container_name": self.container.name})

    def _container(self) -> docker.Container:
        settings = self._args.settings
        image = docker.RemoteImage("nginx-image", name=settings.image, keep_locally=True, opts=self._within)
        return docker.Container(
            "nginx",
            name=self._args.claim.name(NGINX),
            labels=self._args.claim.container_labels,
            image=image_after_trial(self._args.engine.environment, image.image_id, self._trial()),
            user=_USER,
            entrypoints=["sh", "-c"],
            command=[
                f"until [ -s {STORE_FOLDER}/current/nginx.conf ] && nginx -t -q -c {STORE_FOLDER}/current/nginx.conf; "
                "do sleep 0.2; done; "
                f"exec nginx -c {STORE_FOLDER}/current/nginx.conf -g 'daemon off;'"
            ],
            ports=[
                docker.ContainerPortArgs(internal=port.internal, external=port.external, ip=port.address)
                for port in self._ports()
            ],
            volumes=[
                docker.ContainerVolumeArgs(volume_name=volume.name, container_path=folder)
                for folder, volume in self.volumes.items()
            ],
            networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=self._args.network_name, aliases=[NGINX])],
            healthcheck=_health_check(),
            sysctls=settings.sysctls or None,
            opts=kept_as_made(self._within),
            **read_only_defaults(mebibytes(settings.memory)),
        )

    def _ports(self) -> tuple[Port, ...]:
        settings = self._args.settings
        own = [(HTTPS, settings.https_port), (HTTP, settings.http_port)]
        return tuple(
            Port(address, external, internal)
            for internal, external in [*own, *((port, port) for port in self._args.configuration.docker_ports)]
            for address in settings.bind_address
        )

    def _trial(self) -> Trial:
        settings = self._args.settings
        return Trial(
            role=NGINX,
            name=physical(NGINX),
            user=_USER,
            memory_mib=mebibytes(settings.memory),
            sysctls=settings.sysctls,
            ports=self._ports(),
            read_only=True,
            command="nginx -v",
        )

    def _volumes(self) -> dict[str, docker.Volume]:
        folders = {STORE_FOLDER: NGINX_CONFIGURATION}
        if self._args.settings.blob_cache:
            folders[CACHE_FOLDER] = NGINX_CACHE
        return {folder: self._volume(name) for folder, name in folders.items()}

    def _volume(self, role: str) -> docker.Volume:
        claim = self._args.claim
        opts = ResourceOptions(parent=self, ignore_changes=["labels"])
        return docker.Volume(role, name=claim.name(role), labels=claim.volume_labels, opts=opts)

    def _load(self) -> command.local.Command:
        args = self._args
        # With ACME this certificate is temporary; load-nginx.sh recognizes it by the file name.
        name = "temporary" if args.configuration.acme_folder else "tls"
        files: Output[str] = Output.all(certificate=args.certificate_pem, key=args.private_key_pem).apply(
            lambda pems: bundle(
                {
                    "nginx.conf": args.configuration.text,
                    f"{name}.crt": pems["certificate"],
                    f"{name}.key": pems["key"],
                    LOGIN_SALT_FILE: _login_salt(pems["key"]),
                }
            )
        )
        return command.local.Command(
            "nginx-load",
            create="sh components/scripts/load-nginx.sh",
            stdin=files,
            environment={
                **args.engine.declared,
                "CONTAINER": physical(NGINX),
                **({"ACME_FOLDER": args.configuration.acme_folder} if args.configuration.acme_folder else {}),
            },
            triggers=[self.container.id, args.backend],
            logging=command.local.Logging.STDERR,
            opts=self._within,
        )


def _login_salt(private_key_pem: str) -> str:
    """nginx's variable with a secret of 256 bits, from one that is encrypted in the state and beside it on the volume.

    Whoever has the private key reads the logins themselves. A new key makes nginx forget which logins it knew.
    """
    secret = hmac.digest(private_key_pem.encode(), b"repository-store: logins in nginx", "sha256").hex()
    return f'map "" $login_salt {{\n    default {secret};\n}}\n'


def _health_check() -> docker.ContainerHealthcheckArgs:
    """Asks nginx itself: a Nexus that is down does not make nginx unhealthy, and checks use up none of its requests."""
    return docker.ContainerHealthcheckArgs(
        tests=["CMD", "curl", "--silent", "--fail", "--unix-socket", HEALTH_SOCKET, "http://localhost/"],
        interval="10s",
        timeout="5s",
        retries=3,
        start_period="30s",
    )
