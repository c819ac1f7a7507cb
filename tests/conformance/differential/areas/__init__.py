"""The areas by name: the requests of a sequence, the listings after it, and what is removed."""

from hypothesis import strategies as st

from tests.conformance.differential.areas import content, repositories, requests, security, uploads
from tests.conformance.differential.areas.area import Area, objects
from tests.conformance.differential.areas.search import SEARCH
from tests.conformance.differential.requesting import asking, step
from tests.conformance.differential.values import Body, spoilt

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
    "repositories": Area(repositories.REPOSITORIES, ("repositories",), ("repositories", "repositorySettings")),
    "blob-stores": Area(repositories.BLOB_STORES, ("blobstores",)),
    "roles": Area(objects("security/roles", ("r1", "r2"), security.role), ("security/roles",)),
    "users": Area(security.USERS, ("security/users",)),
    "privileges": Area(
        security.PRIVILEGES,
        ("security/privileges", "security/content-selectors"),
        before=(step("POST", "security/content-selectors", _SELECTOR),),
    ),
    "selectors": Area(
        objects("security/content-selectors", ("s1", "s2"), security.selector), ("security/content-selectors",)
    ),
    "routing-rules": Area(objects("routing-rules", ("q1", "q2"), repositories.rule), ("routing-rules",)),
    "cleanup": Area(objects(_POLICIES, ("c1", "c2"), repositories.policy), (_POLICIES,)),
    "realms": Area(security.REALMS, ("security/realms/active",)),
    "anonymous": Area(security.ANONYMOUS, ("security/anonymous",)),
    "content": Area(content.CONTENT, _READABLE, ("repositories",), content.PREPARED),
    "components": Area(content.COMPONENTS, _READABLE, ("repositories",), content.PREPARED),
    "search": SEARCH,
    "uploads": uploads.UPLOADS,
    "maven": uploads.MAVEN,
    "apt": uploads.APT,
    "http": requests.HTTP,
    "malformed": requests.MALFORMED,
    "tasks": Area(_TASKS, (), ("tasks",)),
    "scripts": Area(objects("script", ("x1", "x2"), _script), ("script",)),
}
