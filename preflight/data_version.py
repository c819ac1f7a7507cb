"""What ran on the data volume before, and whether the image of the stack file can read its data.

Nexus writes its database in the format of its release. An older release cannot read it: it starts and never answers,
or, across the change of the database engine in 3.71, ignores the data and starts with an empty database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nexus.problem import Problem
from preflight.engine_answer import Unanswered, engine_answer, is_there, required_answer
from stacks.layout import DATA_FOLDER, STATUS_URL, VERSION_FILE
from stacks.upgrades.deployed import Embedded

# wait-until-writable.sh writes the file for each new container; until then the running server is asked.
_ASK = (
    f"cat {VERSION_FILE} 2>/dev/null || curl -s -D - -o /dev/null --max-time 5 "
    f"{STATUS_URL} | "
    r"sed -n 's|^[Ss]erver: Nexus/\([0-9.]*[0-9]\).*|\1|p'"
)
_READ = f"[ ! -e {VERSION_FILE} ] || cat {VERSION_FILE}"
# The folders by which Nexus itself recognises an OrientDB (MyBatisDataStore), and the header of H2's MVStore, which is
# text: format:1 is H2 1.4, which H2 2.x (2 and 3) refuses.
_DATABASE = (
    f"; cd {DATA_FOLDER}/db 2>/dev/null || exit 0; echo; "
    "if [ -f nexus.mv.db ]; then head -c 300 nexus.mv.db | sed -n 's/.*[,]format:\\([0-9]*\\).*/h2 \\1/p'; "
    "elif [ -d config ] || [ -d security ] || [ -d component ]; then echo orientdb; fi"
)
_SECONDS = 120


@dataclass(frozen=True)
class LastRun:
    """What is known of the Nexus that last ran on a data volume."""

    version: str
    """Like 3.95.2; empty if it is not known."""
    embedded: Embedded = Embedded.UNKNOWN


def last_run(environment: Mapping[str, str], container: str, volume: str, image: str) -> LastRun | None:
    """None if the running container has the image already, or if nothing tells that Nexus ran on the volume.

    Raises:
        Unanswered: the engine does not say.
    """
    state = ""
    if is_there(environment, "container", container):
        template = "{{.Image}} {{.State.Running}}"
        state = required_answer(environment, "container", "inspect", "--format", template, container)
    used, running = state.split() if state else ("", "")
    wanted = (engine_answer(environment, "image", "inspect", "--format", "{{.Id}}", image) or "").strip()
    if used and used == wanted:
        return None
    asked = f"{_ASK}{_DATABASE}"
    answer = engine_answer(environment, "exec", container, "sh", "-c", asked) if running == "true" else None
    if answer is None and (used or wanted) and is_there(environment, "volume", volume):
        mount = f"--mount=type=volume,source={volume},target={DATA_FOLDER},readonly"
        options = ["--rm", "--network=none", "--cap-drop=ALL", mount, "--entrypoint=sh"]
        script = f"{_READ}{_DATABASE}"
        answer = required_answer(environment, "run", *options, used or wanted, "-c", script, seconds=_SECONDS)
    return _found(answer or "")


def _found(answer: str) -> LastRun | None:
    lines = [line.strip() for line in answer.splitlines()]
    version = next((line for line in lines if re.fullmatch(r"\d+(\.\d+)+", line)), "")
    embedded = next((database for line in lines if (database := _database(line))), Embedded.UNKNOWN)
    return LastRun(version, embedded) if version or embedded else None


def _database(line: str) -> Embedded:
    if line == "orientdb":
        return Embedded.ORIENTDB
    if line == "h2 1":
        return Embedded.H2_1
    return Embedded.H2 if re.fullmatch(r"h2 \d+", line) else Embedded.UNKNOWN


def version_of(environment: Mapping[str, str], image: str) -> str:
    """The release in the label of Sonatype's images; empty for other images, and for those not on the engine."""
    label = '{{index .Config.Labels "version"}}'
    found = re.match(r"3(\.\d+)+", engine_answer(environment, "image", "inspect", "--format", label, image) or "")
    return found.group() if found else ""


def unasked(volume: str, image: str, error: Unanswered) -> Problem:
    return Problem(
        "nexus.image",
        f"a newer Nexus may have run on the volume {volume}, which cannot be asked ({error})",
        fix="run the command again when the docker engine answers",
        got=repr(image),
    )


def downgrade(last: LastRun, image: str, version: str) -> Problem | None:
    """The problem if the image's version is older than the one that last ran; None if one is unknown."""
    if not version or not last.version or not _is_older(version, last.version):
        return None
    return Problem(
        "nexus.image",
        f"is older than Nexus {last.version}, which last ran on the data volume",
        f"{last.version} or newer, since Nexus cannot read the data of a newer release",
        f"pulumi config set --path nexus.image IMAGE:{last.version}, "
        f"or first restore a snapshot of {version}: make restore",
        got=repr(image),
    )


def _is_older(version: str, last: str) -> bool:
    """Compares only the parts that both have: 3.90 is not older than 3.90.1."""
    given, ran = ([int(part) for part in each.split(".")] for each in (version, last))
    shared = min(len(given), len(ran))
    return given[:shared] < ran[:shared]
