"""The dynamic provider. Its dotted path is in every state: `nexus.provider.NexusProvider` must stay importable."""

import sys
import threading
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
from nexus.engine_watch import end_with_engine
from nexus.errors import NexusError, Unreachable
from nexus.http.access import Access
from nexus.http.client import NexusClient
from nexus.http.connection import Connection
from nexus.kinds import KINDS
from nexus.kinds.kind import Shape
from nexus.loss_guard import LossGuard
from nexus.objects import bodies
from nexus.objects.differences import differing, hidden
from nexus.objects.lock_out import refuse_closing
from nexus.objects.objects import Objects
from nexus.objects.ref import Ref
from nexus.restoration import Restoration, noted, remembered
from nexus.sdk import without_garbage_collection
from nexus.shipped import REPOSITORIES as SHIPPED
from nexus.takeover import Takeover

Props = dict[str, Any]

# The inputs that say which object is meant; a change of one means another object.
IDENTITY = ("kind", "name", "format", "type")
KEEP = "keep"


class NexusProvider(ResourceProvider):
    """Manages the objects of one Nexus server: `body` is the API's request, the rest says which object is meant.

    It holds no state of its own: what it needs it gets through `configure` from the stack's provider resource.
    """

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        # Errors travel as formatted tracebacks; without frames what is left is the one line that was meant.
        sys.tracebacklimit = 0
        without_garbage_collection()
        end_with_engine()
        self._get = req.config.get
        self._access: Access | None = None
        self._objects: Objects | None = None
        self._guard = LossGuard(str(self._get("allowDataLoss") or ""), self._reading)
        self._unread = False
        self._first_read = threading.Lock()

    def check(self, _olds: Props, news: Props) -> CheckResult:
        ref = Ref.of(news)
        if not schema.known(ref.request) or not isinstance(news.get("body"), Mapping):
            return CheckResult(news, [])
        kind = KINDS[ref.kind]
        whole = bodies.described(kind, ref.name, model.plain(news["body"]))
        # What an object has already need not be declared: a PUT is completed with it.
        completes = kind.shape is not Shape.COLLECTION or _is_shipped(ref) or bool(news.get("adopt"))
        failures = [
            CheckFailure(f"body.{found.path}", f"{found.given!r} {found.problem}; allowed: {found.allowed}")
            for found in schema.violations(ref.request, whole)
            if not (completes and found.problem == "is missing")
        ]
        return CheckResult(news, failures)

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        kind = KINDS[news["kind"]]
        if kind.shape is Shape.INVENTORY:
            return self._inventory_diff(olds, news)
        replaced = [key for key in IDENTITY if olds.get(key) != news.get(key)]
        paths = list(bodies.changes(kind, olds.get("body"), news.get("body")))
        replaced += ["body"] if any(path in kind.replaces for path in paths) else []
        if replaced and olds["kind"] == "repository":
            self._guard.refuse(Ref.of(olds), "replaced")
        kept = olds.get("onDelete") != news.get("onDelete")
        return DiffResult(
            changes=bool(paths or replaced or kept), replaces=replaced, delete_before_replace=bool(replaced)
        )

    def create(self, props: Props) -> CreateResult:
        props = model.plain(props)
        ref, body = Ref.of(props), props["body"]
        shape = KINDS[ref.kind].shape
        if shape is Shape.INVENTORY:
            return CreateResult(str(ref), props)
        objects = self._writing()
        if shape is Shape.PASSWORD:
            return CreateResult(str(ref), props)
        if shape is Shape.ACTION:
            objects.ask(ref, body)
            return CreateResult(str(ref), props)
        if shape is Shape.COLLECTION:
            return CreateResult(str(ref), {**props, **self._made(objects, ref, props)})
        before = objects.live(ref)
        objects.create(ref, body)
        return CreateResult(str(ref), self._outs(props, noted(before, body)))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        olds, news = model.plain(olds), model.plain(news)
        shape = KINDS[news["kind"]].shape
        if shape is Shape.PASSWORD:
            self._way_in().rotate(olds["body"]["password"])
        elif shape is Shape.ACTION:
            self._writing().ask(Ref.of(news), news["body"])
        elif shape is not Shape.INVENTORY:
            return UpdateResult(self._changed(olds, news))
        return UpdateResult(self._outs(news, olds.get("before")))

    def delete(self, _id: str, props: Props) -> None:
        ref = Ref.of(props)
        shape = KINDS[ref.kind].shape
        if shape in (Shape.AGREEMENT, Shape.PASSWORD, Shape.INVENTORY, Shape.ACTION) or props.get("onDelete") == KEEP:
            return
        if ref.kind == "repository":
            self._guard.refuse(ref, "removed")
        objects = self._writing()
        if KINDS[ref.kind].sequence:
            return
        if shape is Shape.SETTING:
            Restoration(objects).restore(ref, remembered(props.get("before")))
        else:
            objects.delete(ref)

    def read(self, id_: str, props: Props) -> ReadResult:
        ref, declared = Ref.of(props), model.plain(props["body"])
        shape = KINDS[ref.kind].shape
        if shape in (Shape.INVENTORY, Shape.ACTION) or self._is_unread():
            return ReadResult(id_, props, self._inputs(props))
        if shape is Shape.PASSWORD:
            return ReadResult("", {}) if self._way_in().is_new() else ReadResult(id_, props, self._inputs(props))
        objects = self._reading()
        live = objects.listed(ref, declared)
        if live is None:
            if shape is Shape.AGREEMENT:
                return ReadResult(id_, props, self._inputs(props))
            return ReadResult("", {})
        if _is_shipped(ref) and Takeover.is_elsewhere(live, declared):
            # As new servers have it: to be taken over once more, since replacing it would lose what nobody declared.
            return ReadResult("", {})
        body = model.carried(bodies.managed(KINDS[ref.kind], live, declared), declared, hidden(ref, live))
        if not differing(ref, live, declared):
            body = declared
        found = {**props, "body": body}
        return ReadResult(id_, found, self._inputs(found))

    def _is_unread(self) -> bool:
        """Whether the last known state of every object is kept, since the server cannot be read.

        Where nobody answers who is to be trusted, that is said once and no error: else no `up` could bring back a lost
        server, or another certificate for one that has expired. Any other reason is the error of one object alone.
        """
        with self._first_read:
            try:
                if not self._unread:
                    self._way_in().reader()
            except NexusError as error:
                self._unread = True
                if not isinstance(error, Unreachable):
                    raise
                print(f"refresh: the last known state is kept: {error}", file=sys.stderr, flush=True)
            return self._unread

    def _made(self, objects: Objects, ref: Ref, props: Props) -> Props:
        """Makes or takes over one of many; gives back what the state must keep of it."""
        if (props.get("adopt") or _is_shipped(ref)) and objects.live(ref) is not None:
            id_ = Takeover(objects).adopt(ref, props["body"])
        else:
            id_ = objects.create(ref, props["body"])
        return {"serverId": id_} if id_ else {}

    def _changed(self, olds: Props, news: Props) -> Props:
        """Changes an object; gives back what the state must hold of it."""
        objects, before = self._writing(), olds.get("before")
        if "serverId" in olds:
            news = {**news, "serverId": olds["serverId"]}
        ref, body = Ref.of(news), news["body"]
        if KINDS[ref.kind].shape is Shape.SETTING and before:
            before = noted(objects.live(ref), body, before)
        objects.update(ref, body, olds.get("body"), remembered(before))
        return self._outs(news, before)

    def _inventory_diff(self, olds: Props, news: Props) -> DiffResult:
        """A repository that leaves the stack file is seen here in the preview, where nobody is asked to delete yet."""
        moved = _database(olds) != _database(news)
        if moved:
            self._guard.refuse_other_database(_database(olds), _database(news))
        before, after = _names(olds), _names(news)
        for name in before - after:
            self._guard.refuse(Ref("repository", name, type="hosted"), "removed")
        self._refuse_closing(olds["body"], news["body"])
        return DiffResult(changes=olds["body"] != news["body"])

    def _refuse_closing(self, before: Props, after: Props) -> None:
        """Only where nginx takes this machine for the same one afterwards."""
        networks = after.get("restAllowedFrom")
        if networks is not None and before.get("trustedProxies") == after.get("trustedProxies"):
            refuse_closing(NexusClient(Connection.configured(self._get)), str(networks))

    def _way_in(self) -> Access:
        if self._access is None:
            self._access = Access(Connection.configured(self._get))
        return self._access

    def _reading(self) -> Objects:
        client = self._way_in().reader()
        if self._objects is None or self._objects.client is not client:
            self._objects = Objects(client)
        return self._objects

    def _writing(self) -> Objects:
        self._way_in().writer()
        return self._reading()

    @staticmethod
    def _inputs(props: Props) -> Props:
        return {key: value for key, value in props.items() if key not in ("before", "serverId", "__provider")}

    @staticmethod
    def _outs(props: Props, before: Any) -> Props:
        return {**props, "before": before} if before else dict(props)


def _is_shipped(ref: Ref) -> bool:
    return ref.kind == "repository" and ref.name in SHIPPED


def _database(props: Props) -> str:
    return str(props["body"].get("database") or "embedded")


def _names(props: Props) -> frozenset[str]:
    return frozenset(str(props["body"]["names"]).split())
