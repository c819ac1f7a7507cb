"""Stacks that comply with the rules about permissions and logins, and stacks that violate them, with the messages."""

from policy.rule import Resource
from tests.unit.policy.resources import (
    anonymous,
    capability,
    nexus,
    privilege,
    realms,
    role,
    user,
)

TOKEN = realms("NexusAuthenticatingRealm", "DockerToken")
READS = ["nx-repository-view-docker-docker-group-browse", "nx-repository-view-docker-docker-group-read"]


GOOD: dict[str, list[list[Resource]]] = {
    "no-anonymous-access": [[anonymous(False)]],
    "no-anonymous-write": [
        [role("nx-anonymous", READS), role("ci", ["nx-repository-view-docker-a-add"])],
        [user("anonymous", "nx-anonymous")],
        [
            anonymous(True),
            user("anonymous", "guests"),
            role("guests", ["sounds-like-write-add", "nx-search-read"]),
            privilege("sounds-like-write-add", "repository-view", format="raw", repository="a", actions=["READ"]),
        ],
    ],
    "no-wildcard-privilege": [
        [role("ci", READS, ["readers"])],
        [role("readers", ["nx-repository-view-*-*-read", "nx-repository-view-*-*-browse"])],
        [role("ci", ["nx-repository-view-docker-a-b-edit", "nx-repository-admin-raw-files-*"])],
    ],
    "administrators": [
        [user("admin", "nx-admin"), user("ci", "ci"), role("ci", READS)],
        [role("help", ["nx-users-read", "nx-script-*-run", "nx-tasks-run", "nx-component-upload"])],
        [role("nx-admin", ["nx-all"])],
    ],
    "default-role": [
        [capability("defaultrole", role="nx-anonymous")],
        [capability("defaultrole", enabled=False, role="nx-admin")],
        [capability("baseurl", url="https://nexus.domain.org")],
    ],
    "no-identity-header": [[TOKEN, capability("audit")]],
}

BAD: dict[str, list[tuple[list[Resource], str]]] = {
    "no-anonymous-access": [([anonymous(True)], "set anonymousAccess to false")],
    "no-anonymous-write": [
        ([role("nx-anonymous", ["nx-repository-view-raw-files-add"])], "do nx-repository-view-raw-files-add"),
        (
            [user("anonymous", "guests"), role("guests", [], ["w"]), role("w", ["nx-repository-view-a-b-edit"])],
            "role w lets",
        ),
        ([user("jenkins", "ci"), user("anonymous", "nx-admin")], "or the role from the user anonymous"),
        (
            [
                user("anonymous", "guests"),
                role("guests", ["harmless-read"]),
                privilege("harmless-read", "repository-view", format="raw", repository="files", actions=["ALL"]),
            ],
            "do harmless-read (nexus:repository-view:raw:files:*)",
        ),
        (
            [
                user("anonymous", "guests"),
                role("guests", ["only-to-read"]),
                privilege("only-to-read", "wildcard", pattern="nexus:repository-view:*:*:READ,ADD"),
            ],
            "do only-to-read",
        ),
        ([role("nx-anonymous", ["made-by-hand-read"])], "do made-by-hand-read"),
        ([user("anonymous", "made-by-hand")], "the role made-by-hand is neither"),
        (
            [anonymous(True, userId="guest"), user("guest", "ci"), role("ci", ["nx-repository-view-raw-a-delete"])],
            "do nx-repository-view-raw-a-delete",
        ),
        ([anonymous(True, userId="guest")], "the user guest, who is not declared"),
        ([role("nx-anonymous", ["nx-component-upload"])], "do nx-component-upload"),
    ],
    "no-wildcard-privilege": [
        *(
            ([role("ci", [name])], f"ci has {name}")
            for name in (
                "nx-repository-view-*-*-*",
                "nx-repository-view-*-*-add",
                "nx-repository-view-*-*-edit",
                "nx-repository-view-*-*-delete",
                "nx-repository-view-docker-*-*",
                "nx-repository-view-docker-*-add",
                "nx-repository-admin-*-*-edit",
                "nx-all",
            )
        ),
        *(
            ([role("ci", ["mine"]), privilege("mine", kind, **body)], "ci has mine")
            for kind, body in (
                ("wildcard", {"pattern": "nexus:*"}),
                ("wildcard", {"pattern": "*"}),
                ("wildcard", {"pattern": "Nexus:Repository-View"}),
                ("wildcard", {"pattern": "nexus:repository-view,search:*:*:update"}),
                ("repository-view", {"format": "docker", "repository": "*", "actions": ["EDIT"]}),
                ("repository-view", {"format": "*", "repository": "*-maven2", "actions": ["add"]}),
                ("repository-admin", {"format": "*", "repository": "*", "actions": ["DELETE"]}),
                (
                    "repository-content-selector",
                    {"contentSelector": "all", "format": "*", "repository": "*", "actions": ["ALL"]},
                ),
            )
        ),
        ([role("ci", [], ["nx-admin"])], "ci has nx-all (nexus:*) through the role nx-admin"),
    ],
    "administrators": [
        *(
            ([role("ops", [name])], f"ops has {name}")
            for name in (
                "nx-all",
                "nx-users-all",
                "nx-users-update",
                "nx-userschangepw",
                "nx-roles-all",
                "nx-roles-create",
                "nx-privileges-all",
                "nx-selectors-update",
                "nx-script-*-*",
                "nx-script-*-add",
                "nx-script-deploy-edit",
                "nx-tasks-all",
                "nx-capabilities-create",
                "nx-settings-update",
                "nx-ldap-all",
                "nx-blobstores-delete",
                "nx-ssl-truststore-create",
                "nx-atlas-all",
            )
        ),
        *(
            ([role("ops", ["harmless-read"]), privilege("harmless-read", kind, **body)], "ops has harmless-read")
            for kind, body in (
                ("wildcard", {"pattern": "nexus:*"}),
                ("wildcard", {"pattern": "*:users:create"}),
                ("wildcard", {"pattern": "NEXUS:ROLES"}),
                ("application", {"domain": "users", "actions": ["EDIT"]}),
                ("script", {"scriptName": "deploy", "actions": ["EDIT"]}),
            )
        ),
        ([user("boss", "nx-admin")], "boss has the role nx-admin"),
        ([nexus("SamlUser", "boss", {"roles": ["nx-admin"]})], "boss has the role nx-admin"),
        ([role("ops", [], ["nx-admin"])], "through the role nx-admin"),
        ([role("ops", ["made-by-hand"])], "ops has made-by-hand, which is neither"),
        ([role("ops", [], ["made-by-hand"])], "ops has the role made-by-hand, which is neither"),
        ([user("jenkins", "made-by-hand")], "jenkins: the role made-by-hand is neither"),
    ],
    "default-role": [
        ([capability("defaultrole", role="nx-admin")], "gives everybody who logs in the role nx-admin"),
        (
            [capability("defaultrole", role="all"), role("all", [], ["w"]), role("w", ["nx-repository-view-a-b-add"])],
            "with it nx-repository-view-a-b-add",
        ),
        ([capability("defaultrole", role="made-by-hand")], "the role made-by-hand is neither"),
    ],
    "no-identity-header": [
        ([realms("NexusAuthenticatingRealm", "rutauth-realm")], "remove it from realms"),
        ([capability("rutauth", httpHeader="X-SSO-USER")], "remove it from capabilities"),
    ],
}
