"""What every client sends to content: ranges, conditions, folders; and bodies that no client should send."""

from hypothesis import strategies as st

from tests.conformance.differential.areas.area import Area
from tests.conformance.differential.areas.content import grouped, stored
from tests.conformance.differential.requesting import Step, Steps, step

_TEXT = "hello world, 0123456789\n"
_ETAG = '"2ab1ce4ec7ddba85a3c9eb0f6d7a5f3d7d0d9ac0"'
_FILES = ("a.txt", "d/b.txt", "d/e/page.html", "d/index.html", "none.txt", "ü.txt", "d/zero")
_JAR = "org/x/lib/1.0/lib-1.0.jar"
_FOLDERS = ("", "d", "d/", "d/e/", "none/", "org/", "org/x/lib/", "org/x/lib", "//", "./", "d/../a.txt", "d//b.txt")
_PATHS = (
    *(f"/repository/{name}/{file}" for name in ("files", "together") for file in _FILES),
    *(f"/repository/{name}/{file}" for name in ("mixed", "all") for file in (_JAR, f"{_JAR}.sha1", "none.jar")),
    *(f"/repository/{name}/{file}" for name in ("files", "together", "mixed", "all") for file in _FOLDERS),
    *(
        f"/service/rest/repository/browse/{name}/{file}"
        for name in ("files", "mixed", "nobody")
        for file in ("", "d/", "none/")
    ),
    "/repository/files",
    "/repository/nobody/x",
    "/repository/nobody",
    "/repository/",
    "/repository",
)
_RANGES = [
    "0-3",
    "5-",
    "-5",
    "0-0",
    "100-200",
    "-100",
    "-0",
    "23-23",
    "24-",
    "20-100",
    "0-3,5-7",
    "0-3,100-",
    "5-3",
    "x-y",
    "-",
    "1",
    "0-",
    "0-23",
    "0-24",
]
_HEADERS: tuple[tuple[str, str], ...] = (
    *(("range", f"bytes={one}") for one in _RANGES),
    ("range", "bytes="),
    ("range", "lines=0-3"),
    ("range", "bytes 0-3"),
    ("range", "BYTES=0-3"),
    ("range", "bytes= 0-3"),
    ("if-match", "*"),
    ("if-match", _ETAG),
    ("if-match", '"nope"'),
    ("if-none-match", "*"),
    ("if-none-match", '"nope"'),
    ("if-none-match", f'W/{_ETAG}, "x"'),
    ("if-modified-since", "Mon, 01 Jan 2035 00:00:00 GMT"),
    ("if-modified-since", "Mon, 01 Jan 2001 00:00:00 GMT"),
    ("if-modified-since", "nope"),
    ("if-unmodified-since", "Mon, 01 Jan 2035 00:00:00 GMT"),
    ("if-unmodified-since", "Mon, 01 Jan 2001 00:00:00 GMT"),
    ("if-unmodified-since", "nope"),
    ("if-range", '"nope"'),
    ("if-range", "Mon, 01 Jan 2001 00:00:00 GMT"),
    ("accept", "text/html"),
    ("accept-encoding", "gzip"),
)
_SENT = st.lists(st.sampled_from(_HEADERS), max_size=2).map(dict)
_PUTS = tuple(
    step("PUT", f"/repository/{path}", _TEXT)
    for path in ("files/a.txt", "files/d/b.txt", f"mixed/{_JAR}", "files/d/e/page.html", "files/d/index.html")
)
_MADE = (
    stored("raw/hosted", "files"),
    stored("maven/hosted", "mixed"),
    grouped("raw/group", "together", "files"),
    grouped("maven/group", "all", "mixed"),
    *_PUTS,
)
_READ = st.builds(
    lambda method, path, headers, who: step(method, path, headers=headers, who=who),
    st.sampled_from(("GET", "GET", "GET", "HEAD", "HEAD")),
    st.sampled_from(_PATHS),
    _SENT,
    st.sampled_from(("admin",) * 8 + ("none", "bad")),
)
_WRITE = st.builds(
    lambda method, path, headers: step(method, path, _TEXT if method in ("PUT", "POST") else None, headers=headers),
    st.sampled_from(("PUT", "PUT", "DELETE", "POST", "OPTIONS", "PATCH", "TRACE", "MKCOL")),
    st.sampled_from(_PATHS),
    _SENT,
)
HTTP = Area(st.one_of(_READ, _READ, _READ, _READ, _WRITE), ("repositories",), (), _MADE)

_OBJECTS = (
    "repositories/raw/hosted",
    "repositories/maven/proxy",
    "repositories/apt/hosted",
    "repositories/raw/group",
    "security/users",
    "security/roles",
    "security/privileges/wildcard",
    "security/content-selectors",
    "routing-rules",
    "blobstores/file",
    "components",
)
_SETTINGS = ("security/realms/active", "security/anonymous", "repositories/raw/hosted/files", "security/roles/r1")
_BODIES = (
    "",
    " ",
    "{",
    "{}",
    "[]",
    "[{}]",
    "null",
    "1",
    '"text"',
    "true",
    "nope",
    '{"name": }',
    '{"name": "x",}',
    "{'name': 'x'}",
    '{"name": "x"} trailing',
    '{"name": "x"}{"name": "y"}',
    '{"name": "x", "name": "y"}',
    '{"name": {"a": 1}}',
    '{"name": ["a"]}',
    '{"name": "\\ud800"}',
    '{"name": "a\tb"}',
    '{"name": NaN}',
    '{"name": 01}',
    "<xml/>",
    "a=b&c=d",
    "/* x */ {}",
    "\ufeff{}",
)
_TYPES = (
    "application/json",
    "application/json",
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "nope",
    "",
)


def _malformed(method: str, path: str, body: str, kind: str) -> Step:
    made = step(method, path, body)
    if kind:
        made["request"]["headers"]["content-type"] = kind
    return made


_MALFORMED: Steps = st.one_of(
    st.builds(
        _malformed, st.just("POST"), st.sampled_from(_OBJECTS), st.sampled_from(_BODIES), st.sampled_from(_TYPES)
    ),
    st.builds(
        _malformed, st.just("PUT"), st.sampled_from(_SETTINGS), st.sampled_from(_BODIES), st.sampled_from(_TYPES)
    ),
    st.builds(
        _malformed,
        st.sampled_from(("POST", "PUT", "PATCH", "DELETE")),
        st.sampled_from((*_OBJECTS, *_SETTINGS, "status", "nope")),
        st.sampled_from(("", "{}")),
        st.just("application/json"),
    ),
)
MALFORMED = Area(
    _MALFORMED,
    (
        "security/realms/active",
        "security/anonymous",
        "repositories",
        "security/users",
        "security/roles",
        "security/privileges",
        "security/content-selectors",
        "routing-rules",
        "blobstores",
    ),
    ("repositories", "security/roles", "security/realms/active", "security/anonymous"),
    (stored("raw/hosted", "files"), step("POST", "security/roles", {"id": "r1", "name": "r1"})),
)
