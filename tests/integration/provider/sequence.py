"""Helpers of the sequences on an external server."""

import json
import subprocess
import sys
from typing import Any

from tests.integration.provider.play import ADMIN, ROOT, Play

REMOTE = "https://remote.provider.test/"
LOGIN = {"type": "username", "username": "reader", "password": "remote-secret"}


def live(play: Play, path: str) -> Any:
    answer = play.ask("GET", path)
    answer.raise_for_status()
    return answer.json()


def central(play: Play) -> dict[str, Any]:
    """The shipped maven-central, as the body of a request."""
    found: dict[str, Any] = live(play, "/v1/repositories/maven/proxy/maven-central")
    found["storage"].pop("writePolicy", None)
    return found


def served(play: Play, path: str) -> bytes:
    answer = play.send("GET", f"/repository/{path}")
    answer.raise_for_status()
    return answer.content


def post(play: Play, path: str, body: Any) -> None:
    play.ask("POST", path, body).raise_for_status()


def raw(name: str, store: str = "default") -> dict[str, Any]:
    storage = {"blobStoreName": store, "strictContentTypeValidation": False, "writePolicy": "ALLOW"}
    return {"name": name, "online": True, "storage": storage, "raw": {"contentDisposition": "ATTACHMENT"}}


def group(name: str, *members: str) -> dict[str, Any]:
    return {**raw(name), "group": {"memberNames": list(members)}}


def proxy(name: str, **client: Any) -> dict[str, Any]:
    return {
        **raw(name),
        "proxy": {"remoteUrl": REMOTE, "contentMaxAge": 77, "metadataMaxAge": 1440},
        "negativeCache": {"enabled": True, "timeToLive": 1440},
        "httpClient": {"blocked": False, "autoBlock": True, **client},
    }


def unchanged(play: Play) -> bool:
    return "unchanged" in play.preview("--refresh", "--expect-no-changes")


def exported(play: Play) -> str:
    environment = {**play.environment, "NEXUS_PASSWORD": ADMIN}
    command = [sys.executable, "-m", "exports", "export", environment["NEXUS_URL"]]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def exchanges(play: Play) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (play.folder / "exchanges").read_text().splitlines()]
