"""Users, roles and privileges."""

from hypothesis import strategies as st

from tests.conformance.differential.requesting import Steps, asking, named, step
from tests.conformance.differential.values import Body, either, spoilt


def role(name: str) -> st.SearchStrategy[Body]:
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


USERS = st.one_of(
    st.sampled_from(("u1", "u2")).flatmap(lambda name: asking("POST", "security/users", _user(name))),
    st.sampled_from(("u1", "u2")).flatmap(lambda name: asking("POST", "security/users", _user(name))),
    st.sampled_from(("u1", "u2", "nobody")).flatmap(lambda name: asking("PUT", f"security/users/{name}", _user(name))),
    asking("DELETE", named("security/users/{}", ("u1", "u2", "nobody"))),
    st.sampled_from(("userId=u", "source=default", "userId=U1&source=default", "source=nope", "source=LDAP")).flatmap(
        lambda query: asking("GET", "security/users", query=query)
    ),
    asking("GET", "security/user-sources"),
)

_BODIES: dict[str, Body] = {
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
    """Names have one type each: an update through the path of another type damages the server."""
    name = f"p-{kind}"
    path = f"security/privileges/{kind}"
    body = {"name": name, "description": "d", **_BODIES[kind]}
    return st.one_of(
        asking("POST", path, spoilt(body, frozenset({("name",)}))),
        asking("POST", path, spoilt(body, frozenset({("name",)}))),
        asking("PUT", f"{path}/{name}", spoilt(body, frozenset({("name",)}))),
        asking("GET", f"security/privileges/{name}"),
        asking("DELETE", f"security/privileges/{name}"),
        asking("DELETE", named("security/privileges/{}", ("nx-all", "nobody"))),
    )


PRIVILEGES = st.sampled_from(sorted(_BODIES)).flatmap(_of_privilege)


def selector(name: str) -> st.SearchStrategy[Body]:
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


REALMS = st.one_of(
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
ANONYMOUS = st.one_of(
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
