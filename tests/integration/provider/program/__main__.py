"""RepositoryTopology without containers, on a server that the tests run."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pulumi
from pulumi import Output, ResourceOptions

sys.path.insert(0, os.environ["PROJECT"])

from components.docker_host.docker_engine import DockerEngine
from components.licence_agreement import eula_accepted
from components.nexus_disk import NexusDisk
from components.repository_topology import RepositoryTopology, RepositoryTopologyArgs
from nexus.server import Server, ServerArgs
from stacks.rules.refusal import Refusal
from stacks.settings import ADMIN, Settings

wanted = json.loads(Path(os.environ["TOPOLOGY"]).read_text())
try:
    if os.environ.get("OF_STACK_FILE"):
        settings = Settings.load(Path(__file__).parent)
    else:
        settings = Settings.of(wanted, Path(os.environ["PROJECT"]) / "stacks")
except Refusal as refusal:
    pulumi.log.error(str(refusal))
    raise SystemExit(32) from None  # like the end of Settings.load
server = Server(
    "nexus",
    ServerArgs(
        url=os.environ["NEXUS_URL"],
        address=os.environ["NEXUS_ADDRESS"] or None,
        password=settings.passwords[ADMIN].get_secret_value(),
        initial_password=os.environ["NEXUS_FIRST_PASSWORD"],
        ca_pem=Output.from_input(Path(os.environ["NEXUS_CA"]).read_text()),
        allow_data_loss=settings.allow_data_loss,
    ),
)
repositories = RepositoryTopology(
    "repositories",
    RepositoryTopologyArgs(
        settings=settings,
        server=server,
        disk=None  # as for an external Nexus
        if "EXTERNAL" in os.environ
        else NexusDisk(
            engine=cast(DockerEngine, SimpleNamespace(declared={})),
            # Without a data volume: objects that leave the topology are removed from the server.
            volume=pulumi.ComponentResource("provider-test:test:Data", "data", None, ResourceOptions()),
            instance=Output.from_input(os.environ.get("INSTANCE", "1")),
        ),
    ),
)
if "EULA" in os.environ:  # it asks the server, which tests that count requests do not expect
    ca_pem = Output.from_input(Path(os.environ["NEXUS_CA"]).read_text())
    pulumi.export("eula_accepted", eula_accepted(settings, ca_pem, repositories.reached))
