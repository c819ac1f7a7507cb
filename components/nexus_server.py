import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_command as command
import pulumi_docker as docker
import pulumi_tls as tls
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.docker_host.claim import Claim
from components.docker_host.container_defaults import READ_ONLY_ROOT, container_defaults, kept_as_made
from components.docker_host.docker_engine import DockerEngine
from components.docker_host.host_ports import TakenPort
from components.docker_host.open_files import open_files
from components.docker_host.trial_start import image_after_trial
from components.key_volume import KeyVolume, KeyVolumeArgs
from components.naming import physical, token
from components.nexus_database import DatabaseFile, DatabaseFileArgs
from preflight.state_id import KEY_NAME, state_id
from preflight.trial import Trial
from stacks.docker_settings import DockerSettings
from stacks.encryption_key import key_file
from stacks.layout import (
    DATA_FOLDER,
    KEY_FILE,
    KEY_FILE_VARIABLE,
    NEXUS,
    NEXUS_DATA,
    NEXUS_KEYS,
    NEXUS_UID,
    STATUS_URL,
)
from stacks.managed_nexus import ManagedNexus
from stacks.names import mebibytes

ROLE = NEXUS
"""The container's role, and the name under which nginx finds it."""
_UID = str(NEXUS_UID)


@dataclass(frozen=True)
class NexusServerArgs:
    """The server, and which volumes of an earlier state the stack takes over."""

    settings: ManagedNexus
    docker: DockerSettings
    engine: DockerEngine
    retained: frozenset[str] = frozenset()
    taken_ports: Sequence[TakenPort] = ()


class NexusServer(ComponentResource):
    """Nexus on a data volume, without published ports. It is ready once it can be written to."""

    def __init__(self, name: str, args: NexusServerArgs, opts: ResourceOptions | None = None) -> None:
        # For preview reports: the whole environment of the container is secret, since it holds the initial password.
        memory = {"heap": args.settings.heap, "directMemory": args.settings.direct_memory}
        super().__init__(token("NexusServer"), name, memory, opts)
        self._args = args
        self._within = ResourceOptions(parent=self)
        key = tls.PrivateKey(KEY_NAME, algorithm="ED25519", opts=self._within)
        self.initial_password: Output[str] = Output.secret(key.private_key_pem.apply(_digest))
        """The password of a new server. The stack changes it at once, so the environment holds no valid password."""
        id_ = key.public_key_fingerprint_sha256.apply(state_id)
        self.claim = Claim(args.engine.environment, id_, args.retained, args.taken_ports)
        self.data = self._data()

    def run(self, network_name: Input[str]) -> None:
        """Runs the container on the network, where nginx finds it under the alias `nexus`."""
        self.container = self._container(network_name)
        self.ready = self._ready([self.container.id, *self._database()])
        self.instance = self._instance()
        """Identifies the data volume and the database: another value means a new, empty server."""
        self.register_outputs({"container_name": self.container.name})

    def _data(self) -> docker.Volume:
        """The data volume, which no update deletes or replaces, whatever the stack file says.

        It is protected in every stack: only `make down` lifts that, and asks first if the volume holds content. The
        ignored properties would otherwise replace it with an empty one: a volume that somebody created beforehand may
        have its own labels or driver, and `pulumi stack rename` changes the name.
        """
        return docker.Volume(
            NEXUS_DATA,
            name=self.claim.name(NEXUS_DATA),
            labels=self.claim.volume_labels,
            opts=ResourceOptions(
                parent=self,
                retain_on_delete=NEXUS_DATA in self._args.retained,
                protect=True,
                ignore_changes=["name", "labels", "driver", "driverOpts"],
            ),
        )

    def _container(self, network_name: Input[str]) -> docker.Container:
        settings = self._args.settings
        limit = open_files(settings.open_files, self._args.docker)
        image = docker.RemoteImage("nexus-image", name=settings.image, keep_locally=True, opts=self._within)
        key_volume = [self._key_volume(image)] if settings.has_key_volume else []
        return docker.Container(
            ROLE,
            name=self.claim.name(ROLE),
            labels=self.claim.container_labels,
            image=image_after_trial(self._args.engine.environment, image.image_id, self._trial(limit)),
            user=_UID,
            envs=[
                f"INSTALL4J_ADD_VM_PARAMS={_jvm(settings)}",
                Output.concat("NEXUS_SECURITY_INITIAL_PASSWORD=", self.initial_password),
                *_key_variable(settings),
            ],
            uploads=_key_file(settings),
            sysctls=settings.sysctls or None,
            ulimits=[docker.ContainerUlimitArgs(name="nofile", soft=limit, hard=limit)],
            volumes=[
                docker.ContainerVolumeArgs(volume_name=self.data.name, container_path=DATA_FOLDER),
                *(volume for keys in key_volume for volume in keys.mounts),
            ],
            networks_advanced=[docker.ContainerNetworksAdvancedArgs(name=network_name, aliases=[ROLE])],
            healthcheck=_health_check(settings),
            stop_timeout=settings.stop_timeout_seconds,
            destroy_grace_seconds=settings.stop_timeout_seconds,
            opts=kept_as_made(ResourceOptions.merge(self._within, ResourceOptions(depends_on=key_volume))),
            **container_defaults(mebibytes(settings.memory)),
            **(READ_ONLY_ROOT if settings.read_only_root else {}),
        )

    def _key_volume(self, image: docker.RemoteImage) -> KeyVolume:
        args = KeyVolumeArgs(
            keys=self._args.settings.encryption_keys,
            file=self._args.settings.key_file,
            image_id=image.image_id,
            claim=self.claim,
            environment=self._args.engine.declared,
        )
        return KeyVolume(NEXUS_KEYS, args, self._within)

    def _trial(self, open_files: int) -> Trial:
        settings = self._args.settings
        return Trial(
            role=ROLE,
            name=physical(ROLE),
            user=_UID,
            memory_mib=mebibytes(settings.memory),
            open_files=open_files,
            sysctls=settings.sysctls,
            read_only=settings.read_only_root,
        )

    def _database(self) -> list[Output[str]]:
        """An output that changes whenever the database file is written."""
        if not self._args.settings.database:
            return []
        args = DatabaseFileArgs(self._args.settings.database, ROLE, self.container.id, self._args.engine.declared)
        return [DatabaseFile("nexus-database", args, ResourceOptions(parent=self, deleted_with=self.data)).stdout]

    def _instance(self) -> Output[str]:
        database = self._args.settings.database
        return Output.concat(self.ready.stdout, " ", database.address) if database else self.ready.stdout

    def _ready(self, triggers: list[Output[str]]) -> command.local.Command:
        return command.local.Command(
            "nexus-ready",
            create="sh components/scripts/wait-until-writable.sh",
            environment={
                **self._args.engine.declared,
                "CONTAINER": physical(ROLE),
                "TIMEOUT_SECONDS": str(self._args.settings.ready_timeout_seconds),
            },
            triggers=triggers,
            logging=command.local.Logging.STDERR,
            opts=self._within,
        )


