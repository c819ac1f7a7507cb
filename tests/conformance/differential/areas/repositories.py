"""Repositories, blob stores, routing rules and cleanup policies."""

from hypothesis import strategies as st

from tests.conformance.contract.bodies import repository
from tests.conformance.differential.areas.area import objects
from tests.conformance.differential.requesting import Steps, asking, named
from tests.conformance.differential.values import Body, either, spoilt

RECIPES = (
    *(f"{fmt}/{kind}" for fmt in ("maven", "raw") for kind in ("hosted", "proxy", "group")),
    *("apt/hosted", "apt/proxy"),
)


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
    # Some requests treat names that differ in case, or numbers as names, as another repository, others do not.
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


REPOSITORIES = st.one_of(
    st.sampled_from(RECIPES).flatmap(_of_recipe),
    st.sampled_from(RECIPES).flatmap(_of_recipe),
    asking("GET", named("repositories/{}", (*_NAMES, "nobody"))),
    asking("DELETE", named("repositories/{}", (*_NAMES, "nobody"))),
    asking("POST", named("repositories/{}/invalidate-cache", (*_NAMES, "nobody"))),
    asking("POST", named("repositories/{}/rebuild-index", (*_NAMES, "nobody"))),
)


def _blob_store(name: str) -> st.SearchStrategy[Body]:
    quota = {"type": "spaceUsedQuota", "limit": 1 << 30}
    return either({"name": name, "path": name}, {"name": name, "path": name, "softQuota": quota}).flatmap(
        lambda body: spoilt(body, frozenset({("path",), ("name",)}))
    )


BLOB_STORES = st.one_of(
    objects("blobstores/file", ("b1", "b2"), _blob_store),
    asking("DELETE", named("blobstores/{}", ("b1", "b2", "nobody", "default"))),
    asking("GET", named("blobstores/{}/quota-status", ("b1", "b2", "nobody"))),
)


def rule(name: str) -> st.SearchStrategy[Body]:
    matchers = st.lists(st.sampled_from((".*", "^/a/.*", "(", "", "[a-z")), max_size=3)
    bodies = st.builds(
        lambda m, mode: {"name": name, "description": "d", "mode": mode, "matchers": m},
        matchers,
        st.sampled_from(("BLOCK", "ALLOW", "allow")),
    )
    return bodies.flatmap(spoilt)


def policy(name: str) -> st.SearchStrategy[Body]:
    return either(
        {"name": name, "format": "raw", "notes": "n", "criteriaLastBlobUpdated": 3, "criteriaAssetRegex": ".*"},
        {"name": name, "format": "*", "notes": "", "criteriaLastDownloaded": 3},
        {"name": name, "format": "maven2", "criteriaReleaseType": "RELEASES", "criteriaLastBlobUpdated": 3},
    ).flatmap(spoilt)
