"""The smallest request that creates a repository, for every format and type of the newest server."""

from typing import Any

TYPES = {
    "alpine": "hosted proxy group",
    "ansiblegalaxy": "hosted proxy group",
    "apt": "hosted proxy",
    "cargo": "hosted proxy group",
    "cocoapods": "proxy",
    "composer": "hosted proxy group",
    "conan": "hosted proxy group",
    "conda": "hosted proxy group",
    "docker": "hosted proxy group",
    "gitlfs": "hosted",
    "go": "hosted proxy group",
    "helm": "hosted proxy group",
    "huggingface": "proxy",
    "maven": "hosted proxy group",
    "npm": "hosted proxy group",
    "nuget": "hosted proxy group",
    "oci": "hosted proxy group",
    "p2": "proxy",
    "pub": "hosted proxy group",
    "pypi": "hosted proxy group",
    "r": "hosted proxy group",
    "raw": "hosted proxy group",
    "rubygems": "hosted proxy group",
    "swift": "hosted proxy group",
    "terraform": "hosted proxy group",
    "yum": "hosted proxy group",
}
RECIPES = [f"{fmt}/{kind}" for fmt, kinds in TYPES.items() for kind in kinds.split()]

_REGISTRY = {"v1Enabled": False, "forceBasicAuth": True}
_MAVEN = {"versionPolicy": "MIXED", "layoutPolicy": "STRICT"}
_KEY = {"keypair": "key", "passphrase": "word"}
_SECTIONS: dict[str, dict[str, Any]] = {
    "alpine/proxy": {"alpineSigning": _KEY},
    "alpine/group": {"alpineSigning": _KEY},
    "apt/hosted": {"apt": {"distribution": "stable"}, "aptSigning": _KEY},
    "apt/proxy": {"apt": {"distribution": "stable", "flat": False}},
    "docker/proxy": {"dockerProxy": {"indexType": "REGISTRY"}},
    "maven/hosted": {"maven": _MAVEN},
    "maven/proxy": {"maven": _MAVEN},
    "nuget/proxy": {"nugetProxy": {"nugetVersion": "V3"}},
    "terraform/hosted": {"terraformSigning": _KEY},
    "yum/hosted": {"yum": {"repodataDepth": 0, "deployPolicy": "STRICT"}},
}


def repository(
    recipe: str, name: str, remote: str = "http://127.0.0.1:9", members: tuple[str, ...] = ()
) -> dict[str, Any]:
    fmt, kind = recipe.split("/")
    body: dict[str, Any] = {
        "name": name,
        "online": True,
        "storage": {"blobStoreName": "default", "strictContentTypeValidation": True},
        **_SECTIONS.get(recipe, {}),
    }
    if fmt in ("docker", "oci"):
        body[fmt] = dict(_REGISTRY)
    if kind == "hosted":
        body["storage"]["writePolicy"] = "ALLOW"
    elif kind == "group":
        body["group"] = {"memberNames": list(members)}
    else:
        body["proxy"] = {"remoteUrl": remote, "contentMaxAge": 1440, "metadataMaxAge": 1440}
        body["negativeCache"] = {"enabled": True, "timeToLive": 1440}
        body["httpClient"] = {"blocked": False, "autoBlock": True}
    return body
