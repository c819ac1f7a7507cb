"""Sends the recorded requests of a scenario and compares the answers."""

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.conformance.contract.comparing import Comparison, Difference
from tests.conformance.contract.stand_in import Server, direct

ADMIN_PASSWORD = "contract-admin"  # of the start state; it never leaves loopback
WRONG_PASSWORD = "wrong-password"
BY_THREADS = "issued by one of 10 threads"
SEARCH_INDEX = re.compile(r"/v1/search")
# Side effects of earlier scenarios on the recorded server; the stand-in starts empty.
EARLIER_TASKS = "Cleanup unused apt blobs from nexus"
# The compared headers; the fault id is random.
HEADERS = (
    "etag",
    "location",
    "www-authenticate",
    "allow",
    "content-disposition",
    "cache-control",
    "last-modified",
    "content-range",
    "accept-ranges",
    "x-content-type-options",
)


@dataclass
class Outcome:
    """The outcome of one step; it holds if there is no difference."""

    number: int
    step: dict[str, Any]
    answer: dict[str, Any]
    difference: str | None


@dataclass
class Player:
    """Plays one scenario."""

    server: Server
    scenario: dict[str, Any]
    passwords: dict[str, list[str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def play(self) -> list[Outcome]:
        self.prepare()
        comparison = Comparison(self.server.url, str(self.server.data))
        steps, outcomes = self.scenario["steps"], []
        threads = any(BY_THREADS in step["note"] for step in steps)
        answers: dict[int, requests.Response] = {}
        for number, step in enumerate(steps):
            if number not in answers:
                answers |= self.send_together(steps, number, comparison)
            answer = decoded(answers[number])
            outcomes.append(Outcome(number, step, answer, self.compare(step, answer, comparison, threads)))
            self.remember(step, steps[:number])
        return outcomes

    def prepare(self) -> None:
        """Brings a new server to the start state of the scenario."""
        initial = (self.server.data / "admin.password").read_text()
        self.passwords["admin"] = [initial]
        name = self.scenario["scenario"]
        if name == "system/first-start":
            return
        admin = ("admin", initial)
        changed = direct(
            "PUT",
            self.server.url + "/service/rest/v1/security/users/admin/change-password",
            auth=admin,
            data=ADMIN_PASSWORD,
            headers={"Content-Type": "text/plain"},
        )
        changed.raise_for_status()
        self.passwords["admin"].append(ADMIN_PASSWORD)
        if name != "system/eula":
            address, admin = self.server.url + "/service/rest/v1/system/eula", ("admin", ADMIN_PASSWORD)
            agreement = direct("GET", address, auth=admin).json()
            direct("POST", address, auth=admin, json={**agreement, "accepted": True}).raise_for_status()

    def send_together(
        self, steps: list[dict[str, Any]], first: int, comparison: Comparison
    ) -> dict[int, requests.Response]:
        """Sends one step, or all consecutive steps that threads sent."""
        numbers = [first]
        method = steps[first]["request"]["method"]
        while BY_THREADS in steps[first]["note"] and numbers[-1] + 1 < len(steps):
            following = steps[numbers[-1] + 1]
            if BY_THREADS not in following["note"] or following["request"]["method"] != method:
                break
            numbers.append(numbers[-1] + 1)
        with ThreadPoolExecutor(10) as pool:
            sent = pool.map(lambda number: self.send(steps[number], comparison), numbers)
            return dict(zip(numbers, sent, strict=True))

    def send(self, step: dict[str, Any], comparison: Comparison) -> requests.Response:
        request = step["request"]
        owner = "asset" if "/assets" in request["path"] else ""
        address = self.server.url + comparison.filled(request["path"], owner)
        if request["query"]:
            address += "?" + comparison.filled(request["query"], owner)
        headers = {
            name: value
            for name, value in request["headers"].items()
            if name != "auth" and value != "multipart/form-data"
        }
        return direct(
            request["method"],
            address,
            auth=self.credentials(step),
            headers={"Accept": "*/*", **headers},
            **encoded(comparison.filled(request["body"])),
        )

    def credentials(self, step: dict[str, Any]) -> tuple[bytes, bytes] | None:
        who = step["request"]["headers"].get("auth", "none")
        if who == "none":
            return None
        if who == "bad":
            return b"admin", WRONG_PASSWORD.encode()
        user = who.removeprefix("user:")
        known = self.passwords[user]
        password = known[-2] if "old password" in step["note"] and len(known) > 1 else known[-1]
        return user.encode(), password.encode()

    def compare(
        self, step: dict[str, Any], answer: dict[str, Any], comparison: Comparison, threads: bool
    ) -> str | None:
        recorded, path = step["response"], step["request"]["path"]
        if (SEARCH_INDEX.search(path) and "sort=" not in step["request"]["query"]) or (
            threads and path.endswith("/v1/repositories")
        ):
            path += "(unordered)"
        try:
            comparison.check(recorded["status"], answer["status"], "status", path)
            comparison.check(media(recorded["content_type"]), media(answer["content_type"]), "content type", path)
            for name in HEADERS:
                if name in recorded["headers"]:
                    comparison.check(recorded["headers"][name], answer["headers"].get(name), f"header {name}", path)
            comparison.check(*self.bodies(step, recorded["body"], answer["body"]), "body", path)
        except Difference as difference:
            return str(difference)
        return None

    def bodies(self, step: dict[str, Any], recorded: Any, actual: Any) -> tuple[Any, Any]:
        """The two bodies without parts that cannot be compared."""
        if not all(isinstance(body, dict) and isinstance(body.get("items"), list) for body in (recorded, actual)):
            return recorded, actual
        wanted, items = recorded["items"], actual["items"]
        if SEARCH_INDEX.search(step["request"]["path"]):  # the recorded index still had what was just deleted
            names = {item.get("name") for item in items}
            wanted = [item for item in wanted if item.get("name") not in self.deleted or item.get("name") in names]
        wanted = [item for item in wanted if item.get("name") != EARLIER_TASKS]
        if re.search("few fields of each item are kept|fields cut too", step["note"]):
            items = [cut(item, wanted[0]) for item in items]
        return {**recorded, "items": wanted}, {**actual, "items": items}

    def remember(self, step: dict[str, Any], earlier: list[dict[str, Any]]) -> None:
        """Records what later steps need."""
        request, body = step["request"], step["request"]["body"]
        if step["response"]["status"] >= 300:
            return
        if request["method"] == "POST" and request["path"].endswith("/v1/security/users"):
            self.passwords[body["userId"]] = [body["password"]]
        elif request["path"].endswith("/change-password"):
            self.passwords.setdefault(request["path"].split("/")[-2], []).append(body)
        elif request["method"] == "DELETE" and re.search("/v1/(components|assets)/", request["path"]):
            self.deleted |= names_of(request["path"].rsplit("/", 1)[1], earlier, "/components/" in request["path"])


def names_of(identifier: str, steps: list[dict[str, Any]], component: bool) -> set[str]:
    """Names of the recorded components with this id, or with an asset of this id."""
    names = set()
    for step in steps:
        body = step["response"]["body"]
        for item in (body.get("items") or []) if isinstance(body, dict) else []:
            assets = item.get("assets") if isinstance(item.get("assets"), list) else []
            if identifier in ([item.get("id")] if component else [asset["id"] for asset in assets]):
                names.add(item.get("name"))
    return names


def cut(item: dict[str, Any], recorded: dict[str, Any]) -> dict[str, Any]:
    """An item with only the members in the recording, which has lists as their length."""
    return {
        name: len(item[name])
        if isinstance(recorded[name], int) and isinstance(item.get(name), list)
        else item.get(name)
        for name in recorded
    }


def media(content_type: str | None) -> str | None:
    return content_type.split(";")[0].strip().lower() if content_type else None


def encoded(body: Any) -> dict[str, Any]:
    """The arguments of requests that send a recorded body."""
    if body is None:
        return {}
    if isinstance(body, dict) and body.keys() == {"multipart"}:
        return {"files": [(part["name"], multipart(part)) for part in body["multipart"]]}
    return {"data": raw(body)}


def raw(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, dict) and body.keys() == {"base64"}:
        return base64.b64decode(body["base64"])
    return json.dumps(body).encode()


def multipart(part: dict[str, Any]) -> tuple[Any, ...]:
    if "filename" not in part:
        return None, part["value"]
    return part["filename"], raw(part["content"]), part["content_type"]


def decoded(response: requests.Response) -> dict[str, Any]:
    """An answer in the form of the recordings."""
    return {
        "status": response.status_code,
        "content_type": response.headers.get("content-type"),
        "headers": {name.lower(): value for name, value in response.headers.items()},
        "body": decoded_body(response),
    }


def decoded_body(response: requests.Response) -> Any:
    if not response.content:
        return None
    if "json" in response.headers.get("content-type", ""):
        return response.json()
    try:
        text = response.content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if any(letter < " " and letter not in "\r\n\t" for letter in text):
        return {"base64": base64.b64encode(response.content).decode()}
    return text


def load(file: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return scenario
