"""The encryption keys of a Nexus whose root is read-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_command as command
import pulumi_docker as docker
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.docker_host.claim import Claim
from components.naming import token
from stacks.encryption_key import EncryptionKey, key_file
from stacks.layout import KEY_FOLDER


@dataclass(frozen=True)
class KeyVolumeArgs:
    """The keys, and the file within the container that has them."""

    keys: Sequence[EncryptionKey]
    file: str
    image_id: Input[str]
    """An image with a shell, which writes the file."""
    claim: Claim
    environment: Mapping[str, str]


class KeyVolume(ComponentResource):
    """A volume with the file of keys. A container of its own writes it, before there is one of Nexus.

    Other keys are another file, so Nexus's container is replaced, and the previous one can come back to its own file.
    """

    def __init__(self, name: str, args: KeyVolumeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(token("KeyVolume"), name, None, opts)
        volume = docker.Volume(
            name,
            name=args.claim.name(name),
            labels=args.claim.volume_labels,
            opts=ResourceOptions(parent=self, ignore_changes=["labels"]),
        )
        command.local.Command(
            "nexus-key-file",
            create="sh components/scripts/write-keys.sh",
            stdin=Output.secret(key_file(args.keys)),
            environment={**args.environment, "VOLUME": volume.name, "FILE": args.file, "IMAGE": args.image_id},
            logging=command.local.Logging.STDERR,
            opts=ResourceOptions(parent=self, deleted_with=volume),
        )
        self.mounts = [docker.ContainerVolumeArgs(volume_name=volume.name, container_path=KEY_FOLDER, read_only=True)]
        self.register_outputs({"volume_name": volume.name})
