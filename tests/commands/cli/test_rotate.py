"""`rotate`: what cannot be rotated where, whose passwords are drawn, and who has to be told."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.commands.rotate import _account_tokens, _user_tokens, told
from cli.errors import CommandError
from cli.stack import passphrase
from cli.stack.rotation import Part, Rotation
from cli.stack.stack import Stack
from nexus.errors import NotFound, Unreachable
from tests.commands.cli.project import Project

SECRET = "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # the shape of a ciphertext
REFUSED = {
    "the passphrase of a shared stack": (
        "production", "", "passphrase",
        "kept outside of it: ./store pulumi stack change-secrets-provider passphrase --stack production asks",
    ),
    "a certificate of another authority": ("production", "", "certificate", "comes from elsewhere (tls.mode acme)"),
    "a key that Nexus does not have": ("trial", "", "encryption-key", "the stack file has no key yet: docs/backups.md"),
    "the tokens of an external Nexus": ("trial", "nexus: {url: https://x.domain.org}", "tokens", "revoke them there"),
    "an unknown part": ("trial", "", "ca", "ONLY: there are no such secrets (got ca; allowed passphrase, passwords, "),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_rotated_is_one_line_and_nothing_changes(case: str, project: Project) -> None:
    stack, setting, part, reason = REFUSED[case]
    if stack == "trial":
        project.stack_file(stack).write_text(f"config:\n  repository-store:{setting or 'address: 198.18.1.1'}\n")
        (project.root / ".local" / "unfinished").mkdir(parents=True)
        (project.root / ".local" / "unfinished" / "trial.json").write_text("{}")  # a stack of this machine
    before = project.stack_file(stack).read_text()
    done = project.run("rotate", "--stack", stack, "--only", part, "--yes")
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert project.stack_file(stack).read_text() == before
    assert project.calls == []


def user(name: str, **more: object) -> dict[str, Any]:
    urn = f"urn:pulumi:t::repository-store::pulumi-python:dynamic/nexus:User::{name}"
    outputs = {"kind": "user", "name": name, **more}
    return {"urn": urn, "type": "pulumi-python:dynamic/nexus:User", "outputs": outputs}


def rotation(folder: Path, *resources: dict[str, Any]) -> Rotation:
    file = folder / "Pulumi.trial.yaml"
    names = ("admin", "made", "taken", "found", "nobody")
    passwords = "".join(f"    {name}: {{secure: '{SECRET}'}}\n" for name in names)
    remote = f"    px: {{httpClient: {{authentication: {{password: {{secure: '{SECRET}'}}}}}}}}\n"
    file.write_text(f"config:\n  repository-store:passwords:\n{passwords}  repository-store:repositories:\n{remote}")
    made = Rotation(Stack("trial", file), {})
    made.__dict__["state"] = {"deployment": {"resources": list(resources)}}
    return made


def test_only_passwords_that_the_stack_has_set_are_drawn(tmp_path: Path) -> None:
    users = (user("made"), user("taken", adopt=True), user("found", adopt=True, adopted=True), user("without"))
    external = rotation(tmp_path, *users, user("new", adopt=True, adopted=False))
    assert external.users == ("made",)
    urn = "urn:pulumi:t::repository-store::pulumi-python:dynamic/nexus:Password::admin-password"
    body = {"kind": "password", "name": "admin", "body": {"password": "p"}}
    password = {"urn": urn, "type": "pulumi-python:dynamic/nexus:Password", "outputs": body}
    managed = rotation(tmp_path, password, *users)
    assert managed.users == ("admin", "made")


def test_secrets_of_others_and_everybody_concerned_are_named(tmp_path: Path) -> None:
    found = rotation(tmp_path, user("made"))
    others = ["passwords.admin", "passwords.taken", "passwords.found", "passwords.nobody"]
    assert found.others() == [*others, "repositories.px.httpClient.authentication.password"]
    lines = list(told(found, list(Part), ["the certificate comes from elsewhere"], ["user tokens: all are revoked"]))
    for part in Part:
        assert any(line.startswith(f"- {part}: ") for line in lines)
    assert "- passwords: made: whoever logs in as this user" in lines
    assert "- not rotated: the certificate comes from elsewhere" in lines
    assert any("tokens of docker, npm and NuGet stay valid" in line for line in lines)
    assert not any("passwords: nobody" in line for line in lines)
    only = list(told(found, [Part.CERTIFICATE], [], []))
    assert all(line.startswith(("Rotated.", "- certificate: ")) for line in only)


class Server:
    def __init__(self, accounts: Any) -> None:
        self.accounts, self.deleted = accounts, list[str]()

    def get(self, _path: str) -> Any:
        if isinstance(self.accounts, Exception):
            raise self.accounts
        return self.accounts

    def delete(self, path: str) -> None:
        if isinstance(self.accounts, Exception):
            raise self.accounts
        self.deleted.append(path)


def test_tokens_are_revoked_where_the_server_has_some() -> None:
    server: Any = Server([{"id": "a/b", "name": "builds"}])
    assert _account_tokens(server) == "tokens of service accounts: revoked: builds"
    assert _user_tokens(server).startswith("user tokens: all are revoked")
    assert server.deleted == ["/v1/security/service-account-tokens/a%2Fb", "/v1/security/user-tokens"]
    without: Any = Server(NotFound("no such request"))
    assert [_account_tokens(without), _user_tokens(without)] == [
        "tokens of service accounts: this server has none",
        "user tokens: this server has none",
    ]


@pytest.mark.parametrize("revoke", [_account_tokens, _user_tokens])
def test_a_server_that_does_not_answer_does_not_count_as_one_without_tokens(revoke: Any) -> None:
    with pytest.raises(Unreachable):
        revoke(Server(Unreachable("it does not answer")))


@pytest.mark.parametrize("which", ["file", "state"])
def test_a_stack_that_changes_while_its_copy_is_encrypted_is_not_overwritten(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may run `./store pulumi up`, which takes no lock of ours."""
    local, files = tmp_path / ".local", tmp_path / "stacks"
    state = local / ".pulumi" / "stacks" / "repository-store" / "trial.json"
    state.parent.mkdir(parents=True)
    files.mkdir()
    (tmp_path / "Pulumi.yaml").touch()
    state.write_text(json.dumps({"checkpoint": {}}))
    (files / "Pulumi.trial.yaml").write_text("config: {}\n")
    (local / "passphrase").write_text("former\n")
    for name, value in {
        "ROOT": tmp_path, "LOCAL": local, "PASSPHRASE": local / "passphrase",
        "_NEW": local / "new-passphrase", "_COMPLETE": local / "new-passphrase" / "complete",
    }.items():  # fmt: skip
        monkeypatch.setattr(passphrase, name, value)
    monkeypatch.setattr("cli.stack.checkpoint.file_of", lambda _stack, _local=None: state)
    changed = {"file": files / "Pulumi.trial.yaml", "state": state}[which]
    monkeypatch.setattr(passphrase, "pulumi", lambda *_, **_options: changed.write_text("changed"))
    with pytest.raises(CommandError, match="it was changed meanwhile"):
        passphrase.replace([Stack("trial", files / "Pulumi.trial.yaml")], {})
    assert (local / "passphrase").read_text() == "former\n"
    assert changed.read_text() == "changed"
