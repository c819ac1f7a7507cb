"""Stored components: the forms of POST components, the Maven layout and its metadata, Debian packages."""

import base64
from functools import cache

from hypothesis import strategies as st

from tests.conformance.contract.bodies import repository
from tests.conformance.differential.areas.area import Area
from tests.conformance.differential.areas.content import grouped, stored
from tests.conformance.differential.requesting import Step, step
from tests.support.deb import debian_package

_REPOSITORIES = ("repositories",)


def _maven(name: str, version: str, layout: str = "STRICT", policy: str = "ALLOW", strict: bool = False) -> Step:
    body = repository("maven/hosted", name)
    body["maven"] = {"versionPolicy": version, "layoutPolicy": layout}
    body["storage"] |= {"writePolicy": policy, "strictContentTypeValidation": strict}
    return step("POST", "repositories/maven/hosted", body)


def _offline(recipe: str, name: str) -> Step:
    return step("POST", f"repositories/{recipe}", {**repository(recipe, name), "online": False})


def _apt(name: str, policy: str = "ALLOW") -> Step:
    body = repository("apt/hosted", name)
    body["storage"]["writePolicy"] = policy
    return step("POST", "repositories/apt/hosted", body)


_MADE = (
    stored("raw/hosted", "files"),
    stored("raw/hosted", "once", writePolicy="ALLOW_ONCE"),
    stored("raw/hosted", "never", writePolicy="DENY"),
    step("POST", "repositories/raw/hosted", repository("raw/hosted", "typed")),
    _maven("mixed", "MIXED"),
    _maven("releases", "RELEASE"),
    _maven("snapshots", "SNAPSHOT"),
    _maven("fixed", "RELEASE", policy="ALLOW_ONCE"),
    _maven("loose", "MIXED", "PERMISSIVE", strict=True),
    _offline("raw/hosted", "closed"),
    _offline("maven/hosted", "shut"),
    grouped("raw/group", "together", "files"),
    grouped("maven/group", "all", "mixed", "releases"),
    _apt("debs"),
)
_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>org.pom</groupId><artifactId>thing</artifactId>"
    "<version>3.1</version><packaging>jar</packaging></project>"
)
_PARENT = (
    "<project><parent><groupId>org.up</groupId><artifactId>up</artifactId><version>7</version></parent>"
    "<artifactId>child</artifactId></project>"
)
_CONTENTS = ("hello\n", _POM, _PARENT, "<project/>", "<broken", "", "PK\x03\x04 a jar", "<html><body/></html>")
_MAVEN_NAMES = ("mixed", "mixed", "releases", "snapshots", "fixed", "loose", "shut", "all")
_RAW_NAMES = ("files", "files", "once", "never", "typed", "closed", "together")


def _file(name: str, content: object, filename: str = "f") -> dict[str, object]:
    return {"name": name, "filename": filename, "content": content, "content_type": "application/octet-stream"}


@st.composite
def _maven_form(draw: st.DrawFn) -> Step:
    def some(name: str, values: tuple[str, ...], chance: int = 5) -> None:
        if draw(st.integers(0, 5)) < chance:
            parts.append({"name": f"maven2.{name}", "value": draw(st.sampled_from(values))})

    parts: list[dict[str, object]] = []
    if draw(st.integers(0, 3)):
        some("groupId", ("org.x", "org.x", "org/x", "", "."))
        some("artifactId", ("lib", "lib", "a b", ""))
        some("version", ("1.0", "1.0", "1.1", "2-SNAPSHOT", "1.0-20200101.000000-1", ""))
    some("generate-pom", ("true", "false", "on", "yes"), 2)
    some("packaging", ("jar", "war", ""), 1)
    some("tag", ("t",), 0)
    for number in range(draw(st.sampled_from((1, 1, 1, 2, 0)))):
        extension = draw(st.sampled_from(("jar", "jar", "pom", "pom", "", "tar.gz", ".jar", "xml")))
        asset = f"maven2.asset{number + 1}"
        parts.append(_file(asset, draw(st.sampled_from(_CONTENTS))))
        parts.append({"name": f"{asset}.extension", "value": extension})
        if draw(st.integers(0, 3)) == 0:
            parts.append({"name": f"{asset}.classifier", "value": draw(st.sampled_from(("sources", "", "a b")))})
    name = draw(st.sampled_from(_MAVEN_NAMES))
    return step("POST", "components", {"multipart": parts} if parts else None, query=f"repository={name}")


