"""The store as a Mermaid flow chart: clients, nginx, repositories and blob stores, with changes marked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reports.fields import drifted, is_gone
from reports.kinds import kind
from reports.preview import Change, Operation, Preview
from reports.text import line

CLIENTS = {
    "docker": "docker, podman, containerd",
    "maven": "mvn, gradle",
    "yum": "dnf, yum",
    "npm": "npm, yarn",
    "pypi": "pip, twine",
    "raw": "curl",
    "apt": "apt",
    "helm": "helm",
    "nuget": "dotnet, nuget",
    "go": "go",
}
# With more repositories than this, only the changed ones and their neighbours are drawn.
_MOST = 40

_COLOURS = (
    "classDef create fill:#d4f8db,stroke:#1a7f37,color:#0b3d1a",
    "classDef adopt fill:#fff,stroke:#1a7f37,color:#0b3d1a",
    "classDef release fill:#fff,stroke:#cf222e,color:#5c0a10,stroke-dasharray:4 3",
    "classDef update fill:#fff3c4,stroke:#9a6700,color:#3d2a00",
    "classDef replace fill:#ffd8b5,stroke:#bc4c00,color:#4a1d00,stroke-width:3px",
    "classDef delete fill:#ffd7d5,stroke:#cf222e,color:#5c0a10,stroke-width:3px,stroke-dasharray:4 3",
    "classDef drift fill:#ddf4ff,stroke:#0969da,color:#0a2a4d,stroke-dasharray:4 3",
)


_NAME = 100
_LABELLED = re.compile(r"[^A-Za-z0-9 ._,/()-]")
_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True)
class _Node:
    """One repository or blob store."""

    name: str
    format: str
    type: str
    mark: str
    members: tuple[str, ...]
    blob_store: str


def picture(preview: Preview) -> str:
    """The chart without its fence; empty when there is no repository to draw."""
    repositories = {n.name: n for n in _repositories(preview)}
    if not repositories:
        return ""
    stores = {str(c.state.inputs.get("name")): _mark(c, preview.project) for c in _of_kind(preview, "BlobStore")}
    drawn = sorted(_worth_drawing(repositories, stores))
    ids = {name: f"r{index}" for index, name in enumerate(drawn)}
    lines = ["flowchart LR", *_front(preview, drawn, repositories), *_formats(drawn, repositories, ids)]
    lines += _edges(drawn, repositories, ids)
    lines += _stores(drawn, repositories, stores, ids)
    if len(drawn) < len(repositories):
        lines.append(f'    rest["{len(repositories) - len(drawn)} more repositories, unchanged"]')
    return "\n".join(lines + [f"    {colour}" for colour in _COLOURS])


def _of_kind(preview: Preview, name: str) -> Iterator[Change]:
    return (change for change in preview.changes if kind(change) == name)


def _repositories(preview: Preview) -> Iterator[_Node]:
    for change in _of_kind(preview, "Repository"):
        inputs = change.state.inputs
        body: dict[str, Any] = dict(inputs.get("body") or {})
        yield _Node(
            str(inputs.get("name")),
            str(inputs.get("format")),
            str(inputs.get("type")),
            _mark(change, preview.project),
            tuple((body.get("group") or {}).get("memberNames") or ()),
            str((body.get("storage") or {}).get("blobStoreName", "")),
        )


def _mark(change: Change, project: str) -> str:
    if is_gone(change):
        return "drift"
    if change.operation is Operation.SAME:
        return ""
    known, wanted = change.known, change.new
    if drifted(change, project) and known and wanted and known.inputs == wanted.inputs:
        return "drift"
    return "create" if change.operation is Operation.IMPORT else change.operation.value


def _worth_drawing(repositories: dict[str, _Node], stores: dict[str, str]) -> set[str]:
    if len(repositories) <= _MOST:
        return set(repositories)
    touched = {n.name for n in repositories.values() if n.mark or stores.get(n.blob_store)}
    near = {n.name for n in repositories.values() if touched & set(n.members)}
    near |= {member for name in touched for member in repositories[name].members if member in repositories}
    return set(sorted(touched | near)[:_MOST])


def _front(preview: Preview, drawn: Iterable[str], repositories: dict[str, _Node]) -> Iterator[str]:
    nginx = next((c for c in _of_kind(preview, "Container") if c.name == "nginx"), None)
    yield f"    nginx([{_label('nginx', 'TLS')}]){_classed(_mark(nginx, preview.project) if nginx else '')}"
    for spelled in sorted({repositories[name].format for name in drawn}):
        yield f"    client_{_id(spelled)}[/{_label(CLIENTS.get(spelled, spelled))}/] --> nginx"


def _formats(drawn: Iterable[str], repositories: dict[str, _Node], ids: dict[str, str]) -> Iterator[str]:
    for spelled in sorted({repositories[name].format for name in drawn}):
        yield f"    subgraph {_id(spelled)}[{_label(f'{spelled} repositories')}]"
        for name in drawn:
            node = repositories[name]
            if node.format == spelled:
                yield f"        {ids[name]}[{_label(name, node.type, node.mark)}]{_classed(node.mark)}"
        yield "    end"


def _edges(drawn: Iterable[str], repositories: dict[str, _Node], ids: dict[str, str]) -> Iterator[str]:
    groups = [repositories[name] for name in drawn if repositories[name].mark != "delete"]
    members = {member for node in groups for member in node.members}
    for name in drawn:
        node = repositories[name]
        if name not in members and node.mark != "delete":
            yield f"    nginx --> {ids[name]}"
        # The order in which a group asks its members decides what clients get.
        for place, member in enumerate(node.members, start=1):
            if member in ids and node.mark != "delete":
                yield f"    {ids[name]} -->|{place}| {ids[member]}"


def _stores(
    drawn: Iterable[str], repositories: dict[str, _Node], stores: dict[str, str], ids: dict[str, str]
) -> Iterator[str]:
    used = {repositories[name].blob_store for name in drawn}
    shown = sorted(used | {name for name, mark in stores.items() if mark})
    store_ids = {name: f"b{index}" for index, name in enumerate(shown)}
    for name in shown:
        mark = stores.get(name, "")
        yield f"    {store_ids[name]}[({_label(name, mark)})]{_classed(mark)}"
    for name in drawn:
        yield f"    {ids[name]} -.- {store_ids[repositories[name].blob_store]}"


def _id(text: str) -> str:
    """A format as an id of Mermaid; formats that differ only in punctuation would get the same one."""
    return _NOT_OF_AN_ID.sub("_", text)


def _classed(mark: str) -> str:
    return f":::{mark}" if mark else ""


def _label(*parts: str) -> str:
    """A quoted label; characters that could be markup in Mermaid are written as numbers."""
    return (
        '"'
        + "<br/>".join(_LABELLED.sub(lambda c: f"#{ord(c[0])};", line(part)[:_NAME]) for part in parts if part)
        + '"'
    )
