from dataclasses import dataclass

import pulumi_command as command
import pulumi_docker as docker
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.bundle import bundle
from components.docker_engine import DockerEngine
from components.naming import physical, token
from stacks.nginx_settings import NginxSettings

_FOLDER = "/etc/nginx/store"
# nginx's own user in its official image, which need not be root for ports above 1023.
_USER = "101:101"
_HTTPS, _HTTP = 8443, 8080
_MEMORY_MIB = 256


@dataclass(frozen=True)
class NginxProxyArgs:
    """nginx, what it serves with, and the network on which it finds Nexus."""

    settings: NginxSettings
    engine: DockerEngine
    network_name: Input[str]
    configuration: str
    certificate_pem: Input[str]
    private_key_pem: Input[str]


class NginxProxy(ComponentResource):
    """The only public container. A changed configuration or certificate is loaded without a dropped connection.

    The files live on a volume: the container waits for the first ones, and a recreated one goes on with the last.
    """

    def __init__(self, name: str, args: NginxProxyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("NginxProxy"), name, None, opts)
        self._args = args
        self._within = ResourceOptions(parent=self)
        self._volume = docker.Volume("nginx-configuration", name=physical("nginx-configuration"), opts=self._within)
        self.container = self._container()
        self.loaded = self._load()
        """Done when nginx serves the stack's configuration."""
        self.register_outputs({"container_name": self.container.name})

    def _container(self) -> docker.Container:
        settings = self._args.settings
        image = docker.RemoteImage("nginx-image", name=settings.image, keep_locally=True, opts=self._within)
        return docker.Container(
            "nginx",
            name=physical("nginx"),
            image=image.image_id,
            user=_USER,
            entrypoints=["sh", "-c"],
            command=[
                f"until [ -s {_FOLDER}/current/nginx.conf ]; do sleep 0.1; done; "
                f"exec nginx -c {_FOLDER}/current/nginx.conf -g 'daemon off;'"
            ],
            ports=[_port(settings, _HTTPS, settings.https_port), _port(settings, _HTTP, settings.http_port)],
            volumes=[docker.ContainerVolumeArgs(volume_name=self._volume.name, container_path=_FOLDER)],
            networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=self._args.network_name, aliases=["nginx"])],
            read_only=True,
            tmpfs={"/tmp": "mode=1777"},  # noqa: S108 - in the container, where nginx keeps its pid
            capabilities=docker.ContainerCapabilitiesArgs(drops=["ALL"]),
            security_opts=["no-new-privileges:true"],
            memory=_MEMORY_MIB,
            memory_swap=_MEMORY_MIB,
            restart="unless-stopped",
            log_driver="json-file",
            log_opts={"max-size": "10m", "max-file": "3"},
            opts=self._within,
        )

    def _load(self) -> command.local.Command:
        args = self._args
        files: Output[str] = Output.all(certificate=args.certificate_pem, key=args.private_key_pem).apply(
            lambda pems: bundle(
                {"nginx.conf": args.configuration, "tls.crt": pems["certificate"], "tls.key": pems["key"]}
            )
        )
        return command.local.Command(
            "nginx-load",
            create="sh components/scripts/load-nginx.sh",
            stdin=files,
            environment={**args.engine.environment, "CONTAINER": physical("nginx")},
            triggers=[self.container.id],
            logging=command.local.Logging.STDERR,
            opts=self._within,
        )


def _port(settings: NginxSettings, internal: int, external: int) -> docker.ContainerPortArgs:
    return docker.ContainerPortArgs(internal=internal, external=external, ip=str(settings.bind_address))
