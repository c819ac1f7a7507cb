"""What is tried, by name: the requests of a sequence, what is looked at after it, and what is cleared away."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.conformance.contract.bodies import repository
from tests.conformance.differential.requesting import Step, Steps, asking, named, step
from tests.conformance.differential.values import Body, either, spoilt

RECIPES = (
    *(f"{fmt}/{kind}" for fmt in ("maven", "raw") for kind in ("hosted", "proxy", "group")),
    *("apt/hosted", "apt/proxy"),
)


@dataclass(frozen=True)
class Area:
    """The requests that are drawn, the parts of the server that they touch, and the requests that come first."""

    steps: Steps
    touched: tuple[str, ...]
    listed: tuple[str, ...] = ()
    before: tuple[Step, ...] = ()

    @property
    def looks(self) -> tuple[Step, ...]:
        """What is looked at after each sequence."""
        return tuple(step("GET", path) for path in self.listed or self.touched)


def objects(
    path: str,
    names: tuple[str, ...],
    make: Callable[[str], st.SearchStrategy[Body]],
    *,
    item: str | None = None,
    readable: bool = True,
) -> Steps:
    """The life of the objects of one collection."""
    one = item or path
    made = st.sampled_from(names).flatmap(make)
    ways = [
        asking("POST", path, made),
        asking("POST", path, made),
        st.sampled_from(names).flatmap(lambda name: asking("PUT", f"{one}/{name}", make(name))),
        asking("DELETE", named(one + "/{}", (*names, "nobody"))),
        asking("GET", path),
    ]
    if readable:
        ways.append(asking("GET", named(one + "/{}", (*names, "nobody"))))
    return st.one_of(ways)


# Repositories

_NAMES = ("one", "two", "three")


def _full(recipe: str, name: str) -> st.SearchStrategy[Body]:
    body = repository(recipe, name, "http://127.0.0.1:9/", ("one",) if name != "one" else ("two",))
    kind = recipe.split("/")[1]
    if kind != "group":
        body["cleanup"] = {"policyNames": []}
    if kind == "hosted":
        body["component"] = {"proprietaryComponents": False}
    if kind == "proxy":
        connection = {
            "retries": 1,
            "timeout": 30,
            "userAgentSuffix": "x",
            "useTrustStore": False,
            "enableCookies": False,
        }
        login = {"type": "username", "username": "u", "password": "p"}
        body["httpClient"] |= {"connection": connection, "authentication": login}
        body["routingRule"] = "no-such-rule"
    if recipe.startswith("raw"):
        body["raw"] = {"contentDisposition": "INLINE"}
    if recipe.startswith("maven") and kind != "group":
        body["maven"] = {**body["maven"], "contentDisposition": "ATTACHMENT"}
    # A repository whose name differs in case or is a number is another one for some requests and not for others.
    return st.one_of(spoilt(repository(recipe, name, "http://127.0.0.1:9/", ("one",))), spoilt(body))


def _of_recipe(recipe: str) -> Steps:
    path = f"repositories/{recipe}"
    names = named(path + "/{}", (*_NAMES, "nobody"))
    return st.one_of(
        st.sampled_from(_NAMES).flatmap(lambda name: asking("POST", path, _full(recipe, name))),
        st.sampled_from(_NAMES).flatmap(lambda name: asking("POST", path, _full(recipe, name))),
        st.sampled_from(_NAMES).flatmap(lambda name: asking("PUT", f"{path}/{name}", _full(recipe, name))),
        asking("GET", names),
    )


_REPOSITORIES = st.one_of(
    st.sampled_from(RECIPES).flatmap(_of_recipe),
    st.sampled_from(RECIPES).flatmap(_of_recipe),
    asking("GET", named("repositories/{}", (*_NAMES, "nobody"))),
    asking("DELETE", named("repositories/{}", (*_NAMES, "nobody"))),
    asking("POST", named("repositories/{}/invalidate-cache", (*_NAMES, "nobody"))),
    asking("POST", named("repositories/{}/rebuild-index", (*_NAMES, "nobody"))),
)


# Blob stores


def _blob_store(name: str) -> st.SearchStrategy[Body]:
    quota = {"type": "spaceUsedQuota", "limit": 1 << 30}
    return either({"name": name, "path": name}, {"name": name, "path": name, "softQuota": quota}).flatmap(
        lambda body: spoilt(body, frozenset({("path",), ("name",)}))
    )


_BLOB_STORES = st.one_of(
    objects("blobstores/file", ("b1", "b2"), _blob_store),
    asking("DELETE", named("blobstores/{}", ("b1", "b2", "nobody", "default"))),
    asking("GET", named("blobstores/{}/quota-status", ("b1", "b2", "nobody"))),
)

# Security


def _role(name: str) -> st.SearchStrategy[Body]:
    privileges = st.lists(st.sampled_from(("nx-search-read", "nx-blobstores-read", "nope")), max_size=2)
    roles = st.lists(st.sampled_from(("r1", "r2", "nx-anonymous")), max_size=1)
    bodies = st.builds(
        lambda p, r: {"id": name, "name": f"Role {name}", "description": "d", "privileges": p, "roles": r},
        privileges,
        roles,
    )
    return bodies.flatmap(spoilt)


def _user(name: str) -> st.SearchStrategy[Body]:
    roles = st.lists(st.sampled_from(("nx-anonymous", "nx-admin", "nope")), max_size=2)
    statuses = st.sampled_from(("active", "disabled", "locked", "changepassword", "ACTIVE"))
    bodies = st.builds(
        lambda r, s: {
            "userId": name,
            "firstName": "First",
            "lastName": "Last",
            "emailAddress": "a@example.org",
            "password": "secret",
            "source": "default",
            "status": s,
            "roles": r,
        },
        roles,
        statuses,
    )
    return bodies.flatmap(spoilt)


_USERS = st.one_of(
    st.sampled_from(("u1", "u2")).flatmap(lambda name: asking("POST", "security/users", _user(name))),
    st.sampled_from(("u1", "u2")).flatmap(lambda name: asking("POST", "security/users", _user(name))),
    st.sampled_from(("u1", "u2", "nobody")).flatmap(lambda name: asking("PUT", f"security/users/{name}", _user(name))),
    asking("DELETE", named("security/users/{}", ("u1", "u2", "nobody"))),
    st.sampled_from(("userId=u", "source=default", "userId=U1&source=default", "source=nope", "source=LDAP")).flatmap(
        lambda query: asking("GET", "security/users", query=query)
    ),
    asking("GET", "security/user-sources"),
)

_PRIVILEGES: dict[str, Body] = {
    "application": {"domain": "blobstores", "actions": ["READ", "EDIT"]},
    "wildcard": {"pattern": "nexus:x:*"},
    "repository-view": {"format": "maven2", "repository": "maven-releases", "actions": ["READ", "BROWSE"]},
    "repository-admin": {"format": "*", "repository": "*", "actions": ["READ", "DELETE"]},
    "repository-content-selector": {
        "format": "raw",
        "repository": "*",
        "contentSelector": "s1",
        "actions": ["READ"],
    },
}


def _of_privilege(kind: str) -> Steps:
    """Each name has one type: an update through the path of another damages the server."""
    name = f"p-{kind}"
    path = f"security/privileges/{kind}"
    body = {"name": name, "description": "d", **_PRIVILEGES[kind]}
    return st.one_of(
        asking("POST", path, spoilt(body, frozenset({("name",)}))),
        asking("POST", path, spoilt(body, frozenset({("name",)}))),
        asking("PUT", f"{path}/{name}", spoilt(body, frozenset({("name",)}))),
        asking("GET", f"security/privileges/{name}"),
        asking("DELETE", f"security/privileges/{name}"),
        asking("DELETE", named("security/privileges/{}", ("nx-all", "nobody"))),
    )


def _selector(name: str) -> st.SearchStrategy[Body]:
    expressions = st.sampled_from(
        (
            'format == "raw"',
            'path =^ "/a/"',
            'path =~ ".*"',
            'format = "raw"',
            "path",
            "",
            'nope == "x"',
            'format == "raw" and (path =~ "/x.*" or path =~ "/y")',
            'format != "maven2"',
            "not (path == '/a')",
        )
    )
    return expressions.map(lambda e: {"name": name, "description": "d", "expression": e}).flatmap(spoilt)


def _rule(name: str) -> st.SearchStrategy[Body]:
    matchers = st.lists(st.sampled_from((".*", "^/a/.*", "(", "", "[a-z")), max_size=3)
    bodies = st.builds(
        lambda m, mode: {"name": name, "description": "d", "mode": mode, "matchers": m},
        matchers,
        st.sampled_from(("BLOCK", "ALLOW", "allow")),
    )
    return bodies.flatmap(spoilt)


def _policy(name: str) -> st.SearchStrategy[Body]:
    return either(
        {"name": name, "format": "raw", "notes": "n", "criteriaLastBlobUpdated": 3, "criteriaAssetRegex": ".*"},
        {"name": name, "format": "*", "notes": "", "criteriaLastDownloaded": 3},
        {"name": name, "format": "maven2", "criteriaReleaseType": "RELEASES", "criteriaLastBlobUpdated": 3},
    ).flatmap(spoilt)


_REALMS = st.one_of(
    asking("GET", "security/realms/active"),
    asking("GET", "security/realms/available"),
    asking(
        "PUT",
        "security/realms/active",
        st.lists(st.sampled_from(("DefaultRole", "DefaultRole", "DockerToken", "nope", "LdapRealm")), max_size=2).map(
            lambda more: ["NexusAuthenticatingRealm", *more]
        ),
    ),
)
_ANONYMOUS = st.one_of(
    asking("GET", "security/anonymous"),
    asking(
        "PUT",
        "security/anonymous",
        either(
            {"enabled": True, "userId": "anonymous", "realmName": "NexusAuthorizingRealm"},
            {"enabled": False, "userId": "nobody", "realmName": "NexusAuthenticatingRealm"},
            {"enabled": True},
        ).flatmap(spoilt),
    ),
    asking("GET", "repositories"),
    st.just(step("GET", "/repository/maven-releases/none/none/1/none-1.jar", who="none")),
)

# Content

_RAW = ("a.txt", "d/b.txt", "d/e/c.bin", "ü ö.txt", "none.txt")
_MAVEN = (
    "org/x/lib/1.0/lib-1.0.pom",
    "org/x/lib/1.0/lib-1.0.jar",
    "org/x/lib/1.0/lib-1.0.jar.sha1",
    "org/x/lib/1.0-SNAPSHOT/lib-1.0-20200101.000000-1.jar",
    "org/x/lib/maven-metadata.xml",
    "bad.txt",
)
_FILES = tuple(
    f"/repository/{repo}/{file}" for repo in ("files", "once", "never", "together") for file in _RAW
) + tuple(f"/repository/{repo}/{file}" for repo in ("releases", "mixed", "all") for file in _MAVEN)
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {},
    {"range": "bytes=0-3"},
    {"range": "bytes=2-"},
    {"range": "bytes=-2"},
    {"range": "bytes=100-200"},
    {"if-none-match": '"f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0"'},
    {"if-none-match": "*"},
    {"if-modified-since": "Mon, 01 Jan 2035 00:00:00 GMT"},
    {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    {"accept-encoding": "gzip"},
)
_READERS = st.sampled_from(("admin", "admin", "none", "user:reader", "bad"))
_WRITERS = st.sampled_from(("admin", "admin", "admin", "admin", "none", "user:reader", "user:writer"))


def _stored(recipe: str, name: str, **more: object) -> Step:
    body = repository(recipe, name)
    body["storage"]["strictContentTypeValidation"] = False
    for key, value in more.items():
        body["storage"][key] = value
    return step("POST", f"repositories/{recipe}", body)


def _grouped(recipe: str, name: str, *members: str) -> Step:
    return step("POST", f"repositories/{recipe}", repository(recipe, name, members=members))


def _someone(name: str, role: str) -> Step:
    body = {
        "userId": name,
        "firstName": name,
        "lastName": name,
        "emailAddress": "a@example.org",
        "password": "secret",
        "status": "active",
        "roles": [role],
    }
    return step("POST", "security/users", body)


_PREPARED = (
    _stored("raw/hosted", "files"),
    _stored("raw/hosted", "once", writePolicy="ALLOW_ONCE"),
    _stored("raw/hosted", "never", writePolicy="DENY"),
    _stored("maven/hosted", "mixed"),
    step(
        "POST",
        "repositories/maven/hosted",
        {**repository("maven/hosted", "releases"), "maven": {"versionPolicy": "RELEASE", "layoutPolicy": "STRICT"}},
    ),
    _grouped("raw/group", "together", "files", "once"),
    _grouped("maven/group", "all", "mixed", "releases"),
    step("POST", "security/content-selectors", {"name": "s1", "description": "", "expression": 'path =^ "/d/"'}),
    step(
        "POST",
        "security/privileges/repository-content-selector",
        {"name": "p1", "format": "raw", "repository": "files", "contentSelector": "s1", "actions": ["READ", "BROWSE"]},
    ),
    step(
        "POST",
        "security/privileges/repository-view",
        {"name": "p2", "format": "raw", "repository": "*", "actions": ["READ", "BROWSE", "EDIT", "ADD"]},
    ),
    step("POST", "security/roles", {"id": "r1", "name": "r1", "privileges": ["p1"]}),
    step("POST", "security/roles", {"id": "r2", "name": "r2", "privileges": ["p2"]}),
    _someone("reader", "r1"),
    _someone("writer", "r2"),
)
_PUT = st.builds(
    lambda path, text, who: step("PUT", path, text, who),
    st.sampled_from(_FILES),
    st.sampled_from(("hello\n", "<metadata/>", "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0")),
    _WRITERS,
)
_GET = st.builds(
    lambda method, path, who, headers: step(method, path, who=who, headers=headers),
    st.sampled_from(("GET", "GET", "HEAD")),
    st.sampled_from(_FILES),
    _READERS,
    st.sampled_from(_HEADERS),
)
_REMOVE = st.builds(lambda path, who: step("DELETE", path, who=who), st.sampled_from(_FILES), _WRITERS)
_OTHER = st.builds(step, st.sampled_from(("POST", "OPTIONS", "PATCH")), st.sampled_from(_FILES))
_CONTENT = st.one_of(_PUT, _PUT, _PUT, _GET, _GET, _GET, _REMOVE, _OTHER)


def _form(repository_: str, name: str, file: str) -> Step:
    parts = [
        {"name": "raw.directory", "value": name},
        {"name": "raw.asset1", "filename": "f", "content": "hello\n", "content_type": "text/plain"},
        {"name": "raw.asset1.filename", "value": file},
    ]
    return step("POST", "components", {"multipart": parts}, query=f"repository={repository_}")


_LISTED = ("files", "once", "together", "mixed", "releases", "all", "nobody")
_COMPONENTS = st.one_of(
    _PUT,
    _PUT,
    st.builds(
        lambda what, repo, who: step("GET", what, who=who, query=f"repository={repo}"),
        st.sampled_from(("components", "assets")),
        st.sampled_from(_LISTED),
        _READERS,
    ),
    st.builds(
        lambda repo, query: step("GET", "search", query=f"repository={repo}{query}"),
        st.sampled_from(("files", "mixed", "together", "all")),
        st.sampled_from(("", "&sort=name", "&q=lib", "&name=lib", "&format=raw", "&group=org.x", "&name=%2Fa.txt")),
    ),
    st.builds(
        _form,
        st.sampled_from(("files", "once", "never", "together", "nobody", "mixed")),
        st.sampled_from(("/f", "f", "", "/")),
        st.sampled_from(("n.txt", "", "m/n.txt")),
    ),
    st.sampled_from(("components", "assets")).flatmap(
        lambda what: asking("GET", named(what + "/{}", ("nope", "bWF2ZW4tcmVsZWFzZXM6MQ")))
    ),
    st.sampled_from(("components", "assets")).map(lambda what: step("GET", what)),
    st.sampled_from(("DELETE", "GET")).flatmap(
        lambda method: st.sampled_from(("components/{id1}", "assets/{id2}")).map(lambda path: step(method, path))
    ),
)

_TASKS = st.one_of(
    asking("GET", "tasks"),
    asking("GET", "tasks", query="type=repository.cleanup"),
    asking("GET", "tasks/nope"),
    asking("POST", "tasks/nope/run"),
    asking("POST", "tasks/nope/stop"),
    asking("POST", "tasks", {"name": "x"}),
    asking("DELETE", "tasks/nope"),
)


def _script(name: str) -> st.SearchStrategy[Body]:
    return spoilt({"name": name, "type": "groovy", "content": "1 + 1"})


_POLICIES = "/service/rest/internal/cleanup-policies"
_READABLE = ("repositories", "security/users", "security/roles", "security/privileges", "security/content-selectors")
_SELECTOR = {"name": "s1", "description": "", "expression": 'format == "raw"'}

AREAS: dict[str, Area] = {
    "repositories": Area(_REPOSITORIES, ("repositories",), ("repositories", "repositorySettings")),
    "blob-stores": Area(_BLOB_STORES, ("blobstores",)),
    "roles": Area(objects("security/roles", ("r1", "r2"), _role), ("security/roles",)),
    "users": Area(_USERS, ("security/users",)),
    "privileges": Area(
        st.sampled_from(sorted(_PRIVILEGES)).flatmap(_of_privilege),
        ("security/privileges", "security/content-selectors"),
        before=(step("POST", "security/content-selectors", _SELECTOR),),
    ),
    "selectors": Area(objects("security/content-selectors", ("s1", "s2"), _selector), ("security/content-selectors",)),
    "routing-rules": Area(objects("routing-rules", ("q1", "q2"), _rule), ("routing-rules",)),
    "cleanup": Area(objects(_POLICIES, ("c1", "c2"), _policy), (_POLICIES,)),
    "realms": Area(_REALMS, ("security/realms/active",)),
    "anonymous": Area(_ANONYMOUS, ("security/anonymous",)),
    "content": Area(_CONTENT, _READABLE, ("repositories",), _PREPARED),
    "components": Area(_COMPONENTS, _READABLE, ("repositories",), _PREPARED),
    "tasks": Area(_TASKS, (), ("tasks",)),
    "scripts": Area(objects("script", ("x1", "x2"), _script), ("script",)),
}
