"""Random changes of a stack file, and manual changes on the server."""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import strategies as st

from tests.integration.provider.generated.world import World
from tests.integration.provider.samples import KEY
from tests.integration.provider.sequence import LOGIN, REMOTE, live

Stack = dict[str, Any]

HOSTED = {"files": "raw", "more-files": "raw", "jars": "maven", "debian": "apt"}
REPOSITORIES = (
    *HOSTED, "remote", "central", "all-files", "all-jars", "their-files", "their-maven", "their-debian", "their-remote",
    "their-group", "maven-central", "maven-releases",
)  # fmt: skip
FIXED = {
    "their-files": ("raw", "hosted"), "their-maven": ("maven", "hosted"), "their-debian": ("apt", "hosted"),
    "their-remote": ("raw", "proxy"), "their-group": ("raw", "group"), "maven-central": ("maven", "proxy"),
    "maven-releases": ("maven", "hosted"),
}  # fmt: skip
USUAL = {
    **{name: (format_, "hosted") for name, format_ in HOSTED.items()},
    "remote": ("raw", "proxy"), "central": ("maven", "proxy"), "all-files": ("raw", "group"),
    "all-jars": ("maven", "group"),
}  # fmt: skip
NAMES = {
    "repositories": REPOSITORIES,
    "blobStores": ("fast", "slow", "their-store"),
    "cleanupPolicies": ("old", "their-policy"),
    "contentSelectors": ("org", "their-selector"),
    "routingRules": ("inside", "their-rule"),
    "privileges": ("org-read", "view-files"),
    "roles": ("readers", "writers", "their-role"),
}
STORES = ("default", "fast", "slow", "their-store")


OF_FILES = {"format": "raw", "repository": "files", "actions": ["READ"]}
PRIVILEGES = (
    {"type": "wildcard", "pattern": "nexus:search:read"},
    {"type": "wildcard", "pattern": "nexus:search:*"},
    {"type": "repository-view", **OF_FILES},
    {"type": "repository-content-selector", **OF_FILES, "contentSelector": "org"},
)


def maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def a(value: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(value)


POLICIES = st.lists(a(NAMES["cleanupPolicies"]), max_size=1).map(lambda names: {"policyNames": names})
ROUTING = a(NAMES["routingRules"])
QUOTA = a(("5GiB", "10GiB")).map(lambda limit: {"type": "spaceUsedQuota", "limit": limit})


def storage(type_: str) -> st.SearchStrategy[dict[str, Any]]:
    fields: dict[str, Any] = {"blobStoreName": a(STORES), "strictContentTypeValidation": st.booleans()}
    return maybe(**fields, **({"writePolicy": a(("ALLOW", "ALLOW_ONCE"))} if type_ == "hosted" else {}))


@st.composite
def repository(draw: st.DrawFn, name: str) -> dict[str, Any]:
    usual = USUAL.get(name, ("raw", "hosted"))
    other = (
        st.just(usual) | a([("raw", "hosted"), ("raw", "proxy"), ("maven", "hosted")])
        if name == "more-files"
        else st.just(usual)
    )
    format_, type_ = FIXED.get(name) or draw(other)
    body = {"format": format_, "type": type_, **draw(maybe(storage=storage(type_)))}
    is_taken_over = name in FIXED
    if name.startswith("their-") or (is_taken_over and draw(st.booleans())):
        body["adopt"] = True
        body |= draw(a([{}, {}, {}, {"onDelete": "delete"}]))
    if type_ != "group":
        body |= draw(maybe(cleanup=POLICIES))
    if format_ == "raw":
        shown = a(("ATTACHMENT", "INLINE")).map(lambda how: {"raw": {"contentDisposition": how}})
        body |= draw(shown if draw(st.booleans()) else st.just({}))
    if format_ == "apt":
        body |= {"apt": {"distribution": draw(a(("bookworm", "trixie")))}, "aptSigning": draw(_signing(is_taken_over))}
    if type_ == "proxy":
        body |= draw(_of_proxy(is_taken_over))
    if type_ == "group":
        members = st.lists(
            a([each for each in REPOSITORIES if "group" not in each]), unique=True, min_size=1, max_size=4
        )
        body |= draw(members.map(lambda names: {"group": {"memberNames": names}}))
    return body


def _signing(is_taken_over: bool) -> st.SearchStrategy[dict[str, Any]]:
    """A signing key; for a taken-over repository mostly with its passphrase, which a change would otherwise wipe."""
    whole = {"keypair": KEY, "passphrase": "signing-secret"}
    return a([whole, whole, {"keypair": KEY}]) if is_taken_over else a([whole, {"keypair": KEY}])


@st.composite
def _of_proxy(draw: st.DrawFn, is_taken_over: bool) -> dict[str, Any]:
    ages = draw(maybe(contentMaxAge=a((60, 120)), metadataMaxAge=a((60, 120))))
    remote = {} if is_taken_over else {"remoteUrl": REMOTE}
    body: dict[str, Any] = {"proxy": {**remote, **ages}} if ages or remote else {}
    login = st.just({"authentication": dict(LOGIN)})
    return body | draw(maybe(routingRule=ROUTING, httpClient=login, negativeCache=st.just({"timeToLive": 60})))


@st.composite
def role(draw: st.DrawFn, name: str) -> dict[str, Any]:
    views = [f"nx-repository-view-{'maven2' if f == 'maven' else f}-{n}-read" for n, f in HOSTED.items()]
    fields = {
        "description": a(("one", "two")),
        "privileges": st.lists(a(["nx-search-read", *NAMES["privileges"], *views]), unique=True, max_size=3),
        "pull": st.lists(a(REPOSITORIES), unique=True, max_size=2),
        "push": st.lists(a((*HOSTED, "their-files")), unique=True, max_size=2),
    }
    return draw(maybe(**fields))


@st.composite
def declared(draw: st.DrawFn, section: str, name: str) -> dict[str, Any]:
    """The body of one object in the stack file; objects of others have `adopt` and fewer fields."""
    adopt: dict[str, Any] = {"adopt": True} if name.startswith("their-") else {}
    if adopt and section not in ("blobStores", "repositories") and draw(st.integers(0, 4)) == 4:
        adopt["onDelete"] = "delete"
    if section == "repositories":
        return draw(repository(name))
    if section == "roles":
        return draw(role(name)) | adopt
    if section == "blobStores":
        return draw(maybe(softQuota=QUOTA)) | adopt
    if section == "privileges":
        return draw(a(PRIVILEGES))
    whole: dict[str, Any] = {
        "cleanupPolicies": {"format": "*", "criteriaLastDownloaded": draw(st.integers(1, 60))},
        "contentSelectors": {"expression": draw(a(('path =^ "/org/"', 'path =^ "/com/"')))},
        "routingRules": {
            "matchers": draw(a((["^/org/.*"], ["^/com/.*", "^/net/.*"]))),
            **draw(maybe(description=a(("x", "y")))),
        },
    }[section]
    return whole | adopt


@st.composite
def first(draw: st.DrawFn, base: Stack) -> Stack:
    """A stack file with most of the possible objects."""
    stack = copy.deepcopy(base)
    for section, names in NAMES.items():
        for name in names:
            if draw(st.integers(0, 2 if name in FIXED or name.startswith("their-") else 5)):
                stack.setdefault(section, {})[name] = draw(declared(section, name))
    return consistent(stack)


@st.composite
def edited(draw: st.DrawFn, stack: Stack) -> Stack:
    """A consistent stack file with a few edits: objects added, changed, moved or removed."""
    stack = copy.deepcopy(stack)
    for _ in range(draw(st.integers(1, 3))):
        draw(a([_put, _put, _remove, _remove, _move, _move, _allow]))(draw, stack)
        stack = consistent(stack)
    return stack


def _put(draw: st.DrawFn, stack: Stack) -> None:
    section = draw(a([*NAMES, "repositories", "repositories", "repositories"]))
    name = draw(a(NAMES[section]))
    body, former = draw(declared(section, name)), stack.get(section, {}).get(name)
    stack.setdefault(section, {})[name] = (
        {**former, **body} if _goes_with(former, body) and draw(st.booleans()) else body
    )


def _goes_with(former: Stack | None, body: Stack) -> bool:
    return former is not None and all(former.get(key) == body.get(key) for key in ("format", "type"))


def _remove(draw: st.DrawFn, stack: Stack) -> None:
    there = [(section, name) for section in NAMES for name in sorted(stack.get(section, {}))]
    if there:
        section, name = draw(a(there))
        _allow_loss(draw, stack, name)
        del stack[section][name]


def _move(draw: st.DrawFn, stack: Stack) -> None:
    """Moves a repository to another blob store."""
    there = sorted(stack.get("repositories", {}))
    if there:
        name = draw(a(there))
        _allow_loss(draw, stack, name)
        body = stack["repositories"][name]
        body["storage"] = {
            **body.get("storage", {}),
            "blobStoreName": draw(a(["default", *stack.get("blobStores", {})])),
        }


def _allow_loss(draw: st.DrawFn, stack: Stack, name: str) -> None:
    """Allows the loss of the repository's content, in half of the cases."""
    if stack.get("repositories", {}).get(name, {}).get("type") == "hosted" and draw(st.booleans()):
        stack["allowDataLoss"] = sorted({*stack.get("allowDataLoss", ()), name})


def _allow(draw: st.DrawFn, stack: Stack) -> None:
    hosted = sorted(name for name, body in stack.get("repositories", {}).items() if body["type"] == "hosted")
    stack["allowDataLoss"] = draw(st.lists(a(hosted), unique=True, max_size=2)) if hosted else []


def consistent(stack: Stack) -> Stack:
    """Removes references to undeclared objects, which the rules of stack files refuse."""
    has = {section: stack.get(section, {}) for section in NAMES}
    repositories, privileges = has["repositories"], has["privileges"]
    for body in repositories.values():
        _drop_references(body, has)
    for name, body in list(repositories.items()):
        if body["type"] == "group":
            kept = [each for each in body["group"]["memberNames"] if _fits(repositories.get(each), body["format"])]
            body["group"] = {"memberNames": kept}
            if not kept:
                del repositories[name]
    is_whole = repositories.get("files", {}).get("format") == "raw" and "org" in has["contentSelectors"]
    for name in [name for name, body in privileges.items() if "repository" in body and not is_whole]:
        del privileges[name]
    for body in has["roles"].values():
        _drop_missing(body, repositories, privileges)
    return stack


def _drop_references(body: Stack, has: Stack) -> None:
    if body.get("storage", {}).get("blobStoreName", "default") not in ("default", *has["blobStores"]):
        del body["storage"]["blobStoreName"]
    if "cleanup" in body:
        body["cleanup"] = {
            "policyNames": [name for name in body["cleanup"]["policyNames"] if name in has["cleanupPolicies"]]
        }
    if body.get("routingRule", "") not in ("", *has["routingRules"]):
        del body["routingRule"]


def _fits(member: Any, format_: str) -> bool:
    return bool(member) and member["format"] == format_ and member["type"] != "group"


def _drop_missing(body: Stack, repositories: Stack, privileges: Stack) -> None:
    for key in ("pull", "push"):
        if key in body:
            body[key] = [each for each in body[key] if each in repositories]
    if "push" in body:
        body["push"] = [each for each in body["push"] if repositories[each]["type"] == "hosted"]
    if "privileges" in body:
        body["privileges"] = [each for each in body["privileges"] if _exists(each, repositories, privileges)]


def _exists(privilege: str, repositories: Stack, privileges: Stack) -> bool:
    if not privilege.startswith("nx-repository-view-"):
        return privilege == "nx-search-read" or privilege in privileges
    format_, _, name = privilege.removeprefix("nx-repository-view-").removesuffix("-read").partition("-")
    return bool(repositories.get(name, {}).get("format") == format_.removesuffix("2"))


def by_hand(world: World) -> st.SearchStrategy[Callable[[], None]]:
    """A manual change on the server: stores content, uses an object of the stack, or changes it."""
    there = {entry["name"]: entry for entry in live(world.play, "/v1/repositorySettings")}
    known = [name for name in sorted(there) if name in REPOSITORIES]
    hosted = [(name, there[name]["format"]) for name in known if there[name]["type"] == "hosted"]
    files = [name for name, format_ in hosted if format_ == "raw"]
    proxies = [name for name in known if (there[name]["format"], there[name]["type"]) == ("raw", "proxy")]
    stores = a(hosted).map(lambda which: partial(world.upload, *which))
    sees = st.builds(partial, st.just(world.see), a(files), a(("group", "role")))
    return st.one_of(stores, stores, stores, sees, st.builds(partial, st.just(_change), st.just(world), a(proxies)))


def _change(world: World, name: str) -> None:
    """Changes settings of a proxy, without those that a PUT would wipe."""
    path = f"/v1/repositories/raw/proxy/{name}"
    body = live(world.play, path)
    if not (body.get("httpClient") or {}).get("authentication"):
        body["proxy"]["metadataMaxAge"] += 1
        rule = body.get("routingRuleName")
        world.play.ask("PUT", path, {**body, "routingRule": rule, "routingRuleName": rule}).raise_for_status()


__all__ = ["by_hand", "edited", "first"]
