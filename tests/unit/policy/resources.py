"""Resources in the form that this project's program declares."""

from typing import Any

from components.bundle import bundle
from policy.rule import Resource
from stacks.layout import NEXUS_TYPES


def nexus(kind: str, name: str, body: dict[str, Any], **props: Any) -> Resource:
    return Resource(f"{NEXUS_TYPES}{kind}", name, {"kind": kind, "name": name, "body": body, **props})


def repository(name: str = "docker-private", format: str = "docker", type: str = "hosted", **body: Any) -> Resource:
    body.setdefault("storage", {"blobStoreName": name, "writePolicy": "ALLOW_ONCE"})
    return nexus("Repository", name, body, format=format, type=type)


def store(name: str, type: str = "file") -> Resource:
    return nexus("BlobStore", name, {}, type=type)


def compact(store: str, enabled: bool = True) -> Resource:
    body = {"type": "blobstore.compact", "enabled": enabled, "properties": {"blobstoreName": store}}
    return nexus("Task", f"compact-{store}", body)


def container(**props: Any) -> Resource:
    right: dict[str, Any] = {
        "volumes": [{"containerPath": "/nexus-data", "volumeName": "v"}],
        "stopTimeout": 120.0,
        "destroyGraceSeconds": 120.0,
        "capabilities": {"drops": ["ALL"]},
        "securityOpts": ["no-new-privileges:true"],
        "memory": 4096.0,
        "logOpts": {"max-size": "10m"},
        "restart": "unless-stopped",
        "envs": ["INSTALL4J_ADD_VM_PARAMS=-Xmx1g", "NEXUS_SECURITY_INITIAL_PASSWORD=x"],
    }
    return Resource("docker:index/container:Container", "nexus", {**right, **props})


def image(name: str) -> Resource:
    return Resource("docker:index/remoteImage:RemoteImage", "nexus-image", {"name": name})


def key(**props: Any) -> Resource:
    return Resource("tls:index/privateKey:PrivateKey", "leaf-key", props)


def leaf(days: float) -> Resource:
    return Resource("tls:index/locallySignedCert:LocallySignedCert", "leaf", {"validityPeriodHours": days * 24})


def nginx_files(protocols: str) -> Resource:
    files = {"nginx.conf": f"http {{\n    ssl_protocols {protocols};\n}}\n", "tls.key": "hunter2"}
    return Resource("command:local:Command", "nginx-load", {"stdin": bundle(files)})


def realms(*active: str) -> Resource:
    return nexus("Realms", "realms", {"active": list(active)})


def anonymous(enabled: bool, **body: Any) -> Resource:
    return nexus("AnonymousAccess", "anonymous", {"enabled": enabled, **body})


def role(name: str, privileges: list[str], roles: list[str] | None = None) -> Resource:
    return nexus("Role", name, {"privileges": privileges, "roles": roles or []})


def user(name: str, *roles: str) -> Resource:
    return nexus("User", name, {"roles": list(roles)})


def privilege(name: str, type: str, **body: Any) -> Resource:
    return nexus("Privilege", name, body, type=type)


def capability(type: str, enabled: bool = True, **properties: str) -> Resource:
    return nexus("Capability", type, {"type": type, "enabled": enabled, "properties": properties})


def provider(**values: str) -> Resource:
    settings = {"url": "https://nexus.domain.org", "password": "0123456789abcdef"} | values
    return Resource(
        "pulumi:providers:pulumi-python", "nexus", {f"repository-store:{key}": value for key, value in settings.items()}
    )
