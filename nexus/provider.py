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
from nexus.access import Access
from nexus.connection import Connection
from nexus.errors import NotFound, Rejected, Unreachable
from nexus.kind import Shape
from nexus.kinds import KINDS
from nexus.objects import Objects
from nexus.ref import Ref
from nexus.shipped import REPOSITORIES as SHIPPED
from nexus.takeover import Takeover

Props = dict[str, Any]

# The inputs that say which object is meant; a change of one means another object.
IDENTITY = ("kind", "name", "format", "type")


class NexusProvider(ResourceProvider):
    """Manages the objects of one Nexus server: `body` is the API's request, the rest says which object is meant.

    It holds no state of its own: what it needs it gets through `configure` from the stack's provider resource.
    """

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        # Errors travel as formatted tracebacks; without frames what is left is the one line that was meant.
        sys.tracebacklimit = 0
        self._get = req.config.get
        self._access: Access | None = None
        self._objects: Objects | None = None
        self._down = False
        self._first_read = threading.Lock()

    def check(self, _olds: Props, news: Props) -> CheckResult:
        ref = Ref.of(news)
        if not schema.known(ref.request) or not isinstance(news.get("body"), Mapping):
            return CheckResult(news, [])
        kind = KINDS[ref.kind]
        body = model.plain(news["body"])
        whole = {**body, kind.identity: ref.name} if kind.shape is Shape.COLLECTION else body.get(kind.wrapped, body)
        # What an object has already need not be declared: a PUT is completed with it.
        completes = kind.shape is not Shape.COLLECTION or ref.name in SHIPPED
        failures = [
            CheckFailure(f"body.{found.path}", f"{found.given!r} {found.problem}; allowed: {found.allowed}")
            for found in schema.violations(ref.request, whole)
            if not (completes and found.problem == "is missing")
        ]
        return CheckResult(news, failures)

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        replaced = [key for key in IDENTITY if olds.get(key) != news.get(key)]
        kind = KINDS[news["kind"]]
        paths = list(model.changes(olds.get("body"), news.get("body"), kind.unordered))
        replaced += ["body"] if any(path in kind.replaces for path in paths) else []
        if replaced and olds["kind"] == "repository":
            self._refuse_loss(Ref.of(olds), "replaced")
        return DiffResult(changes=bool(paths or replaced), replaces=replaced, delete_before_replace=bool(replaced))

    def create(self, props: Props) -> CreateResult:
        props = model.plain(props)
        ref, body = Ref.of(props), props["body"]
        objects = self._writing()
        if KINDS[ref.kind].shape is Shape.PASSWORD:
            return CreateResult(str(ref), props)
        before = objects.live(ref) if KINDS[ref.kind].shape is not Shape.COLLECTION else None
        if (props.get("adopt") or ref.name in SHIPPED) and objects.live(ref) is not None:
            Takeover(objects).adopt(ref, body)
        else:
            objects.create(ref, body)
        return CreateResult(str(ref), self._outs(props, model.managed(before, body) if before else None))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        olds, news = model.plain(olds), model.plain(news)
        if KINDS[news["kind"]].shape is Shape.PASSWORD:
            self._way_in().rotate(olds["body"]["password"])
        else:
            self._writing().update(Ref.of(news), news["body"], olds.get("body"))
        return UpdateResult(self._outs(news, olds.get("before")))

    def delete(self, _id: str, props: Props) -> None:
        ref = Ref.of(props)
        shape = KINDS[ref.kind].shape
        if shape in (Shape.AGREEMENT, Shape.PASSWORD):
            return
        objects = self._writing()
        if shape is Shape.SETTING:
            if props.get("before"):
                objects.update(ref, model.plain(props["before"]))
            return
        if ref.kind == "repository":
            self._refuse_loss(ref, "removed")
        objects.delete(ref)

    def read(self, id_: str, props: Props) -> ReadResult:
        ref, declared = Ref.of(props), model.plain(props["body"])
        if self._is_down():
            return ReadResult(id_, props, self._inputs(props))
        if KINDS[ref.kind].shape is Shape.PASSWORD:
            return ReadResult("", {}) if self._way_in().is_new() else ReadResult(id_, props, self._inputs(props))
        objects = self._reading()
        live = objects.listed(ref)
        if live is None:
            return ReadResult("", {})
        body = model.carried(model.managed(live, declared), declared, objects.hidden(ref))
        if not list(model.changes(body, declared, KINDS[ref.kind].unordered)):
            body = declared
        found = {**props, "body": body}
        return ReadResult(id_, found, self._inputs(found))

    def _is_down(self) -> bool:
        """Whether nobody answers at all, said once in a refresh: then no `up` could bring a lost server back otherwise."""
        with self._first_read:
            try:
                if not self._down:
                    self._way_in().reader()
            except Unreachable as error:
                self._down = True
                print(f"refresh: the last known state is kept: {error}", file=sys.stderr, flush=True)
            return self._down

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

    def _refuse_loss(self, ref: Ref, verb: str) -> None:
        """Nothing stored is lost by an `up`: what holds content goes only when the stack file names it."""
        if ref.type != "hosted" or ref.name in str(self._get("allowDataLoss") or "").split(","):
            return
        try:
            if not Takeover(self._reading()).holds_content(ref):
                return
        except NotFound:
            return
        raise Rejected(
            f"{ref} holds content and would be {verb}: to allow that, name it in the stack file: "
            f"pulumi config set --path 'allowDataLoss[0]' {ref.name}"
        )

    @staticmethod
    def _inputs(props: Props) -> Props:
        return {key: value for key, value in props.items() if key not in ("before", "__provider")}

    @staticmethod
    def _outs(props: Props, before: Any) -> Props:
        return {**props, "before": before} if before else dict(props)
