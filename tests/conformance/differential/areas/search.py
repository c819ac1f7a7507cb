"""Searches for components and assets with every parameter of the core, over the same content in every sequence."""

import base64

from hypothesis import strategies as st

from tests.conformance.contract.bodies import repository
from tests.conformance.differential.areas.area import Area
from tests.conformance.differential.areas.content import grouped, stored
from tests.conformance.differential.requesting import Step, step
from tests.support.deb import debian_package

_RAW = (
    "Read Me.txt",
    "readme.txt",
    "docs/Guide-one.txt",
    "docs/guide_two.html",
    "a/b/c/deep.bin",
    "v1.2/tool-1.2.zip",
    "lib.jar",
)
_MAVEN = (
    "org/example/app/1.0/app-1.0.jar",
    "org/example/app/1.0/app-1.0.pom",
    "org/example/app/1.0/app-1.0-sources.jar",
    "org/example/app/1.10/app-1.10.jar",
    "org/example/app/1.9/app-1.9.jar",
    "org/example/app/2.0-rc1/app-2.0-rc1.jar",
    "org/example/app/2.0-SNAPSHOT/app-2.0-20200101.000000-1.jar",
    "com/Acme/My-Lib/0.1/My-Lib-0.1.jar",
    "org/example/maven-metadata.xml",
)
_CONTENT = (
    *((f"files/{name}", f"text of {name}") for name in _RAW),
    *((f"more/{name}", f"text of {name}") for name in _RAW[:2]),
    *((f"mixed/{name}", "<metadata/>" if name.endswith(".xml") else "binary") for name in _MAVEN),
)
_SHA1 = "e9d3c2ae2a7a2b8e0a4b4a2b7a2c9f3f5f6b7d1c"


def _apt() -> tuple[Step, ...]:
    package = {"base64": base64.b64encode(debian_package("hello", "1:2.0")).decode()}
    create = step("POST", "repositories/apt/hosted", repository("apt/hosted", "debs"))
    return create, step("POST", "/repository/debs/", package)


# Made once, not for each sequence: the index of a real server takes a second to follow.
_BEFORE = (
    stored("raw/hosted", "files"),
    stored("raw/hosted", "more"),
    stored("maven/hosted", "mixed"),
    *_apt(),
    grouped("raw/group", "together", "files", "more"),
    grouped("maven/group", "all", "mixed"),
    *(step("PUT", f"/repository/{path}", text) for path, text in _CONTENT),
)
_WORDS = [
    "readme",
    "readme*",
    "READ*",
    "*read*",
    "app",
    "App",
    "APP",
    "lib",
    "my-lib",
    "My*",
    "org.example",
    "org.*",
    "example",
    "com.acme",
    "hello",
    "guide",
    "guide*",
    "Guide-one",
    "deep",
    "1.0",
    "1.*",
    "2.0-SNAPSHOT",
    "2.0-20200101.000000-1",
    "jar",
    "zip",
    "text",
    ".*",
    "*",
    "?pp",
    "a?p",
    "nothing",
    "org/example",
    "/docs",
    "docs",
    "tool-1.2",
    "tool",
    "1.2",
    "files",
    "mixed",
    "org.example:app",
    "org.example:app:1.0",
    "org.example:app:1.0:jar",
    "org.example:app:1.0:jar:sources",
    ":app",
    "app:",
    "",
    " ",
    '"read me"',
    "read me",
    "app 1.0",
    "app org.example",
    "example app",
    '"app',
    "a AND b",
    "app OR lib",
    "-app",
    "+app",
    "(app",
    "app~",
    "app^2",
    "[a TO z]",
    "\\",
    "/",
    "name:app",
    "é",
]
_VALUES: dict[str, tuple[str, ...]] = {
    "q": tuple(_WORDS),
    "keyword": ("app", "lib*"),
    "repository": ("files", "more", "mixed", "together", "all", "debs", "nobody", "mix*", "FILES", "", "*"),
    "format": ("raw", "maven2", "apt", "RAW", "maven*", "npm", ""),
    "group": ("org.example", "ORG.EXAMPLE", "org.*", "com.Acme", "/docs", "docs", "/", "all", "", "*", "org example"),
    "name": (
        "app",
        "App",
        "a*",
        "/readme.txt",
        "readme.txt",
        "/Read Me.txt",
        "*lib*",
        "*Lib*",
        "My-Lib",
        "hello",
        "",
        "a?p",
    ),
    "version": ("1.0", "1.*", "2.0-SNAPSHOT", "2.0-20200101.000000-1", "1:2.0", "2.0-rc1", "2.0-RC1", "", "1.0 1.9"),
    "prerelease": ("true", "false", "TRUE", "nope", ""),
    "md5": ("9d7183f16acce70658f686ae7f1a4d20", "nope", ""),
    "sha1": ("bc97c643aba3b6c6abe253222f439d4002a87528", _SHA1, ""),
    "sha256": ("nope", ""),
    "sha512": ("nope", ""),
    "maven.groupId": ("org.example", "org.*", "ORG.example", ""),
    "maven.artifactId": ("app", "a*", "APP", ""),
    "maven.baseVersion": ("2.0-SNAPSHOT", "1.0", "2.*", ""),
    "maven.extension": ("jar", "pom", "JAR", "j*", ""),
    "maven.classifier": ("sources", "SOURCES", "", "s*"),
    "gavec": ("app", "org.example:app:1.0:jar:"),
    "group.raw": ("org.example",),
    "name.raw": ("app",),
    "attributes.maven2.artifactId": ("app",),
    "assets.attributes.maven2.extension": ("jar", "pom"),
    "assets.name": ("/readme.txt", "nope"),
    "timeout": ("5", "x", ""),
    "unknown": ("x", ""),
    "wait": ("true",),
    "sort": ("group", "name", "version", "repository", "repositoryName", "nope", ""),
    "direction": ("asc", "desc", "ASC", "up", ""),
    "continuationToken": ("nope", ""),
}
_OFTEN = (
    "q",
    "q",
    "q",
    "repository",
    "repository",
    "format",
    "group",
    "name",
    "name",
    "version",
    "sort",
    "sort",
    "direction",
)


@st.composite
def _query(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from((*_OFTEN, *_VALUES)), max_size=3))
    return "&".join(f"{name}={draw(st.sampled_from(_VALUES[name]))}" for name in names)


def _quoted(query: str) -> str:
    for letter, code in ((" ", "%20"), ('"', "%22"), ("+", "%2B"), ("^", "%5E"), ("\\", "%5C"), ("é", "%C3%A9")):
        query = query.replace(letter, code)
    return query


_STEPS = st.builds(
    lambda path, query, who: step("GET", path, who=who, query=_quoted(query)),
    st.sampled_from(("search", "search", "search/assets", "search/assets", "search/assets/download")),
    _query(),
    st.sampled_from(("admin",) * 6 + ("none",)),
)
SEARCH = Area(_STEPS, (), before=_BEFORE, once=True)
