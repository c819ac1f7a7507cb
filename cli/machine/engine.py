"""Makes sure that a Docker engine can run the store; installs and starts one, but only on this machine."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.docker import Docker
from cli.errors import CommandError
from cli.machine import apt
from cli.machine.cache import cache_folder, locked
from cli.machine.progress import run_steps
from cli.machine.step import Step
from cli.process import is_running
from cli.versions import numbers
from lab.running import Job
from lab.toolchain.parts import DOCKER_API
from preflight.engine_answer import engine_answer, engine_complaint
from preflight.engine_endpoint import EngineEndpoint
from preflight.remote_engine import remote_engine_problem
from stacks.layout import ENGINE_SECONDS, ENGINE_START_SECONDS, ENGINE_STOP_SECONDS

STEP = "Docker engine"
OLDEST = (20, 10)
_ALLOWED = "Docker Engine 20.10 or newer"
_SOCKET = Path("/var/run/docker.sock")
_LOCAL = re.compile(r"unix://(/var)?/run/docker\.sock")
# The end of what an engine answers to a client that speaks older versions of its API than it accepts.
_TOO_OLD = re.compile(r"client version ([\d.]+) is too old\. Minimum supported API version is ([\d.]+\d)")
_PORTS = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
_PID_FILES = {
    "dockerd": Path("/var/run/docker.pid"),
    "containerd": Path("/var/run/docker/containerd/containerd.pid"),
}


def ensure_engine(host: str | None) -> None:
    """Installs and starts this machine's engine if none answers; another host's must be running already.

    Raises:
        CommandError: no engine that can run the store answers, and none can be started here.
    """
    run_steps(engine_steps(host))


def engine_steps(host: str | None) -> list[Step]:
    """The steps until an engine answers; what only the user can fix is refused at once.

    Raises:
        CommandError: as `ensure_engine`.
    """
    endpoint = Docker(host).endpoint
    if endpoint.host.startswith("ssh://"):
        _require_remote(endpoint)
        return []
    _refuse_podmans_docker()
    if answer := _server(host):
        _check(answer, endpoint)
        return []
    _refuse_old_command(endpoint)
    _require_local(endpoint)
    _require_root()
    lacking = apt.missing(apt.ENGINE)
    if lacking:
        apt.require_apt(lacking)
    return [Step(STEP, 25 if lacking else 5, _start, fix="solve what these lines say, then run the command again")]


def _require_remote(endpoint: EngineEndpoint) -> None:
    if found := remote_engine_problem(endpoint):
        raise CommandError(found.key, found.problem, got=found.got, allowed=found.allowed, fix=found.fix)


def _refuse_podmans_docker() -> None:
    version = Docker().within(ENGINE_SECONDS, "--version")
    if "podman" in version.lower():
        raise CommandError(
            "docker",
            "it is Podman's emulation",
            got=version,
            allowed=_ALLOWED,
            fix="sudo apt-get remove podman-docker && sudo apt-get install docker.io",
        )


def _server(host: str | None) -> Mapping[str, Any] | None:
    answer = Docker(host).within(ENGINE_SECONDS, "version", "--format", "{{json .Server}}")
    found = json.loads(answer) if answer.startswith("{") else None
    return found if isinstance(found, dict) else None


def _refuse_old_command(endpoint: EngineEndpoint) -> None:
    """Refuses an engine that answers, but not to a docker command of this age: Docker Engine 29 demands API 1.44."""
    refused = _TOO_OLD.search(engine_complaint(endpoint.environment, "version", "--format", "{{.Server.Version}}"))
    if refused:
        raise CommandError(
            "docker",
            f"the docker command on this machine is too old for the engine at {endpoint.host}",
            got=f"API {refused[1]}",
            allowed=f"API {refused[2]} or newer",
            fix="install the docker command of the engine's own release (in Docker's packages: docker-ce-cli)",
        )


def _check(server: Mapping[str, Any], endpoint: EngineEndpoint) -> None:
    components = [str(each.get("Name", "")) for each in server.get("Components") or []]
    if any("podman" in name.lower() for name in components):
        raise CommandError(
            "docker",
            "Podman answers instead of Docker",
            got=f"Podman {server.get('Version')}",
            allowed=_ALLOWED,
            fix=f"{_use_default(endpoint)}, and if there is no other engine: sudo apt-get install docker.io",
        )
    version = str(server.get("Version", ""))
    if numbers(version)[:2] < OLDEST:
        raise CommandError(
            "docker", "the engine is too old", got=version, allowed=_ALLOWED, fix="sudo apt-get install docker.io"
        )
    oldest = str(server.get("MinAPIVersion") or "0")
    if numbers(oldest)[:2] > DOCKER_API and not shutil.which("pulumi"):
        raise CommandError(
            "docker",
            f"the engine {version} demands a newer API than the docker plugin speaks that is built here",
            got=f"API {oldest} or newer",
            allowed=f"API {'.'.join(map(str, DOCKER_API))}",
            fix="install Pulumi (https://www.pulumi.com/docs/install), whose plugin is newer",
        )
    if "name=rootless" in (engine_answer(endpoint.environment, "info", "--format", "{{json .SecurityOptions}}") or ""):
        _check_rootless()


def _check_rootless() -> None:
    """A rootless engine may publish ports below 1024 only if the kernel allows them to all users."""
    first = int(_PORTS.read_text())
    if first > 80:
        raise CommandError(
            "docker",
            "a rootless engine cannot publish the ports 80 and 443",
            got=f"net.ipv4.ip_unprivileged_port_start={first}",
            allowed="80 or less, or the engine that root runs",
            fix="sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80, or docker context use default",
        )


def _use_default(endpoint: EngineEndpoint) -> str:
    if endpoint.source == "docker.host":
        return "remove docker.host from the stack file"
    return f"unset {endpoint.source}" if endpoint.source.startswith("DOCKER_") else "docker context use default"


def _require_local(endpoint: EngineEndpoint) -> None:
    if not _LOCAL.fullmatch(endpoint.host):
        missing = "" if shutil.which("docker") else ": there is no docker command to reach it with"
        raise CommandError(
            endpoint.source,
            f"no engine answers at {endpoint.host}{missing}",
            allowed=_ALLOWED,
            fix=f"start it there, or {_use_default(endpoint)} for this machine's",
        )


def _require_root() -> None:
    if os.geteuid() == 0:
        return
    join = f"sudo usermod -aG docker {_user()}, then log in again"
    if not shutil.which("docker"):
        podman = " (Podman is no Docker Engine)" if shutil.which("podman") else ""
        raise CommandError(
            "docker",
            f"there is no docker command on this machine{podman}",
            allowed=_ALLOWED,
            fix=f"{apt.install_command([each for each in apt.ENGINE if each.name != 'docker-cli'])} && {join}",
        )
    if _SOCKET.exists() and not _is_writable(_SOCKET):
        raise CommandError("docker", f"user {_user()} may not use {_SOCKET}", fix=join)
    start = "sudo systemctl enable --now docker" if _has_systemd() else "sudo service docker start"
    raise CommandError("docker", "no engine runs, and only root can start one", allowed=_ALLOWED, fix=start)


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _user() -> str:
    return os.environ.get("USER") or str(os.getuid())


def _has_systemd() -> bool:
    return Path("/run/systemd/system").is_dir()


def _start(job: Job) -> None:
    with locked("docker-engine"):
        if _server(None):
            return
        lacking = apt.missing(apt.ENGINE)
        if lacking:
            apt.install(job, lacking)
        if not _server(None):  # the package may have started it
            (_start_with_systemd if _has_systemd() else _start_detached)(job)


def _start_with_systemd(job: Job) -> None:
    job.succeeds(["systemctl", "enable", "--quiet", "--now", "docker"])
    if not _wait(lambda: job.succeeds(["systemctl", "--quiet", "is-active", "docker"])):
        job.succeeds(["journalctl", "--no-pager", "--unit", "docker", "--lines", "15"])
        raise OSError(f"dockerd does not answer at {_SOCKET}")


def _start_detached(job: Job) -> None:
    """Starts dockerd with only HOME and the proxy settings, so that it keeps no secret of this environment."""
    _remove_stale_pid_files()
    names = ("HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    log = cache_folder() / "dockerd.log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            ["dockerd"],
            env={**environment, **apt.environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if not _wait(lambda: daemon.poll() is None):
        job.note(log.read_text(errors="replace"))
        raise OSError(f"dockerd does not answer at {_SOCKET} (log: {log})")


def _wait(is_starting: Callable[[], bool]) -> bool:
    begun = time.monotonic()
    while not _server(None):
        if not is_starting() or time.monotonic() - begun > ENGINE_START_SECONDS:
            return False
        time.sleep(0.5)
    return True


def _remove_stale_pid_files() -> None:
    """Removes the pid files of killed daemons: a new one would take any process with that pid for a running daemon.

    A daemon that is stopping does not answer any more but has its pid file: this waits for it.
    """
    for program in ("dockerd", "containerd"):
        _remove_stale_pid_file(program, _PID_FILES[program])


def _remove_stale_pid_file(program: str, file: Path) -> None:
    deadline = time.monotonic() + ENGINE_STOP_SECONDS
    while file.is_file():
        pid = file.read_text().strip()
        if not (pid.isdecimal() and is_running(int(pid), program)):
            file.unlink(missing_ok=True)
        elif time.monotonic() > deadline:
            return
        else:
            time.sleep(0.2)
