"""Every format and type through the life of a repository, all at once: an `up` for each step."""

from collections.abc import Iterable
from typing import Any

from nexus.schema.merging import merged
from tests.acceptance.subjects import at, changes_of, nested
from tests.acceptance.table import Table
from tests.provider.play import Failed, Play
from tests.provider.samples import repositories
from tests.provider.test_every_format import drifted

Wanted = dict[str, dict[str, Any]]


def reason(failed: Failed) -> str:
    """What Pulumi says from the first line with a problem on, or the end of it all."""
    text = str(failed)
    found = text.rfind("has a problem:")
    return text[found + len("has a problem:") :] if found >= 0 else text[-400:]


class Repositories:
    """The repositories of one stack; a step that fails as a whole is noted for all of them."""

    def __init__(self, play: Play, table: Table, recipes: set[str]) -> None:
        self._play, self._table = play, table
        self._wanted: Wanted = repositories(recipes)

    def run(self) -> None:
        for stage, step in (
            ("create", self._create),
            ("empty preview", self._preview),
            ("each field", self._change),
            ("drift", self._drift),
            ("adopt", self._adopt),
            ("remove", self._remove),
        ):
            print(f"repositories: {stage}", flush=True)
            try:
                step(stage)
            except Failed as failed:
                self._note(stage, {name: reason(failed) for name in self._wanted})
            there = self._live()
            if stage == "create":  # what could not be made goes no further
                self._wanted = {name: said for name, said in self._wanted.items() if name in there}

    def _live(self) -> Wanted:
        return {entry["name"]: entry for entry in self._play.ask("GET", "/v1/repositorySettings").json()}

    def _note(self, stage: str, faults: dict[str, str]) -> None:
        for name, said in self._wanted.items():
            self._table.note(f"{said['format']}/{said['type']}", stage, faults.get(name, ""))

    def _named(self, text: str, words: Iterable[str]) -> dict[str, str]:
        """The repositories that Pulumi's output shows with one of the words."""
        lines = [line.split() for line in text.splitlines()]
        return {
            name: f"Pulumi says {word}"
            for name in self._wanted
            for word in words
            for line in lines
            if name in line and word in line
        }

    def _create(self, stage: str) -> None:
        self._play.wanted["repositories"] = self._wanted
        self._play.up()
        there = self._live()
        self._note(stage, {name: "is not there after the up" for name in self._wanted if name not in there})

    def _preview(self, stage: str) -> None:
        self._note(stage, self._named(self._play.preview("--refresh"), ("update", "create", "replace", "updated")))

    def _change(self, stage: str) -> None:
        before = self._live()
        todo = {
            name: list(changes_of(f"{said['format']}/{said['type']}", before[name]))
            for name, said in self._wanted.items()
        }
        for turn in range(max(map(len, todo.values()), default=0)):
            changed = {name: fields[turn] for name, fields in todo.items() if turn < len(fields)}
            self._play.wanted["repositories"] = {
                name: merged(said, nested(*changed[name])) if name in changed else said
                for name, said in self._wanted.items()
            }
            text = self._play.up()
            after = self._live()
            faults = {
                name: f"{path}: {at(after[name], path)!r} instead of {value!r}"
                for name, (path, value) in changed.items()
                if at(after[name], path) != value
            }
            self._note(stage, {**faults, **self._named(text, ("replaced",))})
        self._play.wanted["repositories"] = self._wanted
        self._play.up()

    def _drift(self, stage: str) -> None:
        before = self._live()
        for name, said in self._wanted.items():
            path = f"/v1/repositories/{said['format']}/{said['type']}/{name}"
            body = drifted(said, before[name])
            if said["type"] != "proxy":
                body["online"] = not before[name]["online"]
            self._play.ask("PUT", path, body).raise_for_status()
        text = self._play.preview("--refresh")
        shown = self._named(text, ("update",))
        faults = {name: "a preview with refresh shows no difference" for name in self._wanted if name not in shown}
        self._play.up("--refresh")
        after = self._live()
        back = {name: "is not as before after the up" for name in self._wanted if after.get(name) != before[name]}
        self._note(stage, {**faults, **back})

    def _adopt(self, stage: str) -> None:
        self._play.pulumi("stack", "rm", "--force", "--yes", "test")
        self._play.pulumi("stack", "init", "test")
        before = self._live()
        self._play.wanted["repositories"] = {
            name: {**said, "adopt": True, "onDelete": "delete"} for name, said in self._wanted.items()
        }
        self._play.up()
        after = self._live()
        faults = {name: "is another one after the up" for name in self._wanted if after.get(name) != before[name]}
        text = self._play.preview("--refresh")
        self._note(stage, {**faults, **self._named(text, ("update", "create", "replace"))})

    def _remove(self, stage: str) -> None:
        self._play.wanted["repositories"] = {}
        self._play.up()
        there = self._live()
        self._note(stage, {name: "is still there" for name in self._wanted if name in there})
