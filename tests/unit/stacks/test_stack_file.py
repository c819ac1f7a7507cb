"""Mistakes in a stack file are reported before Pulumi reads it."""

from pathlib import Path

import pytest

from stacks.stack_file import problems

ROOT = Path(__file__).parents[3]
HEAD = "encryptionsalt: v1:x\nconfig:\n  repository-store:hostname: nexus.domain.org\n"
SEALED = "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
WRONG = {
    "a list as configuration": (
        "config: [hostname]",
        "config of FILE: invalid value (got a list of 1",
        "KEY: VALUE",
    ),
    "a text as configuration": ("config: hostname", "config of FILE: invalid value (got 'hostname'", "KEY: VALUE"),
    "a list as the file": ("- config", "FILE: not a stack file (got a list of 1", "edit it"),
    "a setting beside config": (HEAD + "hostname: x", "hostname of FILE: unknown key", "hostname"),
    "config misspelt": ("confg: {}", "confg of FILE: unknown key", "remove it"),
    "no namespace": (
        HEAD + "  tls: {mode: selfSigned}",
        "tls of FILE: no namespace",
        "rename it to repository-store:tls",
    ),
    "a namespace misspelt": (
        HEAD + "  repositry-store:address: 10.0.0.5",
        "repositry-store:address of FILE: unknown namespace repositry-store",
        "rename it to repository-store:address",
    ),
    "another namespace": (
        HEAD + "  docker:host: ssh://deploy@nexus.domain.org",
        "docker:host of FILE: unknown namespace docker",
        "remove it, or rename it",
    ),
    "a key twice": (
        HEAD + "  repository-store:hostname: other.domain.org",
        "FILE (line 4): duplicate key repository-store:hostname",
        "edit it",
    ),
    "a nested key twice": (
        HEAD + "  repository-store:nexus:\n    heap: 1g\n    heap: 2g\n",
        "FILE (line 6): duplicate key heap",
        "edit it",
    ),
    "a repository named 1": (
        HEAD + "  repository-store:repositories: {1: {format: raw}}",
        "FILE (line 4): a key that is not text: put it in quotes",
        "edit it",
    ),
    "a repository named no": (
        HEAD + "  repository-store:repositories: {no: {format: raw}}",
        "FILE (line 4): a key that is not text: put it in quotes",
        "edit it",
    ),
    "an octal port": (
        HEAD + "  repository-store:nginx: {httpsPort: 0443}",
        "FILE (line 4): YAML parsers read 0443 as different numbers or as text",
        "edit it",
    ),
    "a bomb": (
        HEAD
        + "  repository-store:roles:\n    a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"    a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        "its aliases expand to more than 1,000,000 values",
        "edit it",
    ),
    "tabs": (HEAD + "\trepository-store:protect: true", "FILE (line 4): it is not YAML", "edit it"),
    "a secret cut short": (
        HEAD + f"  repository-store:passwords: {{admin: {{secure: '{SEALED[:20]}'}}}}",
        "passwords.admin: the secret is damaged and cannot be decrypted",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a secret that is none": (
        HEAD + "  repository-store:passwords: {admin: {secure: hunter2}}",
        "passwords.admin: the secret is damaged",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a secret of no text": (
        HEAD + "  repository-store:passwords: {admin: {secure: 5}}",
        "passwords.admin: the secret is damaged",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a secret beside something": (
        HEAD + f"  repository-store:passwords: {{admin: {{secure: '{SEALED}', note: mine}}}}",
        "passwords.admin: the secret is damaged",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a salt that is lost": (
        HEAD.partition("\n")[2] + f"  repository-store:passwords: {{admin: {{secure: '{SEALED}'}}}}",
        "encryptionsalt of FILE: missing, and the secrets cannot be decrypted without it",
        "restore it from git or your backup: git log -p ",
    ),
    "a salt that is a list": (
        HEAD.replace("v1:x", "[x]"),
        "encryptionsalt of FILE: damaged",
        "restore it from git or your backup: git log -p ",
    ),
    "an engine that is a list": (
        HEAD + "  repository-store:docker: {host: ['ssh://deploy@nexus.domain.org']}",
        "docker.host: invalid value (got a list of 1",
        "pulumi config set --path docker.host VALUE",
    ),
    "a password in plain text": (
        HEAD + "  repository-store:passwords: {admin: hunter2}",
        "passwords.admin: the secret is in plain text",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a database's password in plain text": (
        HEAD + "  repository-store:nexus: {database: {host: db, password: hunter2}}",
        "nexus.database.password: the secret is in plain text",
        "pulumi config set --secret --path nexus.database.password",
    ),
    "a key in plain text": (
        HEAD + "  repository-store:tls: {mode: provided, privateKey: '-----BEGIN PRIVATE KEY----- hunter2'}",
        "tls.privateKey: the secret is in plain text",
        "pulumi config set --secret --path tls.privateKey",
    ),
    "a token in plain text": (
        HEAD + "  repository-store:tls: {mode: acme, dnsEnvironment: {CF_DNS_API_TOKEN: hunter2}}",
        "tls.dnsEnvironment.CF_DNS_API_TOKEN: the secret is in plain text",
        "pulumi config set --secret --path tls.dnsEnvironment.CF_DNS_API_TOKEN",
    ),
    "an upstream's password in plain text": (
        HEAD + "  repository-store:repositories: {x: {httpClient: {authentication: {password: hunter2}}}}",
        "repositories.x.httpClient.authentication.password: the secret is in plain text",
        "pulumi config set --secret --path repositories.x.httpClient.authentication.password",
    ),
    "an engine with a typo": (
        HEAD + "  repository-store:docker: {host: 'shh://deploy@nexus.domain.org'}",
        "docker.host: invalid value (got 'shh://***@nexus.domain.org'",
        "pulumi config set --path docker.host VALUE",
    ),
    "an engine without slashes": (
        HEAD + "  repository-store:docker: {host: '/var/run/docker.sock'}",
        "docker.host: invalid value (got '/var/run/docker.sock'",
        "pulumi config set --path docker.host VALUE",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_before_pulumi_reads_the_file(tmp_path: Path, mistake: str) -> None:
    text, message, remedy = WRONG[mistake]
    file = tmp_path / "Pulumi.wrong.yaml"
    file.write_text(text)
    (problem,) = problems(file)
    line = str(problem)
    assert "\n" not in line
    assert message.replace("FILE", str(file)) in line
    assert "allowed " in line
    assert remedy in line.partition(". Fix: ")[2]
    assert "hunter2" not in line


@pytest.mark.parametrize("text", [HEAD.replace("\n", "\r\n"), "\ufeff" + HEAD, HEAD + "environment: [shared]\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path, text: str) -> None:
    file = tmp_path / "Pulumi.right.yaml"
    file.write_bytes(text.encode())
    assert problems(file) == []


@pytest.mark.parametrize(
    "line",
    [
        f"  repository-store:passwords: {{admin: {{secure: '{SEALED}'}}}}",
        "  repository-store:docker: {host: ''}",
        "  repository-store:tls: {mode: provided, privateKey: key.pem}",
        "  pulumi:tags: {team: builds}",
        "  repository-store:docker: {host: 'ssh://deploy@nexus.domain.org:2222'}",
        "  repository-store:docker: {host: unix:///run/user/1000/docker.sock}",
        "  repository-store:repositories: {'1': {format: raw}}",
    ],
)
def test_correct_lines_are_accepted(tmp_path: Path, line: str) -> None:
    file = tmp_path / "Pulumi.right.yaml"
    file.write_text(HEAD + line)
    assert problems(file) == []


@pytest.mark.parametrize("file", sorted((ROOT / "stacks").glob("*.yaml")))
def test_the_files_of_the_project_are_correct(file: Path) -> None:
    if file.name != "topology.yaml":
        assert problems(file) == []
