"""`accessLog: json`: a line of JSON for each request, with repository and user, and without secrets of its query."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.programs.nginx.server import Nginx

Serve = Callable[..., Nginx]
DIGEST = "sha256:" + "a" * 64


def logged(nginx: Nginx) -> dict[str, dict[str, Any]]:
    """The lines of the log by path, each of them JSON; stops nginx, which has then written all of them.

    Their order says nothing: nginx logs a request after its answer, and each connection may be another worker's.
    """
    nginx.stop()
    lines = [json.loads(line) for line in (nginx.folder / "access.log").read_text().splitlines()]
    by_path = {line["path"]: line for line in lines}
    assert len(by_path) == len(lines)
    return by_path


def basic(user: str) -> str:
    return "Basic " + b64encode(f"{user}:hunter2".encode()).decode()


@pytest.mark.parametrize("mode", [{}, {"blobCache": {"maxSize": "1g"}}, {"routing": "seed"}])
def test_each_request_is_a_line_with_its_repository(mode: dict[str, Any], serve: Serve) -> None:
    nginx = serve({"accessLog": "json", **mode})
    nginx.ask("GET", "/repository/maven-public/org/app.pom?token=hunter2", Authorization=basic("jenkins"))
    nginx.ask("PUT", "/v2/team/app/manifests/1", body=b"x", User_Agent="docker/28", Authorization="Bearer hunter2")
    nginx.ask("GET", f"/v2/team/app/blobs/{DIGEST}?sig=hunter2", User_Agent="docker/28", Authorization="Bearer hunter2")
    nginx.ask("GET", "/service/rest/v1/status", User_Agent='a "b" \\ c')
    lines = logged(nginx)
    first, push = lines["/repository/maven-public/org/app.pom"], lines["/v2/team/app/manifests/1"]
    blob, rest = lines[f"/v2/team/app/blobs/{DIGEST}"], lines["/service/rest/v1/status"]
    assert len(lines) == 4
    assert (first["repository"], first["user"]) == ("maven-public", "jenkins")
    assert (first["method"], first["status"], first["client"]) == ("GET", 200, "127.0.0.1")
    assert (push["repository"], push["user"]) == ("docker-private", "")
    assert (blob["repository"], blob["path"]) == ("docker-group", f"/v2/team/app/blobs/{DIGEST}")
    assert ("cache" in blob, rest["repository"], rest["agent"]) == (True, "", 'a "b" \\ c')
    assert "hunter2" not in (nginx.folder / "access.log").read_text()


def test_requests_that_nginx_refuses_are_logged_too(serve: Serve) -> None:
    nginx = serve({"accessLog": "json"})
    nginx.ask("GET", "/repository/files/a?x=hunter2", host="elsewhere.domain.org")
    nginx.ask("GET", "/service/metrics/prometheus")
    statuses = {path: line["status"] for path, line in logged(nginx).items()}
    assert statuses == {"/repository/files/a": 421, "/service/metrics/prometheus": 403}


def test_without_the_setting_nothing_is_logged(serve: Serve) -> None:
    nginx = serve()
    nginx.ask("GET", "/repository/files/a")
    nginx.stop()
    assert not (nginx.folder / "access.log").exists()