def _key_variable(settings: ManagedNexus) -> list[str]:
    return [f"{KEY_FILE_VARIABLE}={settings.key_file}"] if settings.encryption_keys else []


def _key_file(settings: ManagedNexus) -> list[docker.ContainerUploadArgs] | None:
    """Never on the data volume: a copy of that alone does not reveal the passwords in it."""
    if not settings.encryption_keys or settings.has_key_volume:
        return None
    content = Output.secret(key_file(settings.encryption_keys))
    return [docker.ContainerUploadArgs(file=KEY_FILE, content=content)]


def _health_check(settings: ManagedNexus) -> docker.ContainerHealthcheckArgs | None:
    """Asks whether Nexus serves; one that is frozen for a backup is healthy too. Only the engine shows the answer."""
    if not settings.health_check:
        return None
    return docker.ContainerHealthcheckArgs(
        tests=["CMD", "curl", "--silent", "--fail", "--output", "/dev/null", STATUS_URL],
        interval="30s",
        timeout="10s",
        retries=3,
        start_period=_go_duration(settings.ready_timeout_seconds),
    )


def _go_duration(seconds: int) -> str:
    """As Go prints it, `10m0s`: the provider reads it back so, and would update the container for `600s` each time."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"


def _digest(private_key_pem: str) -> str:
    return hashlib.sha256(private_key_pem.encode()).hexdigest()


def _jvm(settings: ManagedNexus) -> str:
    """Nexus's JVM options. They replace the image's, so the preferences folder on the data volume is set here too."""
    heap, direct = settings.heap, settings.direct_memory
    return f"-Xms{heap} -Xmx{heap} -XX:MaxDirectMemorySize={direct} -Djava.util.prefs.userRoot={DATA_FOLDER}/javaprefs"
