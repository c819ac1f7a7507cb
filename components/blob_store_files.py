from dataclasses import dataclass

import pulumi_command as command
from pulumi import ResourceOptions

from components.docker_host.docker_engine import DockerEngine
from components.naming import physical
from components.nexus_server import ROLE
from stacks.layout import DATA_FOLDER
from stacks.topology.blob_store import BlobStore


@dataclass(frozen=True)
class BlobStoreFilesArgs:
    """A file blob store, and the engine that runs its Nexus."""

    name: str
    blob_store: BlobStore
    engine: DockerEngine


class BlobStoreFiles(command.local.Command):
    """The files of a blob store, which Nexus leaves behind when it is deleted; `onDelete: purge` removes them.

    Every file blob store has one, and its delete command reads ON_DELETE from the state: taking `purge` out of the
    stack file updates this resource instead of deleting it together with the files.
    """

    def __init__(self, name: str, args: BlobStoreFilesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(
            name,
            create="true",
            delete="sh components/scripts/leave-blob-store.sh",
            environment={
                **args.engine.declared,
                "CONTAINER": physical(ROLE),
                "NAME": args.name,
                "FOLDER": f"{DATA_FOLDER}/blobs/{args.blob_store.path or args.name}",
                "ON_DELETE": args.blob_store.on_delete.value,
            },
            logging=command.local.Logging.STDERR,
            opts=opts,
        )
