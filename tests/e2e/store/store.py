"""A store as its users see it: through the README's commands and real clients, without the program's internals."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import requests

from tests.support.own_networks import OwnNetwork
from tests.support.real_clients.place import Place

ROOT = Path(__file__).parents[3]
# An image of Sonatype's to run the tier on instead of the default one.
IMAGE = os.environ.get("NEXUS_IMAGE", "")
OF_IMAGE = (f"nexus.image={IMAGE}", "nexus.acceptEula=true") if IMAGE else ()


class Failed(Exception):
    """A command failed that should have succeeded; with all its output."""


def run(command: Sequence[str], *, cwd: str | Path = ROOT, text: str | None = None, **environment: str) -> str:
    """Runs a command and returns its output on both channels.

    Raises:
        Failed: it did not exit with 0.
    """
    code, output = outcome(command, cwd=cwd, text=text, **environment)
    if code:
        raise Failed(f"{' '.join(command)} exited with {code}:\n{output}")
    return output


def outcome(
    command: Sequence[str], *, cwd: str | Path = ROOT, text: str | None = None, **environment: str
) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=cwd,
        input=text,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def address_of(container: str) -> str:
    """The address of a container on its one network."""
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return run(["docker", "inspect", "--format", template, container]).strip()


@dataclass(frozen=True)
class Store:
    """A stack for tests."""

    stack: str
    hostname: str
    address: str
    root: Path = ROOT
    """The clone of the project that deploys it."""

    @classmethod
    def on(cls, network: OwnNetwork, root: Path = ROOT) -> Self:
        """A store at the network's address, named after the network."""
        return cls(network.name, f"nexus.{network.name}.test", network.address, root)

    @contextmanager
    def running(self, *settings: str, declare: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Deploys the store and takes it down by the README's commands, then removes the stack.

        `declare` may change the stack file before the first `up`.
        """
        own = (f"hostname={self.hostname}", f"address={self.address}", f"nginx.bindAddress={self.address}")
        run(["make", "new-stack", f"NAME={self.stack}", f"SET={' '.join((*own, *OF_IMAGE, *settings))}"], cwd=self.root)
        try:
            declare()
            self.make("up")
            wait_until_go_reads_hosts()
            yield
        finally:
            self.make("down", YES="1")  # the store has content by now
            self.forget()

    def forget(self) -> None:
        """Removes a stack of this machine, as a user does."""
        run(["./store", "pulumi", "stack", "rm", "--yes", "--force", self.stack], cwd=self.root)
        (self.root / ".local" / f"{self.stack}-ca.crt").unlink(missing_ok=True)
        self.file.with_name(f"Pulumi.{self.stack}.topology.yaml").unlink(missing_ok=True)

    def make(self, target: str, **variables: str) -> str:
        pairs = [f"{key}={value}" for key, value in variables.items()]
        return run(["make", target, f"STACK={self.stack}", *pairs], cwd=self.root)

    def pulumi(self, *arguments: str, text: str | None = None) -> tuple[int, str]:
        command = ["./store", "pulumi", *arguments, "--stack", self.stack]
        return outcome(command, cwd=self.root, text=text)

    def preview(self, *arguments: str) -> tuple[int, str]:
        return self.pulumi("preview", "--suppress-progress", "--color", "never", *arguments)

    def configure(self, path: str, value: str) -> None:
        self._done("config", "set", "--path", path, value)

    def configure_secret(self, path: str, value: str) -> None:
        self._done("config", "set", "--secret", "--path", path, text=value)

    def unset(self, path: str) -> None:
        self._done("config", "rm", "--path", path)

    def secret(self, path: str) -> str:
        return _secret(self, path, self.file.read_bytes())

    def _done(self, *arguments: str, text: str | None = None) -> str:
        code, output = self.pulumi(*arguments, text=text)
        if code:
            raise Failed(output)
        return output

    @property
    def file(self) -> Path:
        return self.root / "stacks" / f"Pulumi.{self.stack}.yaml"

    @cached_property
    def outputs(self) -> dict[str, Any]:
        return self.read_outputs(SECRETS="1")

    def read_outputs(self, **variables: str) -> dict[str, Any]:
        """The outputs, as `make outputs` prints them on standard output for other programs."""
        pairs = [f"{key}={value}" for key, value in variables.items()]
        done = subprocess.run(
            ["make", "outputs", f"STACK={self.stack}", *pairs],
            cwd=self.root,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    @cached_property
    def ca(self) -> Path:
        """A file with the CA of the outputs, for clients."""
        path = self.root / ".local" / f"{self.stack}-ca.crt"
        path.write_text(self.outputs["ca_certificate_pem"])
        return path

    @property
    def jenkins(self) -> tuple[str, str]:
        return self.outputs["jenkins_credentials"]["username"], self.outputs["jenkins_password"]

    @property
    def ci_pull(self) -> tuple[str, str]:
        return self.outputs["ci_pull_credentials"]["username"], self.outputs["ci_pull_password"]

    @property
    def ci_push(self) -> tuple[str, str]:
        return self.outputs["ci_push_credentials"]["username"], self.outputs["ci_push_password"]

    @property
    def fetching(self) -> dict[str, str]:
        """The environment of a build that fetches, as docs/jenkins.md describes it."""
        user, password = self.ci_pull
        return {"NEXUS_USER": user, "NEXUS_PASSWORD": password}

    @property
    def publishing(self) -> dict[str, str]:
        """The environment of a build that also publishes."""
        user, password = self.ci_push
        return {**self.fetching, "NEXUS_PUSH_USER": user, "NEXUS_PUSH_PASSWORD": password}

    @property
    def admin(self) -> tuple[str, str]:
        return "admin", self.secret("passwords.admin")

    def api(self, method: str, path: str, *, auth: tuple[str, str] | None = None, **kwargs: Any) -> requests.Response:
        url = f"{self.outputs['url']}/service/rest{path}"
        return requests.request(method, url, auth=auth or self.admin, verify=str(self.ca), timeout=60, **kwargs)

    def content(self, method: str, path: str, *, auth: tuple[str, str], data: bytes | None = None) -> requests.Response:
        """Requests the content of a repository, as clients do; a path is like `maven-public/org/domain/...`."""
        url = f"{self.outputs['url']}/repository/{path}"
        return requests.request(method, url, auth=auth, data=data, verify=str(self.ca), timeout=60)

    def place(self, repository: str, login: tuple[str, str] | None = None) -> Place:
        """The address of a repository for a build, with a login (by default jenkins) and the store's CA."""
        user, password = login or self.jenkins
        return Place(self.outputs["repositories"][repository]["url"], user, password, self.ca)

    def cached(self, proxy: str, ending: str) -> list[str]:
        """The cached files of a proxy whose paths have this ending."""
        listed = self.api("GET", f"/v1/assets?repository={proxy}").json()["items"]
        return [item["path"] for item in listed if item["path"].endswith(ending)]

    def container(self, role: str) -> str:
        return f"repository-store-{self.stack}-{role}"

    def logs(self, role: str) -> str:
        return run(["docker", "logs", self.container(role)])

    def started(self, role: str) -> str:
        return run(["docker", "inspect", "--format", "{{.Id}} {{.State.StartedAt}}", self.container(role)]).strip()

    def files(self, blob_store: str) -> list[str]:
        """The files of a blob store on the data volume."""
        command = [
            "docker",
            "exec",
            self.container("nexus"),
            "sh",
            "-c",
            f"find /nexus-data/blobs/{blob_store} -type f 2>/dev/null || true",
        ]
        return run(command).split()


def wait_until_go_reads_hosts() -> None:
    """dockerd, like every Go program, reads /etc/hosts at most every five seconds (net/hosts.go).

    A `docker login` right after the first `up` would otherwise fail if dockerd had looked up a name shortly before.
    """
    time.sleep(max(0.0, Path("/etc/hosts").stat().st_mtime + 5 - time.time()))


@cache
def _secret(store: Store, path: str, stack_file: bytes) -> str:
    """Pulumi decrypts it once for each content of the stack file: every request of `Store.api` needs one."""
    return store._done("config", "get", "--path", path).strip()
