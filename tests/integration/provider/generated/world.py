"""A server with objects and content of others, and the checks that an `up` leaves them unchanged."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nexus import model
from nexus.kinds.repository import is_raw_group
from stacks.topology.sections import MANY
from tests.integration.provider.play import Play
from tests.integration.provider.real import SHIPPED
from tests.integration.provider.samples import KEY
from tests.integration.provider.sequence import group, live, post, proxy, raw
from tests.support.deb import debian_package

Snapshot = dict[tuple[str, str], Any]
"""Every object by kind and name."""

SECTIONS = {kind: section for section, kind in MANY.items()}
LISTS = {
    "repository": ("/v1/repositorySettings", "name"),
    "blobStore": ("/v1/blobstores", "name"),
    "cleanupPolicy": ("/{}/cleanup-policies", "name"),
    "routingRule": ("/v1/routing-rules", "name"),
    "contentSelector": ("/v1/security/content-selectors", "name"),
    "privilege": ("/v1/security/privileges", "name"),
    "role": ("/v1/security/roles", "id"),
    "user": ("/v1/security/users", "userId"),
}
# Statistics, which are no settings.
COUNTED = ("blobCount", "totalSizeInBytes", "availableSpaceInBytes", "unavailable", "inUseCount")
SETTINGS = ("/v1/email", "/v1/security/anonymous", "/v1/security/realms/active")
# Fields with another name in answers than in the stack file.
OTHERWISE = (("routingRule", "routingRuleName"), ("pull", "privileges"), ("push", "privileges"))
# The order of removal: users of objects first.
REMOVED = ("user", "role", "privilege", "contentSelector", "repository", "cleanupPolicy", "routingRule", "blobStore")
BUILT_IN = ("admin", "anonymous", "nx-admin", "nx-anonymous", "default")
GROUPS_FIRST = ("group", "proxy", "hosted")


def maven(name: str, store: str = "default") -> dict[str, Any]:
    hosted = {key: value for key, value in raw(name, store).items() if key != "raw"}
    return {**hosted, "maven": {"versionPolicy": "MIXED", "layoutPolicy": "PERMISSIVE"}}


def inline(name: str, *members: str) -> dict[str, Any]:
    """A group with a setting that differs from that of new groups, and that the REST API does not show."""
    return {**group(name, *members), "raw": {"contentDisposition": "INLINE"}}


def apt(name: str, store: str = "default") -> dict[str, Any]:
    hosted = {key: value for key, value in raw(name, store).items() if key != "raw"}
    signing = {"keypair": KEY, "passphrase": "signing-secret"}
    return {**hosted, "apt": {"distribution": "bookworm"}, "aptSigning": signing}


@dataclass
class World:
    """One server, which is emptied and filled for each sequence."""

    play: Play
    shipped: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """The stored artifacts, by repository and path, whose loss was not allowed."""
    stored: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        found = live(self.play, "/v1/repositorySettings")
        self.shipped = {entry["name"]: entry for entry in found if entry["name"] in SHIPPED}
        internal = self.play.ask("GET", "/v1/cleanup-policies").status_code != 200
        self._policies = LISTS["cleanupPolicy"][0].format("internal" if internal else "v1")

    def reset(self) -> None:
        """Resets the server to a new one with objects and content of others."""
        self.artifacts.clear()
        self._clear()
        post(self.play, "/v1/blobstores/file", {"name": "their-store", "path": "elsewhere"})
        post(
            self.play,
            self._policies,
            {"name": "their-policy", "format": "*", "criteriaLastDownloaded": 99, "notes": ""},
        )
        post(self.play, "/v1/security/content-selectors", {"name": "their-selector", "expression": 'path =^ "/org/"'})
        rule = {"name": "their-rule", "description": "theirs", "mode": "BLOCK", "matchers": ["^/inside/.*"]}
        post(self.play, "/v1/routing-rules", rule)
        files = {**raw("their-files", "their-store"), "cleanup": {"policyNames": ["their-policy"]}}
        post(self.play, "/v1/repositories/raw/hosted", files)
        post(self.play, "/v1/repositories/maven/hosted", maven("their-maven", "their-store"))
        post(self.play, "/v1/repositories/apt/hosted", apt("their-debian", "their-store"))
        remote = {**proxy("their-remote"), "routingRule": "their-rule", "routingRuleName": "their-rule"}
        post(self.play, "/v1/repositories/raw/proxy", remote)
        post(self.play, "/v1/repositories/raw/group", inline("their-group", "their-remote", "their-files"))
        self.give("their-privilege", "their-files")
        views = [f"nx-repository-view-raw-their-files-{action}" for action in ("browse", "read")]
        self.grant("their-role", ["their-privilege", "nx-search-read", *views])
        for repository, format_ in (
            ("their-files", "raw"), ("their-maven", "maven2"), ("maven-releases", "maven2"), ("their-debian", "apt"),
        ):  # fmt: skip
            self.upload(repository, format_)

    def give(self, privilege: str, repository: str) -> None:
        body = {"name": privilege, "description": "", "actions": ["READ"], "format": "raw", "repository": repository}
        post(
            self.play,
            "/v1/security/privileges/repository-content-selector",
            {**body, "contentSelector": "their-selector"},
        )

    def see(self, repository: str, how: str) -> None:
        """Creates a group or a role of others that reads the repository."""
        self.seen += 1
        name = f"sees-{self.seen}"
        if how == "role":
            self.grant(name, [f"nx-repository-view-raw-{repository}-read"])
        else:
            post(self.play, "/v1/repositories/raw/group", inline(name, "their-remote", repository))

    def grant(self, role: str, privileges: list[str]) -> None:
        body = {"id": role, "name": role, "description": "theirs", "privileges": privileges, "roles": []}
        post(self.play, "/v1/security/roles", body)

    def upload(self, repository: str, format_: str) -> None:
        """Stores a unique artifact."""
        self.stored += 1
        if format_ == "apt":
            path = f"pool/l/lib{self.stored}/lib{self.stored}_1.0_all.deb"
            content = debian_package(f"lib{self.stored}", "1.0")
            self.play.send("POST", f"/repository/{repository}/", data=content).raise_for_status()
        else:
            path = f"org/domain/lib/{self.stored}/lib-{self.stored}.txt"
            content = f"artifact {self.stored} of {repository}\n".encode()
            self.play.store(f"{repository}/{path}", content)
        self.artifacts[repository, path] = content

    def snapshot(self) -> Snapshot:
        found = {(kind, entry[key]): _comparable(entry) for kind, key, entry in self._entries()}
        attributes = self._attributes()
        for (kind, name), entry in list(found.items()):
            if kind == "blobStore":
                found[kind, name] = {**entry, **live(self.play, f"/v1/blobstores/file/{name}")}
            elif kind == "repository" and is_raw_group(entry):
                found[kind, name] = {**entry, "raw": attributes[name]["raw"]}
        return found | {("setting", path): live(self.play, path) for path in SETTINGS}

    def _attributes(self) -> dict[str, Any]:
        """The attributes of repositories that only the administration pages show."""
        call = {"action": "coreui_Repository", "method": "read", "data": None, "type": "rpc", "tid": 1}
        answer = self.play.send("POST", "/service/extdirect", json=call).json()
        return {entry["name"]: entry["attributes"] for entry in answer["result"]["data"]}

    def lost(self) -> list[str]:
        """The artifacts that are not served unchanged."""
        return [
            f"{repository}/{path}: {answer.status_code}"
            for (repository, path), content in self.artifacts.items()
            if (answer := self.play.send("GET", f"/repository/{repository}/{path}")).content != content
        ]

    def _entries(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for kind, (path, key) in LISTS.items():
            for entry in live(self.play, self._policies if kind == "cleanupPolicy" else path):
                if not (kind == "privilege" and entry.get("readOnly")):
                    yield kind, key, entry

    def _clear(self) -> None:
        there: dict[str, list[dict[str, Any]]] = {kind: [] for kind in REMOVED}
        for kind, key, entry in self._entries():
            if entry[key] not in BUILT_IN and not entry.get("readOnly"):
                there[kind].append({**entry, "": entry[key]})
        there["repository"].sort(key=lambda entry: GROUPS_FIRST.index(entry["type"]))
        for kind in REMOVED:
            path = {"repository": "/v1/repositories", "cleanupPolicy": self._policies}.get(kind, LISTS[kind][0])
            for entry in there[kind]:
                if entry[""] not in SHIPPED or self._is_used(entry):
                    self.play.ask("DELETE", f"{path}/{entry['']}").raise_for_status()
            if kind == "repository":
                self._restore_shipped()

    def _is_used(self, entry: Mapping[str, Any]) -> bool:
        holds = entry["type"] == "hosted" and live(self.play, f"/v1/assets?repository={entry['name']}")["items"]
        return bool(holds) or entry["storage"] != self.shipped[entry["name"]]["storage"]

    def _restore_shipped(self) -> None:
        """Restores the shipped repositories."""
        there = {entry["name"]: entry for entry in live(self.play, "/v1/repositorySettings")}
        for name, entry in sorted(self.shipped.items(), key=lambda item: item[1]["type"] == "group"):
            path = f"/v1/repositories/maven/{entry['type']}"
            if name not in there:
                post(self.play, path, entry)
            elif there[name] != entry or entry["type"] == "group":
                self.play.ask("PUT", f"{path}/{name}", {**entry, "routingRule": None}).raise_for_status()


@dataclass(frozen=True)
class Update:
    """An `up`: the stack file before and after it, and the state's objects before it."""

    former: Mapping[str, Any]
    wanted: Mapping[str, Any]
    managed: Mapping[tuple[str, str], bool]
    """By kind and name: whether it stays on the server when it leaves the stack file."""

    def wronged(self, before: Snapshot, after: Snapshot) -> list[str]:
        """The changes to undeclared objects and settings, which are wrong."""
        found = []
        for key in before.keys() | after.keys():
            kind, name = key
            body, former = (stack.get(SECTIONS.get(kind, ""), {}).get(name) for stack in (self.wanted, self.former))
            if body is not None:
                if key in before and body.get("adopt"):
                    changed = _undeclared(before[key], after.get(key), _answered(body), _answered(former or {}))
                    found += [f"{kind} {name}: {path}" for path in changed]
            elif key in self.managed and not self.managed[key]:
                found += [f"{kind} {name} is still there"] if key in after else []
            elif before.get(key) != after.get(key):
                found.append(f"{kind} {name}: {before.get(key)} became {after.get(key)}")
        return found


def _undeclared(before: Any, after: Any, *bodies: Mapping[str, Any]) -> Iterator[str]:
    """The changed fields of an adopted object that neither are nor were declared."""
    if after is None:
        yield "is gone"
        return
    for path in model.changes(before, after):
        if not any(_is_declared(each, path) for each in bodies):
            yield f"{model.dotted(path)} changed from {model.at(before, path)} to {model.at(after, path)}"


def _answered(body: Mapping[str, Any]) -> dict[str, Any]:
    return {**body, **{other: body[key] for key, other in OTHERWISE if key in body}}


def _is_declared(body: Any, path: model.Path) -> bool:
    for key in path:
        if not isinstance(body, Mapping):
            return True
        if key not in body:
            return False
        body = body[key]
    return True


def _comparable(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without statistics, and with its sets sorted."""
    kept = {key: copy.deepcopy(value) for key, value in entry.items() if key not in COUNTED}
    for key in ("privileges", "roles"):
        if isinstance(kept.get(key), list):
            kept[key] = sorted(kept[key])
    return kept
