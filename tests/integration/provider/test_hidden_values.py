"""Values that the stack file marks as secret appear nowhere in Pulumi's output and files, whatever their key."""

import gzip
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.provider.play import ADMIN, Play
from tests.integration.provider.samples import REMOTE, everything_else
from tests.support.versions import NEWEST

MARK = "s3cr3t-"
"""The prefix of every secret, followed by its number."""


_NUMBERS = itertools.count(1)


class Secret(str):
    """A value that is set in the stack file with --secret."""


def secret(text: str = "{}") -> Secret:
    return Secret(text.format(f"{MARK}{next(_NUMBERS):02}-word"))


TOPOLOGY: dict[str, Any] = {
    "routingRules": {"no-internal": {"description": secret(), "mode": "BLOCK", "matchers": [secret("^/{}/.*")]}},
    "cleanupPolicies": {"unused": {"format": "raw", "notes": secret(), "criteriaLastDownloaded": 90}},
    "blobStores": {"files": {}},
    "repositories": {
        "mirror": {
            "format": "raw",
            "type": "proxy",
            "storage": {"blobStoreName": "files"},
            "proxy": {"remoteUrl": secret(REMOTE.replace("://", "://ci:{}@"))},
            "httpClient": {"connection": {"userAgentSuffix": secret()}},
        }
    },
    "contentSelectors": {"team": {"description": secret(), "expression": 'path =^ "/team/"'}},
    "privileges": {
        "team": {
            "type": "repository-content-selector",
            "description": secret(),
            "contentSelector": "team",
            "format": "raw",
            "repository": "mirror",
            "actions": ["READ"],
        }
    },
    "ldap": {
        "directory": {
            **everything_else()["ldap"]["directory"],
            "authScheme": "SIMPLE",
            "authUsername": secret("cn={}"),
            "authPassword": secret(),
            "userLdapFilter": secret("(!(mail={}))"),
        }
    },
    "capabilities": {
        "header": {
            "type": "customs3regions",
            "notes": secret(),
            "properties": {"regions": secret(), "anything": secret()},
        }
    },
    "tasks": {
        "compact": {
            "type": "blobstore.compact",
            "properties": {"blobstoreName": "files", "token": secret()},
            "frequency": {"schedule": "manual"},
        }
    },
    "email": {
        "enabled": True,
        "host": "smtp.provider.test",
        "port": 587,
        "username": secret("{}@provider.test"),
        "password": secret(),
        "fromAddress": "nexus@provider.test",
        "subjectPrefix": secret("[{}]"),
        "startTlsRequired": True,
    },
    "httpProxy": {"userAgent": secret()},
}


def secrets(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each secret with its path for `pulumi config set --path`."""
    if isinstance(value, Secret):
        yield ".".join(path).replace(".[", "["), str(value)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from secrets(entry, (*path, str(key)))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from secrets(entry, (*path, f"[{index}]"))


def plain(value: Any) -> Any:
    """The value without its secrets."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items() if not isinstance(entry, Secret)}
    return [plain(entry) for entry in value if not isinstance(entry, Secret)] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def kept(playing: Callable[..., Play], toolchain: Path) -> Iterator[tuple[Play, list[str]]]:
    """A stack with a secret in every free-form field, and all of Pulumi's output about it."""
    play = playing()
    project = play.folder / "program" / "Pulumi.yaml"
    project.write_text(project.read_text().replace("provider-test", "repository-store"))
    with play:
        file = play.folder / "program" / "Pulumi.test.yaml"
        document = yaml.safe_load(file.read_text())
        config = {"hostname": "nexus.provider.test", "nexus": {"generation": NEWEST}, **plain(TOPOLOGY)}
        document["config"] = {f"repository-store:{key}": value for key, value in config.items() if value}
        file.write_text(yaml.safe_dump(document))
        store(play, {"passwords.admin": ADMIN, **dict(secrets(TOPOLOGY))})
        outputs = [run(play, "preview", "--diff"), run(play, "up", "--yes", "--skip-preview")]
        outputs.append(
            run(play, "preview", "--refresh", "--diff", "--save-plan", str(play.folder / "state" / "plan.json"))
        )
        store(play, {path: value.replace("-word", "-other") for path, value in secrets(TOPOLOGY)})
        outputs.append(run(play, "preview", "--refresh", "--diff", "--json"))
        outputs.append(
            run(play, "preview", "--refresh", "--diff", "--save-plan", str(play.folder / "state" / "plan2.json"))
        )
        outputs.append(run(play, "up", "--yes", "--diff", "--refresh"))
        outputs.append(run(play, "stack", "export"))
        yield play, outputs


def store(play: Play, values: Mapping[str, str]) -> None:
    pairs = [part for path, value in values.items() for part in ("--secret", f"repository-store:{path}={value}")]
    play.pulumi("config", "set-all", "--stack", "test", "--path", *pairs)


def run(play: Play, *arguments: str) -> str:
    return play.pulumi(*arguments, "--stack", "test", OF_STACK_FILE="1")


def test_the_server_got_every_secret(kept: tuple[Play, list[str]]) -> None:
    play, _ = kept
    live = json.dumps(
        [play.ask("GET", path).json() for path in ("/v1/repositorySettings", "/v1/capabilities", "/v1/email")]
    )
    assert live.count(f"{MARK}") >= 6
    assert "-other" in live


def test_pulumis_output_has_no_secret(kept: tuple[Play, list[str]]) -> None:
    _, outputs = kept
    assert len(outputs) == 7
    for text in outputs:
        assert MARK not in text
    assert "[secret]" in outputs[0]


def test_state_history_and_plans_have_no_secret(kept: tuple[Play, list[str]]) -> None:
    play, _ = kept
    files = [path for path in (play.folder / "state").rglob("*") if path.is_file()]
    names = " ".join(path.name for path in files)
    assert "plan.json" in names
    assert "history" in names
    for path in files:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        assert MARK.encode() not in content, path


def test_an_error_about_a_secret_does_not_show_it(kept: tuple[Play, list[str]]) -> None:
    play, _ = kept
    store(play, {"repositories.mirror.proxy.remoteUrl": f"no-url-{MARK}99-word"})
    try:
        output = run(play, "preview")
    except Exception as error:
        output = str(error)
    assert MARK not in output
    assert "remoteUrl" in output
