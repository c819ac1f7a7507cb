"""Whether the image of the stack file can read the data volume.

Nexus writes its database in the format of its release. An older release cannot read it: it starts and never answers,
or, across the change of the database engine in 3.71, ignores the data and starts with an empty database.
"""

import re
from collections.abc import Mapping

from nexus.problem import Problem
from preflight.engine_answer import Unanswered, engine_answer, is_there, required_answer
from stacks.layout import DATA_FOLDER, STATUS_URL, VERSION_FILE

# wait-until-writable.sh writes the file for each new container; until then the running server is asked.
_ASK = (
    f"cat {VERSION_FILE} 2>/dev/null || curl -s -D - -o /dev/null --max-time 5 "
    f"{STATUS_URL} | "
    r"sed -n 's|^[Ss]erver: Nexus/\([0-9.]*[0-9]\).*|\1|p'"
)
_READ = f"[ ! -e {VERSION_FILE} ] || cat {VERSION_FILE}"
_SECONDS = 120


def downgrade(environment: Mapping[str, str], container: str, volume: str, image: str, version: str) -> Problem | None:
    """The problem if the image's version is older than the one that last ran on the volume; None if one is unknown."""
    if not version:
        return None
    try:
        last = _last_version(environment, container, volume, image)
    except Unanswered as error:
        return Problem(
            "nexus.image",
            f"a newer Nexus may have run on the volume {volume}, which cannot be asked ({error})",
            fix="run the command again when the docker engine answers",
            got=repr(image),
        )
    if last is None or not _is_older(version, last):
        return None
    return Problem(
        "nexus.image",
        f"is older than Nexus {last}, which last ran on the data volume",
        f"{last} or newer, since Nexus cannot read the data of a newer release",
        f"pulumi config set --path nexus.image IMAGE:{last}, or first restore a snapshot of {version}: make restore",
        got=repr(image),
    )


def _last_version(environment: Mapping[str, str], container: str, volume: str, image: str) -> str | None:
    state = ""
    if is_there(environment, "container", container):
        template = "{{.Image}} {{.State.Running}}"
        state = required_answer(environment, "container", "inspect", "--format", template, container)
    used, running = state.split() if state else ("", "")
    wanted = (engine_answer(environment, "image", "inspect", "--format", "{{.Id}}", image) or "").strip()
    if used and used == wanted:
        return None
    answer = engine_answer(environment, "exec", container, "sh", "-c", _ASK) if running == "true" else None
    if answer is None and (used or wanted) and is_there(environment, "volume", volume):
        mount = f"--mount=type=volume,source={volume},target={DATA_FOLDER},readonly"
        options = ["--rm", "--network=none", "--cap-drop=ALL", mount, "--entrypoint=sh"]
        answer = required_answer(environment, "run", *options, used or wanted, "-c", _READ, seconds=_SECONDS)
    found = re.fullmatch(r"\d+(\.\d+)+", (answer or "").strip())
    return found.group() if found else None


def _is_older(version: str, last: str) -> bool:
    """Compares only the parts that both have: 3.90 is not older than 3.90.1."""
    given, ran = ([int(part) for part in each.split(".")] for each in (version, last))
    shared = min(len(given), len(ran))
    return given[:shared] < ran[:shared]