_RAW_FORM = st.builds(
    lambda name, directory, file, content, more: step(
        "POST",
        "components",
        {
            "multipart": [
                {"name": "raw.directory", "value": directory},
                _file("raw.asset1", content),
                {"name": "raw.asset1.filename", "value": file},
                *more,
            ]
        },
        query=f"repository={name}",
    ),
    st.sampled_from(_RAW_NAMES),
    st.sampled_from(("/f", "f", "f/", "/", "", "a//b", "../x", "ü")),
    st.sampled_from(("n.txt", "n.jar", "m/n.txt", "/n.txt", "", "..", "ö.txt", "n.png")),
    st.sampled_from(_CONTENTS),
    st.sampled_from(
        (
            [],
            [],
            [_file("raw.asset2", "two"), {"name": "raw.asset2.filename", "value": "two.txt"}],
            [_file("raw.asset2", "two")],
            [{"name": "raw.unknown", "value": "x"}],
            [{"name": "raw.asset9.filename", "value": "x"}],
        )
    ),
)
_PUT_RAW = st.builds(
    lambda name, file, content, kind: step("PUT", f"/repository/{name}/{file}", content, headers=kind),
    st.sampled_from(_RAW_NAMES),
    st.sampled_from(
        ("f/n.txt", "f/n.jar", "n.png", "n", "n.tar.gz", "n.json", "n.xml", "n.html", "n.md", "n.sha1", "n.js")
    ),
    st.sampled_from(_CONTENTS),
    st.sampled_from(
        ({}, {}, {"content-type": "text/plain"}, {"content-type": "application/json"}, {"content-type": "nope"})
    ),
)
_V = "org/x/lib/1.0/lib-1.0"
_S = "org/x/lib/2-SNAPSHOT"
_LAYOUT = (
    *(
        f"{_V}.{end}"
        for end in ("jar", "pom", "jar.sha1", "jar.md5", "jar.asc", "jar.asc.sha1", "jar.sha256", "tar.gz", "xml")
    ),
    f"{_V}-sources.jar",
    f"{_S}/lib-2-SNAPSHOT.jar",
    f"{_S}/lib-2-20200101.000000-1.jar",
    f"{_S}/lib-2-20200101.000000-1.jar.sha1",
    f"{_S}/maven-metadata.xml",
    f"{_S}/maven-metadata.xml.sha1",
    "org/x/lib/maven-metadata.xml",
    "org/x/lib/maven-metadata.xml.md5",
    "org/x/maven-metadata.xml",
    "org/x/lib/1.0/other-1.0.jar",
    "org/x/lib/1.0/lib-2.0.jar",
    "org/x/lib/1.0/readme.txt",
    "archetype-catalog.xml",
    "x.jar",
    ".index/nexus-maven-repository-index.properties",
)
_SHA1 = "f572d396fae9206628714fb2ce00f72e94f2258f"  # of hello
_METADATA = (
    "<metadata/>",
    "<metadata><groupId>org.x</groupId><artifactId>lib</artifactId><versioning><latest>1.0</latest><release>1.0</release>"
    "<versions><version>1.0</version></versions><lastUpdated>20200101000000</lastUpdated></versioning></metadata>",
    '<metadata modelVersion="1.1.0"><groupId>org.x</groupId><artifactId>lib</artifactId><versioning><versions>'
    "<version>1.10</version><version>1.9</version></versions></versioning></metadata>",
    '<metadata modelVersion="1.1.0"><groupId>org.x</groupId><artifactId>lib</artifactId>'
    "<version>2-SNAPSHOT</version><versioning>"
    "<snapshot><timestamp>20200101.000000</timestamp><buildNumber>1</buildNumber></snapshot>"
    "<lastUpdated>20200101000000</lastUpdated>"
    "<snapshotVersions><snapshotVersion><extension>jar</extension><value>2-20200101.000000-1</value>"
    "<updated>20200101000000</updated>"
    "</snapshotVersion></snapshotVersions></versioning></metadata>",
    "<metadata><groupId>org.x</groupId><plugins><plugin><name>P</name><prefix>lib</prefix><artifactId>lib</artifactId></plugin></plugins></metadata>",
    "<metadata><groupId>org.other</groupId></metadata>",
    "<other/>",
    "<metadata>",
)
_DEPLOYED = st.builds(
    lambda name, file, content: step("PUT", f"/repository/{name}/{file}", content),
    st.sampled_from(_MAVEN_NAMES),
    st.sampled_from(_LAYOUT),
    st.sampled_from((*_CONTENTS, _SHA1, _SHA1 + "  lib.jar", *_METADATA)),
)
_METADATA_PUT = st.builds(
    lambda name, file, content: step("PUT", f"/repository/{name}/{file}", content),
    st.sampled_from(("mixed", "releases", "snapshots", "fixed")),
    st.sampled_from([file for file in _LAYOUT if "maven-metadata" in file]),
    st.sampled_from((*_METADATA, *_METADATA, _SHA1)),
)
_READ = st.builds(
    lambda method, name, file: step(method, f"/repository/{name}/{file}"),
    st.sampled_from(("GET", "GET", "GET", "HEAD", "DELETE")),
    st.sampled_from(_MAVEN_NAMES),
    st.sampled_from(
        (*_LAYOUT, "org/x/lib/maven-metadata.xml", "org/x/lib/maven-metadata.xml", "org/x/lib/maven-metadata.xml.sha1")
    ),
)


