"""The dynamic provider. Its dotted path is in every state: `nexus.provider.NexusProvider` must stay importable."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from nexus import model, schema
from nexus.applier import Applier
from nexus.errors import NexusError
from nexus.journal import Journal
from nexus.kinds import KINDS
from nexus.kinds.base import STRICT, Kind
from nexus.kinds.special import Special, inputs
from nexus.model import Ref, prior_value, prior_value_text
from nexus.objects.objects import Objects
from nexus.objects.unset import UNDECLARED, UNSET, declared_part, filled, undeclared, with_values
from nexus.preflight import Preflight, PreflightResult, refuse_incomplete
from nexus.problem import Problem
from nexus.recreation import Recreation
from nexus.schema.violation import MISSING
from nexus.session import Session

Props = dict[str, Any]

GONE = "gone"
"""In the state of an adopted object that a refresh did not find: a new one of that name is not the stack's either."""
IDENTITY = ("kind", "name", "format", "type")  # a change of one of these inputs means another object


class NexusProvider(ResourceProvider):
    """Manages the objects of one Nexus server: `body` is the API's request, the other inputs identify the object.

    It is stateless: `configure` gets all that it needs from the stack's provider resource.
    """

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        get = req.config.get
        self._session = Session(get)
        self.is_managed = self._session.is_managed
        self._journal = Journal.of_environment()

    def check(self, olds: Props, news: Props) -> CheckResult:
        ref = Ref.of(news)
        kind = KINDS[ref.kind]
        if isinstance(kind, Special):
            return CheckResult(news, [CheckFailure("", each) for each in kind.problems(self._session, olds, news)])
        if not schema.known(ref.request) or not isinstance(news.get("body"), Mapping):
            return CheckResult(news, [])
        whole = kind.described(ref.name, model.plain(news["body"]))
        # Fields that an existing object has need not be declared: a PUT is completed with them.
        adopts = kind.is_shipped(ref.name) or bool(news.get("adopt"))
        completes = adopts or not kind.is_collection
        failures = [
            CheckFailure(f"body.{found.path}", str(Problem("", found.problem, found.allowed, got=found.got)))
            for found in schema.violations(ref.request, whole)
            if not (completes and found.problem == MISSING)
        ]
        before = olds or self._session.replaced.get((ref.kind, ref.name), {})
        if "adopted" in before:
            news = {**news, "adopted": before["adopted"]}
        elif not before and not failures:
            found = self._preflight(ref, model.plain(news["body"]), adopts)
            failures = [CheckFailure("", problem) for problem in found.problems]
            # A killed run has created objects that are not in the state. On a managed Nexus, every object is the
            # stack's unless its declaration adopts it.
            theirs = kind.is_indelible(ref.name) or not (self.is_managed or self._journal.has(ref))
            if found.exists is not None and (news.get("adopt") or (found.exists and theirs)):
                news = {**news, "adopted": found.exists}
                if found.exists and found.differing:
                    news = {**news, "differing": json.dumps(found.differing)}  # a state keeps no property that is null
        if news.get("adopt") == STRICT and not failures:
            news = self._whole(ref, before, news)
        return CheckResult(news, failures)

    def _whole(self, ref: Ref, before: Props, news: Props) -> Props:
        """The inputs of an object of which all fields are managed: those that it had when it was adopted."""
        kind, body, values = KINDS[ref.kind], news["body"], before.get(UNDECLARED)
        if before.get("adopt") != STRICT or Ref.of(before).request != ref.request:
            values = undeclared(kind, ref, model.plain(body), self._at_first(ref, body))
        return {**news, "body": filled(kind, body, values), UNDECLARED: values} if values else news

    def _at_first(self, ref: Ref, body: Props) -> Mapping[str, Any] | None:
        """The object as it was when this run began; None if it cannot be read."""
        try:
            if not self._session.is_reached():
                return None
            objects = self._session.reading()
            return objects.at_first(ref, body) if KINDS[ref.kind].is_listed_whole else objects.live(ref, body)
        except NexusError:
            return None

    def _preflight(self, ref: Ref, body: Props, adopts: bool) -> PreflightResult:
        if not self._session.is_reached():
            return PreflightResult()
        try:
            return Preflight(self._session.reading()).check(ref, body, adopts)
        except NexusError as error:
            return PreflightResult(problems=self._session.unasked(error))

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        kind = KINDS[news["kind"]]
        if isinstance(kind, Special) and (differs := kind.differs(self._session, olds, news)) is not None:
            return DiffResult(changes=differs)
        replaced = [key for key in IDENTITY if olds.get(key) != news.get(key)]
        if UNDECLARED in olds or UNDECLARED in news:
            olds = _comparable(kind, olds, news)
        paths = kind.declared_changes(Ref.of(news), olds.get("body"), news.get("body"), bool(news.get("adopt")))
        kind.refuse_move(Ref.of(news), lambda: olds.get("body"), news["body"])
        if olds.get(GONE) and not replaced:
            refuse_incomplete(Ref.of(news), news["body"])
        replaced += ["body"] if any(self._replaces(Ref.of(news), path, olds, news) for path in paths) else []
        if replaced:
            self._session.replaced[olds["kind"], Ref.of(olds).name] = model.plain(olds)
        in_place = bool(replaced) and KINDS[olds["kind"]].is_replaced_in_place
        if in_place:
            self._check_replacement(olds)
        elif paths and self._session.is_reached():
            before, adopts = prior_value(olds.get("before")), bool(news.get("adopt"))
            Applier(self._session.reading()).refuse_loss(
                Ref.of(news), olds["body"], news["body"], before, adopts=adopts
            )
        kept = olds.get("onDelete") != news.get("onDelete") or STRICT in {olds.get("adopt")} ^ {news.get("adopt")}
        # A repository is deleted only when the server has accepted its replacement (nexus/recreation.py).
        first = bool(replaced) and not in_place
        changes = bool(paths or replaced or kept or olds.get(GONE))
        return DiffResult(changes=changes, replaces=replaced, delete_before_replace=first)

    def _replaces(self, ref: Ref, path: model.Path, olds: Props, news: Props) -> bool:
        """Whether the change at the path needs a replacement; the server has the old value of an undeclared field."""
        for fixed in KINDS[ref.kind].replaces:
            wanted = model.at(news["body"], fixed)
            if fixed[: len(path)] != path or (wanted is None and news.get("adopt")):
                continue
            before = model.at(olds["body"], fixed)
            if before is None and self._session.is_reached():
                before = model.at(self._session.reading().live(ref), fixed)
            if before is not None and before != wanted:
                return True
        return False

    def _check_replacement(self, olds: Props) -> None:
        ref = Ref.of(olds)
        self._session.guard.refuse(ref, "replaced")
        if not self._session.is_reached():
            return
        recreation = Recreation(self._session.reading())
        recreation.refuse_reset(ref)
        if there := str(recreation.memberships(ref.name)):
            print(f"{ref} is replaced and gets back {there}", file=sys.stderr, flush=True)

    def create(self, props: Props) -> CreateResult:
        props = model.plain({key: value for key, value in props.items() if key != "differing"})
        ref = Ref.of(props)
        kind = KINDS[ref.kind]
        if isinstance(kind, Special):
            kind.added(self._session, ref, props)
            return CreateResult(str(ref), props)
        create = self._create_in_collection if kind.is_collection else self._create_single
        return CreateResult(str(ref), create(self._session.writing(), ref, props))

    def _create_in_collection(self, objects: Objects, ref: Ref, props: Props) -> Props:
        again = self._journal.has(ref)
        if not props.get("adopted"):
            self._journal.add(ref)
        made = Applier(objects).create(ref, props, self._session.replaced.get((ref.kind, ref.name)), again=again)
        KINDS[ref.kind].after_create(self._session, ref)
        if props.get("adopt") == STRICT and UNSET not in made:
            made |= Applier(objects).unset(ref.with_id(made.get("serverId", "")), props["body"])
        return {**props, **made}

    def _create_single(self, objects: Objects, ref: Ref, props: Props) -> Props:
        before = objects.live(ref)
        objects.create(ref, props["body"])
        return self._outs(props, prior_value_text(before, props["body"]))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        kind, olds, news = KINDS[news["kind"]], model.plain(olds), model.plain(news)
        if UNDECLARED in olds or UNDECLARED in news:
            olds = _comparable(kind, olds, news)
        if isinstance(kind, Special):
            kind.changed(self._session, Ref.of(news), olds, news)
            return UpdateResult(self._outs(news, olds.get("before")))
        objects, before = self._session.writing(), olds.get("before")
        if "serverId" in olds:
            news = {**news, "serverId": olds["serverId"]}
        ref, body = Ref.of(news), news["body"]
        if kind.is_restored and before:
            before = prior_value_text(objects.live(ref), body, before)
        applier, adopts = Applier(objects), bool(news.get("adopt"))
        made = applier.restore(ref, body) if olds.get(GONE) else None
        if made is not None:
            news, ref = {**news, **made}, ref.with_id(made.get("serverId", ""))
        elif kind.declared_changes(ref, olds["body"], body, adopts):  # else what happens to it later
            applier.change(ref, body, olds["body"], prior_value(before), adopts=adopts)
        unset = applier.unset(ref, body) if news.get("adopt") == STRICT else {}
        return UpdateResult({**self._outs(news, before), **unset})

    def delete(self, _id: str, props: Props) -> None:
        ref = Ref.of(props)
        kind = KINDS[ref.kind]
        if not kind.is_compared or kind.stays(props):
            return
        self._session.reading()
        if kind.may_be_removed(self._session, ref, props):
            kind.leave(self._session.writing(), ref, model.plain(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        ref = Ref.of(props)
        kind = KINDS[ref.kind]
        if isinstance(kind, Special):
            return ReadResult("", {}) if kind.is_gone(self._session) else ReadResult(id_, props, kind.inputs(props))
        if self._session.keeps_state():
            return ReadResult(id_, props, inputs(props))
        objects, declared = self._session.reading(), kind.of_state(model.plain(props["body"]))
        live = objects.listed(ref, declared)
        if live is None:
            if not kind.is_compared:
                return ReadResult(id_, props, inputs(props))
            if kind.is_shipped(ref.name) and props.get("before"):
                return self._drifted(id_, props, {})  # an update recreates it with its prior remote
            return _gone(id_, props) if props.get("adopted") else ReadResult("", {})
        if kind.is_shipped(ref.name) and kind.is_elsewhere(live, declared):
            # As on a new server: it is taken over again, since a replacement would lose what is not declared.
            return ReadResult("", {})
        body = model.restore_paths(kind.select_declared(live, declared), declared, kind.hidden(ref, live))
        if not kind.differing(ref, live, declared):
            body = declared
        if UNSET in props:
            body = with_values(body, live, props[UNSET])
        if objects.has_placeholder(ref):
            body = {**body, "online": "its replacement has not ended"}  # drift, so that an update completes it
        return self._drifted(id_, props, body)

    def _drifted(self, id_: str, props: Props, body: Props) -> ReadResult:
        found = {key: value for key, value in {**props, "body": body}.items() if key != GONE}
        return ReadResult(id_, found, inputs(found))

    @staticmethod
    def _outs(props: Props, before: Any) -> Props:
        return {**props, "before": before} if before else dict(props)


def _comparable(kind: Kind, olds: Props, news: Props) -> Props:
    """The state with the undeclared fields if all fields are managed from now on, else without them.

    Either way they stay as they are on the server.
    """
    if news.get("adopt") != STRICT:
        return {**olds, "body": declared_part(olds["body"], olds[UNDECLARED])}
    return olds if olds.get("adopt") == STRICT else {**olds, "body": filled(kind, olds["body"], news[UNDECLARED])}


def _gone(id_: str, props: Props) -> ReadResult:
    found = {key: value for key, value in {**props, GONE: True}.items() if key != "serverId"}
    return ReadResult(id_, found, inputs(found))
