"""Every command of the README, run unchanged on the store of this tier."""

import re

import pytest

from tests.e2e.store.store import ROOT, Store, run
from tests.support.real_clients.docker import import_image

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.S | re.M)
INLINE = re.compile(r"`((?:make|pulumi) [^`]+)`")
# Run by other tests of this tier; the commands for developers run this test.
ELSEWHERE = {
    "make down": "test_down.py",
    "make backup": "test_backup.py",
    "make restore": "test_backup.py",
    "make test": "runs this",
    "make check": "a part of make test",
    "make new-stack": "conftest.py makes the stack of this tier by it",
    "pulumi up --stack production": "needs the published Pulumi and a production engine",
}


def readme() -> str:
    return (ROOT / "README.md").read_text()


def test_the_commands_in_blocks_work_one_after_another(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = store.file.read_text()
    image = import_image("repository-store-readme:1", b"readme")
    home = tmp_path_factory.mktemp("docker-configuration")
    commands = [line for block in BLOCK.findall(readme()) for line in block.splitlines() if line.strip()]
    assert len(commands) >= 15
    published = False
    try:
        for command in commands:
            ours = command.replace("nexus.store.test", store.hostname).replace(
                "--stack local", f"--stack {store.stack}"
            )
            run(["bash", "-euo", "pipefail", "-c", ours], STACK=store.stack, IMAGE=image, DOCKER_CONFIG=str(home))
            if command == "make up" and "tools:" in store.file.read_text():
                published |= store.content("PUT", "tools/readme.txt", auth=store.jenkins, data=b"readme").ok
        assert published, "jenkins may not publish to the repository that was added"
    finally:
        store.file.write_text(kept)
        store.make("up")
        run(["docker", "rmi", image, f"{store.outputs['docker_registry']}/team/app:1"])


def test_every_other_command_in_the_readme_is_run_elsewhere() -> None:
    named = set(INLINE.findall(readme()))
    blocks = " ".join(BLOCK.findall(readme()))
    unknown = [
        command
        for command in named
        if not command.startswith(tuple(ELSEWHERE)) and command.split(" --")[0] not in blocks
    ]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert [command for command in unknown if command.split()[1] not in targets] == []
    assert [target for target in ("preview", "up", "outputs") if target not in targets] == []