def _listed(names: tuple[str, ...]) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda what, name: step("GET", what, query=f"repository={name}"),
        st.sampled_from(("assets", "assets", "components")),
        st.sampled_from(names),
    )


UPLOADS = Area(
    st.one_of(_maven_form(), _maven_form(), _RAW_FORM, _PUT_RAW, _listed((*_MAVEN_NAMES, *_RAW_NAMES)), _READ),
    _REPOSITORIES,
    (),
    _MADE,
)
MAVEN = Area(
    st.one_of(_DEPLOYED, _DEPLOYED, _METADATA_PUT, _METADATA_PUT, _READ, _READ, _listed(_MAVEN_NAMES)),
    _REPOSITORIES,
    (),
    _MADE,
)


@cache
def _packages() -> tuple[object, ...]:
    whole = [debian_package(*named) for named in (("hello", "1.0"), ("hello", "1:2.0-3"), ("libx+y", "0~rc1"))]
    broken = (b"", b"no package", b"!<arch>\n", whole[0][:100], whole[0].replace(b"control.tar.gz", b"contrxl.tar.gz"))
    return tuple({"base64": base64.b64encode(one).decode()} for one in (*whole, *whole, *broken))


_DISTS = (
    *(f"dists/stable/{name}" for name in ("Release", "InRelease", "Release.gpg", "main/binary-all/Packages", "none")),
    *(f"dists/stable/main/binary-all/Packages.{end}" for end in ("gz", "bz2", "xz")),
    "dists/stable/main/binary-amd64/Packages",
    "dists/other/Release",
    "pool/h/hello/hello_1.0_all.deb",
    "pool/h/hello/hello_1:2.0-3_all.deb",
    "pool/libx/libx+y/libx+y_0~rc1_all.deb",
    "pool/l/libx+y/libx+y_0~rc1_all.deb",
    "pool/",
    "",
    "none.deb",
)
_APT_STEPS = st.one_of(
    st.builds(
        lambda name, body: step("POST", f"/repository/{name}/", body),
        st.sampled_from(("debs", "debs", "denied", "fixed", "closed")),
        st.sampled_from(_packages()),
    ),
    st.builds(
        lambda name, body, field: step(
            "POST", "components", {"multipart": [_file(field, body, "x.deb")]}, query=f"repository={name}"
        ),
        st.sampled_from(("debs", "debs", "denied", "fixed", "closed")),
        st.sampled_from(_packages()),
        st.sampled_from(("apt.asset", "apt.asset", "asset", "deb.asset1")),
    ),
    st.builds(
        lambda method, name, file: step(method, f"/repository/{name}/{file}"),
        st.sampled_from(("GET", "GET", "GET", "GET", "HEAD", "DELETE", "PUT", "POST", "MKCOL")),
        st.sampled_from(("debs", "debs", "debs", "fixed", "denied")),
        st.sampled_from(_DISTS),
    ),
    _listed(("debs", "debs", "fixed")),
)
APT = Area(
    _APT_STEPS,
    _REPOSITORIES,
    (),
    (_apt("debs"), _apt("fixed", "ALLOW_ONCE"), _apt("denied", "DENY"), _offline("apt/hosted", "closed")),
)
