"""A fake engine: a docker command that reads its objects from a file and logs its changes."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.played_docker import play_docker

DOCKER = """#!{python}
import json, os, sys
folder = os.environ["FOLDER"]
objects = json.load(open(folder + "/objects"))
asked = sys.argv[1:]
kinds = ("container", "network", "volume")
if open(folder + "/silent").read() in (" ".join(asked[:2]), "all"):
    sys.exit("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")
if asked == ["volume", "ls", "--quiet"]:
    print(open(folder + "/volumes").read())
elif asked == ["volume", "ls", "--format", "{{.Name}}"]:
    print(*(each["name"] for each in objects if each["kind"] == "volume"), sep="\\n")
elif asked[0] in kinds and asked[1] == "ls":
    for each in objects:
        if each["kind"] == asked[0]:
            print(json.dumps([each["name"], each["id"], each["label"]])[1:-1])
elif asked[0] == "container" and asked[1] == "inspect":
    for each in objects:
        if each["id"] in asked:
            print(json.dumps(each["id"]) + "\\t" + json.dumps(each["state"]))
elif asked[0] in kinds and asked[1] == "inspect" and "--format" in asked:
    print(json.dumps(objects[0].get("created", "2020-01-01T00:00:00Z")))
elif asked[:2] == ["image", "inspect"]:
    sys.exit(0)
elif asked[0] == "run":
    print(open(folder + "/content").read())
elif asked[0] == "info":
    print(json.load(open(folder + "/engines")).get(os.environ["DOCKER_HOST"]) or sys.exit(1))
elif asked[0] == "ps":
    print(open(folder + "/users").read())
else:
    open(folder + "/done", "a").write(" ".join(asked) + "\\n")
    refused = open(folder + "/refused").read()
    if refused:
        sys.exit(refused)
"""


@dataclass
class Engine:
    """The answers of the docker command, and the changes that it was called for."""

    folder: Path
    objects: list[dict[str, Any]] = field(default_factory=list)

    def holds(self, kind: str, role: str, id_: str, label: str = "", **more: Any) -> None:
        running = {"Running": True, "Status": "running", "ExitCode": 0, "FinishedAt": "0001-01-01T00:00:00Z"}
        named = {"kind": kind, "name": f"repository-store-trial-{role}", "id": id_, "label": label, "state": running}
        self.objects.append({**named, **more})
        (self.folder / "objects").write_text(json.dumps(self.objects))
        (self.folder / "volumes").write_text("\n".join(o["name"] for o in self.objects if o["kind"] == "volume"))

    def says(self, file: str, text: str) -> None:
        """Sets an answer: `content`, `engines` (ids by endpoint), `users`, `volumes` or `refused`.

        Or, as `silent`, a command that fails.
        """
        (self.folder / file).write_text(text)

    @property
    def done(self) -> list[str]:
        path = self.folder / "done"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    play_docker(monkeypatch, tmp_path, DOCKER.replace("{python}", sys.executable))
    (tmp_path / "objects").write_text("[]")
    for file, text in {"content": "0 0", "users": "", "refused": "", "volumes": "", "silent": ""}.items():
        (tmp_path / file).write_text(text)
    monkeypatch.setattr("cli.recovery.stored._by_server", lambda *_: None)
    return Engine(tmp_path)
