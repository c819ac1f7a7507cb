"""The project as somebody runs it who types `pulumi` and knows neither make nor ./store."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.integration.provider.play import ROOT, Play
from tests.integration.provider.tls import HOSTNAME

_PROJECT = ("Pulumi.yaml", "__main__.py", "components", "nexus", "policy", "preflight", "stacks")


class Plain:
    """A copy of the project with a stack on an external Nexus, and the Pulumi on PATH with nothing around it."""

    def __init__(self, play: Play, folder: Path, stack: str = "team") -> None:
        self.play, self._folder, self._stack = play, folder, stack
        for name in _PROJECT:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        (folder / "state").mkdir()

    def declare(self, **sections: Any) -> None:
        """Writes the stack file; its passwords and its salt stay."""
        found = yaml.safe_load(self._file.read_text())
        url = f"https://{HOSTNAME}:{self.play.port}"
        sections = {
            "topology": "",
            "address": "127.0.0.1",
            "nexus": {"url": url, "caBundle": self._authority},
            **sections,
        }
        config = {f"repository-store:{key}": value for key, value in sections.items()}
        kept = {key: value for key, value in (found.get("config") or {}).items() if key.endswith(":passwords")}
        self._file.write_text(yaml.safe_dump({**found, "config": {**config, **kept}}))

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Runs `pulumi` on the stack; with output and errors together."""
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--stack", self._stack],
            cwd=self._folder, env=self._environment, input=given, text=True, timeout=600, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def exported(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("stack", "export", "--show-secrets").stdout)
        return found

    def restore(self, state: dict[str, Any]) -> None:
        done = self.run("stack", "import", given=json.dumps(state))
        assert done.returncode == 0, done.stdout

    @property
    def _file(self) -> Path:
        return self._folder / "stacks" / f"Pulumi.{self._stack}.yaml"

    @property
    def _authority(self) -> str:
        return (self.play.folder / "ca.pem").read_text()

    @property
    def _environment(self) -> dict[str, str]:
        """The language host that is built here ignores `virtualenv: .venv`, so .venv is first on PATH."""
        of_play = self.play.environment
        taken = ("PATH", "VIRTUAL_ENV", "PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK", "PULUMI_CONFIG_PASSPHRASE",
                 "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION")  # fmt: skip
        callers = {
            key: value for key, value in os.environ.items() if not key.startswith(("PULUMI", "REPOSITORY_STORE"))
        }
        backend = {"PULUMI_BACKEND_URL": f"file://{self._folder / 'state'}"}
        return {**callers, **{key: of_play[key] for key in taken}, **backend}
