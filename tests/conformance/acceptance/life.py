"""Takes all objects of one stack file through every stage at once, with an `up` or a preview for each step."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nexus import model
from nexus.kinds import user
from tests.conformance.acceptance.asking import Asking, Body, State
from tests.conformance.acceptance.drift import Drifting, difference
from tests.conformance.acceptance.pulumi import Run, run
from tests.conformance.acceptance.samples import PASSWORDS, without
from tests.conformance.acceptance.subjects import Subject, subjects
from tests.conformance.acceptance.table import Table
from tests.conformance.acceptance.values import Change
from tests.integration.provider.real import RealPlay

_REFRESH = "--refresh"
Wanted = dict[str, Any]


class Life:
    """One stack. Faults are noted; objects that are not created are dropped from the later stages."""

    def __init__(
        self,
        play: RealPlay,
        asking: Asking,
        table: Table,
        wanted: Wanted,
        subjects: list[Subject],
        save: Callable[[], None],
    ) -> None:
        self._play, self._asking, self._table, self._save = play, asking, table, save
        self._base = dict(play.wanted)
        self._wanted = {**self._base, **wanted, "passwords": {**self._base["passwords"], **PASSWORDS}}
        self._subjects = subjects
        self._first: State = {}

    def run(self) -> None:
        self._first = self._asking.state(self._subjects)
        for stage, step in (
            ("create", self._create),
            ("empty preview", self._preview),
            ("each field", self._change),
            ("drift", self._drift),
            ("remove", self._remove),
            ("adopt", self._adopt),
        ):
            if self._subjects:
                print(f"{len(self._subjects)} objects: {stage}", flush=True)
                step(stage)
            self._save()

    def _note(self, stage: str, faults: Mapping[str, str]) -> None:
        for subject in self._subjects:
            self._table.note(subject.label, stage, faults.get(subject.label, ""))

    def _up(self, wanted: Wanted, *options: str) -> Run:
        self._play.wanted = wanted
        return run(self._play, "up", *options)

    def _refreshed_preview(self, wanted: Wanted) -> Run:
        self._play.wanted = wanted
        return run(self._play, "preview", _REFRESH)

    def _errors_of(self, done: Run, subjects: Iterable[Subject]) -> dict[str, str]:
        """The errors of a failed command by object; if they name no object, all of them get the error."""
        if not done.failure:
            return {}
        subjects = list(subjects)
        named = {one.label: done.faults(one.key, one.declaration.key) for one in subjects}
        return {label: reason for label, reason in named.items() if reason} or {
            one.label: done.reason for one in subjects
        }

    def _create(self, stage: str) -> None:
        while self._subjects:
            done = self._up(self._wanted)
            there = self._asking.state(self._subjects)
            blamed = self._errors_of(done, self._subjects)
            lost = [one for one in self._subjects if one.label in blamed or there[one.label] is None]
            if not done.failure and not lost:
                break
            for one in lost:
                self._table.note(one.label, stage, blamed.get(one.label) or "is not there after the up")
            self._drop(lost, stage)
        self._note(stage, {})

    def _drop(self, lost: list[Subject], stage: str) -> None:
        """Drops objects from the later stages, and those that depend on them."""
        needs = {one.need for one in lost}
        for one in self._subjects:
            if one.need not in needs and (missing := needs & set(one.declaration.needs)):
                self._table.note(one.label, stage, f"needs {', '.join(name for _, name in sorted(missing))}")
                needs.add(one.need)
        self._subjects = [one for one in self._subjects if one.need not in needs]
        self._wanted = without(self._wanted, needs)

    def _preview(self, stage: str) -> None:
        done = self._refreshed_preview(self._wanted)
        self._note(stage, {**self._shown(done), **self._errors_of(done, self._subjects)})

    def _shown(self, done: Run) -> dict[str, str]:
        """The objects for which a preview shows a change."""
        operations = {one.label: done.operations.get(one.key) for one in self._subjects}
        return {label: f"shows {found}" for label, found in operations.items() if found is None or found.word != "same"}

    def _change(self, stage: str) -> None:
        before = self._asking.state(self._subjects)
        todo = {one: list(self._changes(one, before[one.label])) for one in self._subjects}
        for turn in range(max(map(len, todo.values()))):
            changed = {one: changes[turn] for one, changes in todo.items() if turn < len(changes)}
            print(f"  field {turn + 1}: {len(changed)} changes", flush=True)
            self._turn(stage, changed, before)
            self._save()
        done = self._up(self._wanted)
        self._note(
            stage, {**self._different(before, self._asking.state(self._subjects)), **self._errors_of(done, todo)}
        )

    def _changes(self, subject: Subject, live: Body | None) -> list[Change]:
        return list(subject.changes(live or {}, self._table.rows[subject.label].left_out))

    def _turn(self, stage: str, changed: dict[Subject, Change], before: State) -> None:
        """Changes one field in each of several objects; notes refused changes and tries the others without them."""
        while changed:
            wanted = self._wanted
            for one, change in changed.items():
                wanted = one.changed(wanted, change)
            done = self._up(wanted)
            blamed = self._errors_of(done, changed)
            if not blamed:
                break
            for one in [one for one in changed if one.label in blamed]:
                self._table.note(one.label, stage, f"{changed.pop(one).dotted}: {blamed[one.label]}")
        after = self._asking.state(self._subjects)
        for one, change in changed.items():
            fault = self._unlike(one, change, done, before[one.label] or {}, after[one.label] or {})
            self._table.note(one.label, stage, f"{change.dotted}: {fault}" if fault else "")
            self._table.rows[one.label].changed += [] if fault else [change.dotted]
        others = [one for one in self._subjects if one not in changed]
        self._note_of(stage, others, self._different(before, after))

    def _note_of(self, stage: str, subjects: Iterable[Subject], faults: Mapping[str, str]) -> None:
        for one in subjects:
            self._table.note(one.label, stage, faults.get(one.label, ""))

    @staticmethod
    def _unlike(one: Subject, change: Change, done: Run, before: Body, after: Body) -> str:
        """The problem after an `up` with one change of one object."""
        found = done.operations.get(one.key)
        if found is None or found.word != "update":
            return f"Pulumi shows {found} instead of an update"
        if change.is_secret:
            before, after = (model.without(body, [change.path]) for body in (before, after))
            wanted = before
        else:
            wanted = model.deep_merge(before, model.nested(change.path, change.value))
        return difference(one, wanted, after)

    def _different(self, before: State, after: State) -> dict[str, str]:
        found = {one.label: difference(one, before[one.label], after[one.label]) for one in self._subjects}
        return {label: difference for label, difference in found.items() if difference}

    def _drift(self, stage: str) -> None:
        before = self._asking.state(self._subjects)
        drifted = {one.label: self._by_hand(one, before[one.label] or {}) for one in self._subjects}
        done = self._refreshed_preview(self._wanted)
        faults = self._errors_of(done, self._subjects)
        for one in self._subjects:
            fault = self._unseen(one, drifted[one.label], done)
            if fault:
                faults.setdefault(one.label, fault)
        done = self._up(self._wanted, _REFRESH)
        after = self._asking.state(self._subjects)
        faults = {**self._different(before, after), **self._errors_of(done, self._subjects), **faults}
        for one in self._subjects:
            self._table.rows[one.label].drifted = [] if one.label in faults else sorted(drifted[one.label])
        self._note(stage, faults)

    def _by_hand(self, one: Subject, live: Body) -> set[str]:
        """Changes fields by hand and returns those that differ from the stack file; without any, removes the object."""
        todo = [change for change in one.changes(live, {}) if change.is_declared and not change.is_secret]
        if not todo:
            if not one.is_setting:
                self._asking.remove(one).raise_for_status()
            return set()
        self._asking.change(one, live, todo)
        wanted = one.kind.select_declared(live, one.declaration.body)
        there = one.kind.select_declared(self._asking.live(one) or {}, one.declaration.body)
        return {model.dotted(path) for path in one.kind.changes(wanted, there)}

    @staticmethod
    def _unseen(one: Subject, drifted: set[str], done: Run) -> str:
        found = done.operations.get(one.key)
        if not drifted:
            if one.is_setting:
                return ""
            return "" if found and found.word == "create" else f"is gone, and a preview shows {found}"
        shown = found.fields if found and found.word == "update" else frozenset()
        if unseen := drifted - shown:
            return f"a preview does not show {', '.join(sorted(unseen))}"
        return f"a preview also shows {', '.join(sorted(shown - drifted))}" if shown - drifted else ""

    def _remove(self, stage: str) -> None:
        done = self._up(self._base)
        there = self._asking.state(self._subjects)
        faults = {}
        for one in self._subjects:
            left, first = there[one.label], self._first[one.label]
            if one.kind is user.OAUTH2_USER:
                first = model.deep_merge(left, user.DISABLED)
            elif one.is_setting and not one.kind.remove and left and first:  # no request can unset it again
                first = model.deep_merge(left, {name: value for name, value in first.items() if value is not None})
            if fault := difference(one, first, left):
                faults[one.label] = fault if one.is_setting else f"is still there: {fault}"
        self._note(stage, {**faults, **self._errors_of(done, self._subjects)})

    def _adopt(self, stage: str) -> None:
        made = self._up(self._wanted)
        self._forget()
        before = self._asking.state(self._subjects)
        wanted = self._wanted
        for one in self._subjects:
            wanted = one.adopted(wanted)
        done = self._up(wanted)
        faults = self._different(before, self._asking.state(self._subjects))
        faults |= self._shown(self._refreshed_preview(wanted))
        faults |= self._drifted(wanted)
        self._note(stage, {**faults, **self._errors_of(made, self._subjects), **self._errors_of(done, self._subjects)})
        self._up(self._base)
        self._forget()
        self._restore_settings()
        self._play.clear()  # referenced and adopted objects that are left

    def _drifted(self, wanted: Wanted) -> dict[str, str]:
        """Changes every field of the adopted objects by hand; returns what was not shown or not repaired."""
        settings = {**wanted, "passwords": self._wanted["passwords"]}
        keys = {one.key for one in self._subjects}
        drifting = Drifting(self._play, self._asking, [one for one in subjects(settings) if one.key in keys])
        drifting.run()
        for one, drift in drifting.found.items():
            self._table.rows[one.label].repaired = sorted(drift.repaired)
        found = {one.label: drift.faults for one, drift in drifting.found.items() if drift.faults}
        return {label: "; ".join(f"{path}: {fault}" for path, fault in each.items()) for label, each in found.items()}

    def _forget(self) -> None:
        """Removes the state; the server's objects stay."""
        self._play.pulumi("stack", "rm", "--force", "--yes", "test")
        self._play.pulumi("stack", "init", "test")

    def _restore_settings(self) -> None:
        """Restores the settings, which an adoption keeps."""
        for one in self._subjects:
            first = self._first[one.label]
            if not one.is_setting or first is None or self._asking.live(one) == first:
                continue
            if one.kind.remove:  # which restores the server's own value
                self._asking.remove(one)
            else:
                self._asking.put(one, first)
