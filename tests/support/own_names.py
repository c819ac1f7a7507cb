"""Own names by format, and paths of requests that are for one of them, or for another name."""

OWN = {
    "docker": ["team", "lab/base"],
    "maven": ["org.domain"],
    "npm": ["@team", "left.pad", "team-*"],
    "pypi": ["Team.app", "tools-*"],
}
BLOCKED = {
    "docker": ["/v2/team/manifests/1", "/v2/team/app/tags/list", "/v2/lab/base/app/blobs/sha256:0", "/v2//team/a/x"],
    "maven": [
        "/org/domain",
        "/org/domain/app/1/app-1.jar",
        "/org/domain/app/maven-metadata.xml?x=y",
        "/org/domain/a\n.jar",
    ],
    "npm": [
        "/@team/lib",
        "/@team%2flib",
        "/@team/lib/-/lib-1.tgz",
        "/-/package/@team/lib/dist-tags",
        "/left.pad",
        "/left.pad/-/left.pad-1.tgz",
        "/team-lib",
        "/team-",
    ],
    "pypi": [
        "/simple/team-app/",
        "/simple/TEAM_APP/",
        "/simple/team.app",
        "/packages/team-app/1/team_app-1.whl",
        "/simple/tools-x/",
        "/pypi/tools_x/json",
    ],
}
FREE = {
    "docker": ["/v2/", "/v2/teams/app/manifests/1", "/v2/x/team/manifests/1", "/v2/lab/other/tags/list"],
    "maven": ["/org/domains/app/1/app-1.jar", "/com/org/domain/app/1/app-1.jar", "/orgxdomain/app"],
    "npm": ["/@teams/lib", "/left-pad", "/leftxpad", "/team", "/-/v1/search?text=@team/lib"],
    "pypi": ["/simple/team-app-x/", "/simple/teamapp/", "/simple/tools/", "/simple/"],
}
