import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from nexus.problem import Problem
from stacks import images
from stacks.docker_routes import DockerRoutes
from stacks.encryption_key import EncryptionKey, key_file
from stacks.endpoint import Endpoint
from stacks.layout import KEY_FILE, KEY_FOLDER, READY_SECONDS, STOP_SECONDS
from stacks.names import Bytes, Image, Seconds, Whole, mebibytes
from stacks.nexus_database import NexusDatabase
from stacks.nexus_mode import NexusKind, NexusMode
from stacks.nginx_settings import NginxSettings
from stacks.registries import Registries
from stacks.rules import managed_rules
from stacks.sysctls import Sysctls
from stacks.tls_mode import TlsMode
from stacks.topology.topology import Topology

# What the JVM needs besides heap and direct buffers: metaspace, code cache, threads and the collector's own tables.
_OVERHEAD_MIB = 512
# The most that Linux accepts for fs.nr_open.
_MOST_FILES = 1 << 30


class ManagedNexus(NexusMode):
    """A Nexus that the stack runs in a container. Sizes are written like the JVM's: `2703m`, `4g`."""

    image: Image = images.NEXUS
    heap: Bytes = "2703m"
    direct_memory: Bytes = "512m"
    """The JVM's limit for buffers outside its heap; without it the limit would be the heap's size."""
    memory: Annotated[Bytes, Field(validate_default=True)] = "4g"
    database: NexusDatabase | None = None
    """None means Nexus's embedded database, on the data volume."""
    encryption_keys: tuple[EncryptionKey, ...] = ()
    """Nexus encrypts stored passwords with the last key and decrypts with all; without keys it uses its own default."""
    open_files: Annotated[Whole, Field(ge=1024, le=_MOST_FILES)] | None = None
    """The container's limit of open files; None means 65536, or the host's hard limit if that is lower."""
    sysctls: Sysctls = Field(default_factory=dict)
    """The container's own kernel parameters; others keep the kernel's defaults for a new network namespace."""
    read_only_root: bool = False
    """Whether the container can write to its volumes and a small /tmp only."""
    health_check: bool = False
    """Whether the engine asks Nexus for its status, and shows whether it is healthy."""
    ready_timeout_seconds: Seconds = READY_SECONDS
    stop_timeout_seconds: Seconds = STOP_SECONDS

    @property
    def key_file(self) -> str:
        """Where the container has its encryption keys; on a volume, the name of the file tells its content."""
        if not self.has_key_volume:
            return KEY_FILE
        digest = hashlib.sha256(key_file(self.encryption_keys).encode()).hexdigest()
        return f"{KEY_FOLDER}/{digest[:8]}.json"

    @property
    def has_key_volume(self) -> bool:
        return self.read_only_root and bool(self.encryption_keys)

    @property
    def version(self) -> str:
        """The version of Nexus in the image's tag; empty for a digest alone, latest, or a tag of your own."""
        found = re.search(r":([23](?:\.\d+)+)", self.image)
        return found.group(1) if found else ""

    @property
    def agrees(self) -> bool:
        """The agreement of the stand-in binds nobody; Sonatype's is accepted only by a person."""
        return self.accept_eula or (self.kind is NexusKind.STAND_IN and self.image.startswith(images.STAND_IN))

    @property
    def is_managed(self) -> bool:
        return True

    @property
    def database_address(self) -> str | None:
        return self.database.address if self.database else None

    @property
    def newest_encryption_key(self) -> str | None:
        return self.encryption_keys[-1].id if self.encryption_keys else None

    def problems(self, topology: Topology) -> list[Problem]:
        return list(managed_rules.problems(topology))

    def endpoint(self, hostname: str, nginx: NginxSettings) -> Endpoint:
        return Endpoint(hostname, nginx.https_port)

    def routes(self, topology: Topology, nginx: NginxSettings) -> DockerRoutes | None:
        return DockerRoutes.of(topology, nginx)

    def registries(self, routes: DockerRoutes | None, endpoint: Endpoint) -> Registries:
        return Registries.routed(routes, endpoint) if routes else Registries("", "", ())

    def images(self, nginx: NginxSettings, tls: TlsMode) -> Mapping[str, str]:
        return {"nexus.image": self.image, "nginx.image": nginx.image, **tls.images}

    @field_validator("encryption_keys")
    @classmethod
    def _ids_differ(cls, keys: tuple[EncryptionKey, ...]) -> tuple[EncryptionKey, ...]:
        if len({each.id for each in keys}) < len(keys):
            raise ValueError("unique ids")
        return keys

    @field_validator("memory")
    @classmethod
    def _heap_fits(cls, memory: str, info: ValidationInfo) -> str:
        heap, direct = info.data.get("heap"), info.data.get("direct_memory")
        if heap and direct and mebibytes(heap) + mebibytes(direct) + _OVERHEAD_MIB > mebibytes(memory):
            least = mebibytes(heap) + mebibytes(direct) + _OVERHEAD_MIB
            raise ValueError(
                f"at least {least}m: heap {heap} + directMemory {direct} + {_OVERHEAD_MIB}m for the JVM itself"
            )
        return memory
