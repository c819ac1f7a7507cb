"""Mistakes in repositories, with their groups, proxies and ports."""

import pytest

from tests.unit.stacks.mistakes.refused import Wrong, is_one_line

WRONG: dict[str, Wrong] = {
    "wrong type in the API": (
        {"repositories": {"docker-private": {"docker": {"httpPort": "5000"}}}},
        "repositories.docker-private.docker.httpPort: wrong type (got '5000'",
        "edit repositories.docker-private.docker.httpPort",
    ),
    "port clash": (
        {"repositories": {"docker-proxy": {"docker": {"httpPort": 5000}}}},
        "repositories.docker-proxy.docker.httpPort: port 5000 is taken by docker-private",
        "free port",
    ),
    "port of Nexus itself": (
        {"repositories": {"docker-private": {"docker": {"httpPort": 8081}}}},
        "port 8081 is taken by Nexus itself",
        "free port",
    ),
    "unknown member": (
        {"repositories": {"docker-group": {"group": {"memberNames": ["docker-privat"]}}}},
        "no repository is called 'docker-privat'",
        "did you mean docker-private?",
    ),
    "later member": (
        {
            "repositories": {
                "docker-group": {"group": {"memberNames": ["late"]}},
                "late": {"format": "docker", "type": "hosted"},
            }
        },
        "'late' is declared later",
        "move late above docker-group",
    ),
    "cycle": (
        {
            "repositories": {
                "yum-group": {"group": {"memberNames": ["outer"]}},
                "outer": {"format": "yum", "type": "group", "group": {"memberNames": ["yum-group"]}},
            }
        },
        "'outer' reads 'yum-group' itself, which makes a cycle",
        "remove outer from yum-group",
    ),
    "member of another format": (
        {"repositories": {"yum-group": {"group": {"memberNames": ["maven-releases"]}}}},
        "'maven-releases' has the format maven",
        "remove maven-releases from yum-group",
    ),
    "remote missing": (
        {"repositories": {"docker-proxy": {"proxy": None}}},
        "repositories.docker-proxy.proxy.remoteUrl: missing",
        "http:// or https:// URL",
    ),
    "blob store in no list": (
        {"repositories": {"yum-hosted": {"storage": {"blobStoreName": "yum-hostd"}}}},
        "no blob store is called 'yum-hostd'",
        "did you mean yum-hosted?",
    ),
    "upper-case docker name": (
        {"repositories": {"Docker-Tools": {"format": "docker", "type": "hosted"}}},
        "repositories.Docker-Tools: not allowed (got 'Docker-Tools'",
        "lower-case",
    ),
    "unknown format": (
        {"repositories": {"x": {"format": "dockr", "type": "hosted"}}},
        "repositories.x.format: invalid value (got 'dockr'",
        "docker",
    ),
    "type that the format lacks": (
        {"repositories": {"x": {"format": "apt", "type": "group"}}},
        "repositories.x.type: invalid value (got 'group'",
        "hosted, proxy for format apt",
    ),
    "unknown key of the API": (
        {"repositories": {"yum-hosted": {"yum": {"repodataDepht": 1}}}},
        "repositories.yum-hosted.yum.repodataDepht: unknown key (got 'repodataDepht'",
        "did you mean repodataDepth?",
    ),
    "port that is a list": (
        {"repositories": {"docker-private": {"docker": {"httpPort": [5000]}}}},
        "repositories.docker-private.docker.httpPort: wrong type (got [5000]",
        "edit repositories.docker-private.docker.httpPort",
    ),
    "two docker groups": (
        {
            "repositories": {
                "more": {
                    "format": "docker",
                    "type": "group",
                    "group": {"memberNames": ["docker-private"]},
                    "docker": {"httpPort": 5002},
                }
            }
        },
        "nginx.pullRepository: missing, and there are 2 docker repositories to choose from",
        "pulumi config set --path nginx.pullRepository",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_fix(mistake: str) -> None:
    is_one_line(WRONG[mistake])
