"""The privileges that Nexus makes for each repository, like nx-repository-view-maven2-releases-read."""


def action_of(name: str, privilege: str) -> str:
    """What a privilege that Nexus made for the repository allows, like view/read; empty for any other privilege."""
    for kind in ("view", "admin"):
        start, end = f"nx-repository-{kind}-", privilege.rpartition("-")
        if privilege.startswith(start) and end[0].removeprefix(start).partition("-")[2] == name:
            return f"{kind}/{end[2]}"
    return ""
