"""The plugins of lab/toolchain, against what was looked up in the sources of the published ones.

Looked up: pulumi-command v1.2.1, provider/pkg/provider/util/util.go (LogOutput); terraform-provider-docker v4.5.0,
internal/provider/provider.go and resource_docker_container.go, and its go.mod (docker v28.5.2, API 1.51). None of
them is a Go module that a build here could take, so their facts are written down here; what the defaults do is
in tests/integration/provider/test_docker_plugins.py.
"""

import re
from pathlib import Path

from lab.toolchain.parts import DOCKER_API, FOLDER
from stacks.layout import PLUGIN_DEFAULTS
from tests.integration.provider.test_docker_plugins import PUBLISHED_DEFAULTS


def _source(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")


def test_the_command_plugin_logs_at_the_published_ones_level() -> None:
    """InfoStatus: messages that Pulumi shows only while the command runs."""
    calls = re.findall(r"logger\.(\w+)\(", _source("resource-command/process/stream.go"))
    assert calls == ["InfoStatus"]


def test_the_docker_plugin_reads_the_same_variables_for_its_endpoint() -> None:
    """DOCKER_HOST for `host`, as the provider of 2022 does too, and DOCKER_CONTEXT for `context`, which comes first."""
    assert 'schema.EnvDefaultFunc("DOCKER_CONTEXT", "")' in _source("resource-docker/shim/context.go")


def test_what_is_said_of_the_plugins_api_is_what_it_speaks() -> None:
    (newest,) = re.findall(r'^const newestAPI = "(.+)"$', _source("resource-docker/shim/shim.go"), re.MULTILINE)
    assert newest == ".".join(map(str, DOCKER_API))
    assert (1, 44) <= DOCKER_API <= (1, 51)  # what Docker Engine 29.0 demands, and what the published plugin speaks


def test_the_defaults_that_replace_a_container_are_ignored() -> None:
    assert {path: PUBLISHED_DEFAULTS[path] for path in PLUGIN_DEFAULTS} == PUBLISHED_DEFAULTS


def test_the_table_of_differences_names_them() -> None:
    table = Path(FOLDER / "README.md").read_text(encoding="utf-8")
    for path, value in PUBLISHED_DEFAULTS.items():
        assert f"| `{path}` | " in table
        assert f"`{value}`" in table
