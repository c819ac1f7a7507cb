from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_command as command
import pulumi_docker as docker
from pulumi import ComponentResource, Output, ResourceOptions

from components.bundle import bundle
from components.certificates.lego_environment import lego_environment
from components.certificates.serving import Serving
from components.docker_host.container_defaults import kept_as_made, read_only_defaults
from components.docker_host.docker_engine import DockerEngine
from components.naming import physical, token
from preflight.engine_answer import engine_answer
from stacks.acme_settings import Acme
from stacks.layout import ACME, ACME_DATA_FOLDER, ACME_MEMORY_MIB, NGINX_UID, STORE_FOLDER

_PROGRAM = Path(__file__).parents[1] / "scripts" / "acme" / "renew.sh"
# With nginx's group, which can read the certificate and its key but not write them.
_USER = f"0:{NGINX_UID}"


@dataclass(frozen=True)
class AcmeClientArgs:
    """What to ask the directory for, and the nginx that serves the challenge and then the certificate."""

    settings: Acme
    hostname: str
    serving: Serving


class AcmeClient(ComponentResource):
    """A container with lego that fetches the certificate and renews it, without a reload of nginx or a run of Pulumi.

    It writes to the volume with nginx's configuration, and nginx reads the files at a handshake. The account, the
    certificates and the settings are on a volume of its own.
    """

    def __init__(self, name: str, args: AcmeClientArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("AcmeClient"), name, None, opts)
        self._args = args
        self._within = ResourceOptions(parent=self)
        self.container = self._container()
        self.issued = self._issued()
        """Done when nginx serves a certificate from the directory."""
        _warn_of_a_failure(args.serving.engine)
        self.register_outputs({"container_name": self.container.name})

    def _container(self) -> docker.Container:
        serving = self._args.serving
        image = docker.RemoteImage("acme-image", name=self._args.settings.image, keep_locally=True, opts=self._within)
        # Ignores the name, as the data volume does: a renamed stack keeps its ACME account.
        keeping = ResourceOptions(
            parent=self,
            retain_on_delete=ACME in serving.retained,
            ignore_changes=["name", "labels", "driver", "driverOpts"],
        )
        account = docker.Volume(ACME, name=serving.claim.name(ACME), labels=serving.claim.volume_labels, opts=keeping)
        folders = {ACME_DATA_FOLDER: account.name, STORE_FOLDER: serving.nginx_volume}
        program = f"{ACME_DATA_FOLDER}/settings/renew.sh"
        return docker.Container(
            "acme-container",
            name=serving.claim.name(ACME),
            labels=serving.claim.container_labels,
            image=image.image_id,
            user=_USER,
            entrypoints=["sh", "-c"],
            command=[f"until [ -s {program} ]; do sleep 0.2; done; exec sh {program}"],
            volumes=[
                docker.ContainerVolumeArgs(volume_name=volume, container_path=folder)
                for folder, volume in folders.items()
            ],
            networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=serving.network_name)],
            healthcheck=_health_check(),
            opts=kept_as_made(self._within),
            **read_only_defaults(ACME_MEMORY_MIB),
        )

    def _issued(self) -> command.local.Command:
        args = self._args
        variables = lego_environment(args.settings, args.hostname)
        files = {
            "renew.sh": _PROGRAM.read_text(encoding="utf-8"),
            "roots.pem": args.settings.ca_bundle or "",
            **{f"{name}.env": value for name, value in variables.items()},
        }
        return command.local.Command(
            "acme-load",
            create="sh components/scripts/load-acme.sh",
            stdin=Output.secret(bundle(files)),
            environment={
                **args.serving.engine.declared,
                "CONTAINER": physical(ACME),
                "TIMEOUT_SECONDS": str(args.settings.issue_timeout_seconds),
            },
            triggers=[self.container.id],
            logging=command.local.Logging.STDERR,
            opts=ResourceOptions(parent=self, depends_on=[args.serving.nginx_loaded]),
        )


def _health_check() -> docker.ContainerHealthcheckArgs:
    """Unhealthy as long as the last renewal has failed, so that monitoring of the engine shows it."""
    return docker.ContainerHealthcheckArgs(
        tests=["CMD", "test", "!", "-e", f"{ACME_DATA_FOLDER}/failure"], interval="30s", timeout="5s", retries=1
    )


def _warn_of_a_failure(engine: DockerEngine) -> None:
    """Reports a failure of the last renewal, since that happened without Pulumi."""
    answer = engine_answer(engine.environment, "exec", physical(ACME), "cat", f"{ACME_DATA_FOLDER}/failure")
    if answer and answer.strip():
        when, _, words = answer.strip().partition("\n")
        pulumi.log.warn(f"the certificate was not renewed at {when}, and nginx still serves the previous one: {words}")
