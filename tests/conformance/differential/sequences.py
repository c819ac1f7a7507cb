"""Plays a sequence on both servers and finds differences."""

import base64
import bz2
import gzip
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.conformance.contract.comparing import Comparison, Difference
from tests.conformance.contract.playing import media
from tests.conformance.differential.areas.area import Area
from tests.conformance.differential.masking import HEADERS, Masking
from tests.conformance.differential.requesting import Step
from tests.conformance.differential.servers import Server

_PATIENCE = 6.0  # seconds per sequence that may be spent waiting for the search index of a real server
_UNSEEN = re.compile(r"\{(id|token)\d+\}")


@dataclass(frozen=True)
class Outcome:
    """A step with the real server's answer, the stand-in's answer and their difference."""

    step: dict[str, Any]
    got: dict[str, Any]
    difference: str | None

    @property
    def status_held(self) -> bool:
        return bool(self.step["response"]["status"] == self.got["status"])

    @property
    def signature(self) -> str:
        """Equal for differences of one kind: the same request, and the same message without its values."""
        words = re.sub(r"\d+", "N", re.sub(r"\"[^\"]*\"|'[^']*'", "_", self.difference or ""))
        return f"{self.where}: {words[:110]}"

    @property
    def where(self) -> str:
        """The request, without the names of its objects."""
        request = self.step["request"]
        path = re.sub(r"/(one|two|three|b\d|r\d|u\d|s\d|q\d|c\d|x\d|nobody)\b", "/*", request["path"])
        path = re.sub(r"^/repository/.*", "/repository/*", path)
        return f"{request['method']} {path}"


class Match:
    """The two servers of a run."""

    def __init__(self, real: Server, stand_in: Server) -> None:
        self.real, self.stand_in = real, stand_in
        self.requests = 0
        self._patience = 0.0  # seconds left for the current sequence
        self._standing: tuple[Area, list[Outcome]] | None = None  # made once, for the sequences of this area

    def play(self, area: Area, steps: Sequence[Step]) -> list[Outcome]:
        """Plays the steps of a sequence and the listings after it, starting from a new server."""
        masking, comparison = Masking(self.real.url), Comparison(self.stand_in.url, "")
        try:
            made = self._prepared(area, masking, comparison)
            self._patience = 0.0 if area.once else _PATIENCE
            return made + self._played((*steps, *area.looks), masking, comparison)
        finally:
            if not area.once:
                self._clear(area.touched)

    def _prepared(self, area: Area, masking: Masking, comparison: Comparison) -> list[Outcome]:
        if self._standing and self._standing[0] is area:
            return self._standing[1]
        if self._standing or area.once:
            self._clear(("repositories",))
            self._standing = None
        made = self._played(area.before, masking, comparison)
        if area.once:
            self._standing = area, made
            time.sleep(_PATIENCE)
        return made

    def _played(self, steps: Sequence[Step], masking: Masking, comparison: Comparison) -> list[Outcome]:
        return [self._both(one, masking, comparison) for one in steps if seen(one, masking, comparison)]

    def _clear(self, parts: Sequence[str]) -> None:
        for server in (self.real, self.stand_in):
            server.clear(*parts)

    def _both(self, one: Step, masking: Masking, comparison: Comparison) -> Outcome:
        searches = re.search("/v1/search|/repository/browse/", one["request"]["path"])  # both lag on a real server
        while True:
            known, begin = dict(comparison.known), time.monotonic()
            outcome = self._once(one, masking, comparison)
            if outcome.difference is None or not searches or self._patience <= 0:
                return outcome
            comparison.known = known
            time.sleep(0.5)
            self._patience -= time.monotonic() - begin

    def _once(self, one: Step, masking: Masking, comparison: Comparison) -> Outcome:
        self.requests += 1
        path = one["request"]["path"]
        real = masking.answer(path, self.real.send(masking.filled(one)))
        got = self.stand_in.send({**one, "request": comparison.filled(one["request"], owner(path))})
        recorded = {**one, "response": real}
        return Outcome(recorded, got, difference(recorded, got, comparison))


def owner(path: str) -> str:
    return "asset" if "/assets" in path else ""


def seen(one: Step, masking: Masking, comparison: Comparison) -> bool:
    """Whether both servers have answered with all ids in a request."""
    request = one["request"]
    both = [masking.filled(request), comparison.filled(request, owner(request["path"]))]
    return not _UNSEEN.search(json.dumps(both))


def difference(recorded: Step, got: dict[str, Any], comparison: Comparison) -> str | None:
    path, response = recorded["request"]["path"], recorded["response"]
    unordered = (
        path + "(unordered)"
        if ("/v1/search" in path and "sort=" not in recorded["request"]["query"])
        or path.endswith(("/v1/repositories", "/components", "/assets"))
        else path
    )
    try:
        comparison.check(response["status"], got["status"], "status", path)
        comparison.check(media(response["content_type"]), media(got["content_type"]), "content type", path)
        for name in HEADERS:
            comparison.check(response["headers"].get(name), got["headers"].get(name), f"header {name}", path)
        comparison.check(own(path, response["body"]), own(path, got["body"]), "body", unordered)
    except Difference as found:
        return str(found)
    return None


def own(path: str, body: Any) -> Any:
    """An answer without leftovers of earlier sequences, and with its sets sorted.

    A failed creation leaves its privileges, and the first use of a format leaves a task. Roles and privileges of an
    object are hash sets on a real server.
    """
    if body and re.search(r"/Packages\.(gz|bz2)$", path) and isinstance(body, dict):
        packed = base64.b64decode(body["base64"])  # by another library, to other bytes
        return (gzip if path.endswith(".gz") else bz2).decompress(packed).decode()
    if isinstance(body, list):
        return [own(path, one) for one in body if not (path.endswith("/privileges") and one.get("readOnly"))]
    if not isinstance(body, dict):
        return body
    if path.endswith("/v1/tasks") and "items" in body:
        return {**body, "items": [one for one in body["items"] if not one["name"].startswith("Cleanup unused")]}
    if re.search("/security/(roles|users)", path):
        return {
            key: sorted(value, key=str) if key in ("roles", "privileges") and value else value
            for key, value in body.items()
        }
    return body


def shrunk(match: Match, area: Area, steps: Sequence[Step], signature: str) -> list[Step]:
    """Removes all steps that this difference does not need."""
    kept = list(steps)
    for one in reversed(list(kept)):
        without = [other for other in kept if other is not one]
        if signature in {outcome.signature for outcome in match.play(area, without) if outcome.difference}:
            kept = without
    return kept
