"""Clients store, read and search content, as users with and without permissions."""

from hypothesis import strategies as st

from tests.conformance.contract.bodies import repository
from tests.conformance.differential.requesting import Step, asking, named, step

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


def stored(recipe: str, name: str, **more: object) -> Step:
    body = repository(recipe, name)
    body["storage"]["strictContentTypeValidation"] = False
    for key, value in more.items():
        body["storage"][key] = value
    return step("POST", f"repositories/{recipe}", body)


def grouped(recipe: str, name: str, *members: str) -> Step:
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


PREPARED = (
    stored("raw/hosted", "files"),
    stored("raw/hosted", "once", writePolicy="ALLOW_ONCE"),
    stored("raw/hosted", "never", writePolicy="DENY"),
    stored("maven/hosted", "mixed"),
    step(
        "POST",
        "repositories/maven/hosted",
        {**repository("maven/hosted", "releases"), "maven": {"versionPolicy": "RELEASE", "layoutPolicy": "STRICT"}},
    ),
    grouped("raw/group", "together", "files", "once"),
    grouped("maven/group", "all", "mixed", "releases"),
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
CONTENT = st.one_of(_PUT, _PUT, _PUT, _GET, _GET, _GET, _REMOVE, _OTHER)


def _form(repository_: str, name: str, file: str) -> Step:
    parts = [
        {"name": "raw.directory", "value": name},
        {"name": "raw.asset1", "filename": "f", "content": "hello\n", "content_type": "text/plain"},
        {"name": "raw.asset1.filename", "value": file},
    ]
    return step("POST", "components", {"multipart": parts}, query=f"repository={repository_}")


_LISTED = ("files", "once", "together", "mixed", "releases", "all", "nobody")
COMPONENTS = st.one_of(
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
