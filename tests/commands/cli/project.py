"""A copy of the command line with fakes of Pulumi, Docker and git."""

import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.forked import Forks

ROOT = Path(__file__).parents[3]
PACKAGES = ("cli", "stacks", "reports", "nexus", "preflight", "lab", "exports", "policy", "components", "jenkins")

# Stores stacks like the backend of a folder, and configuration as key=value lines at the end of the file. In sh, since
# Python takes ten times as long to start.
PULUMI = r"""#!/bin/sh
set -eu
{ printf '%s\037' "$@"; echo; } >>pulumi.log
calls=$(wc -l <pulumi.log)
if [ "${FAIL_AT-}" = "$calls" ]; then
    echo "error: out of luck" >&2
    exit 1
fi
flag() {
    wanted=$1
    shift
    while [ "$1" != "$wanted" ]; do shift; done
    printf '%s' "$2"
}
case "$1 ${2-}" in
"stack init")
    folder=.local/.pulumi/stacks/repository-store
    mkdir -p "$folder"
    printf '{"checkpoint": {"latest": {}}}' >"$folder/$3.json"
    echo "encryptionsalt: v1:salt" >>"stacks/Pulumi.$3.yaml"
    ;;
"config set-all")
    file=$(flag --config-file "$@")
    while [ $# -gt 0 ]; do
        [ "$1" != --plaintext ] || echo "# $2" >>"$file"
        shift
    done
    ;;
"config set") echo "# $(flag --secret "$@")=secure:$(wc -c)" >>"$(flag --config-file "$@")" ;;
"version "*) echo "${VERSION-v3.259.0}" ;;
"stack ls") echo "${STACKS-[]}" ;;
esac
[ "${HANG_AT-}" != "$calls" ] || exec sleep 60
"""


def environment_in(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI", "STACK", "DOCKER"))}
    return {
        **kept,
        "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
        "HOME": str(root),
        "DOCKER_HOST": f"unix://{root}/no-engine.sock",  # never this machine's backend
        "REPOSITORY_STORE_CACHE": str(root / "cache"),
    }


def copy_sources(folder: Path) -> None:
    """Copies the packages of the command line, compiled, since every command would compile them again."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("Pulumi.*.yaml"))
    compileall.compile_dir(folder, quiet=2)


def link(sources: Path, folder: Path) -> None:
    """Makes the folder one of links to the files of sources: leaves those that are there, and removes all else."""
    folder.mkdir(exist_ok=True)
    wanted, found = ({each.name: each for each in os.scandir(path)} for path in (sources, folder))
    for name, each in list(found.items()):
        is_folder = each.is_dir(follow_symlinks=False)
        if name in wanted and ((is_folder and wanted[name].is_dir()) or wanted[name].inode() == each.inode()):
            continue
        if is_folder:
            shutil.rmtree(each)
        else:
            os.unlink(each)
        del found[name]
    for name, each in wanted.items():
        if each.is_dir():
            link(sources / name, folder / name)
        elif name not in found:
            os.link(each, folder / name)


@dataclass(frozen=True)
class Project:
    """The copy, with its commands run like ./store does."""

    root: Path
    forks: Forks

    @classmethod
    def copied(cls, sources: Path, folder: Path, forks: Forks) -> "Project":
        """A project of links to the files of `copy_sources`; a file that a test writes to must be replaced first."""
        link(sources, folder)
        for name in ("Pulumi.yaml", "stacks/Pulumi.production.yaml", "stacks/Pulumi.staging.yaml"):
            shutil.copy(ROOT / name, folder / name)
        project = cls(folder, forks)
        project.play("pulumi", PULUMI)
        # A git in which only the stack files of production and staging are tracked.
        project.play("git", "#!/bin/sh\ncase $3 in *production*|*staging*) ;; *) exit 1 ;; esac\n")
        return project

    def play(self, name: str, program: str) -> None:
        path = self.root / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(program)
        path.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return environment_in(self.root)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.forks.run("cli", *arguments, folder=self.root, environment={**self.environment, **environment})

    def python(self, code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs code that imports modules of the copy."""
        inherited = {**self.environment, **environment}
        return self.forks.run("-c", code, *arguments, folder=self.root, environment=inherited)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def calls(self) -> list[list[str]]:
        """The calls of Pulumi."""
        log = self.root / "pulumi.log"
        return [line.removesuffix("\37").split("\37") for line in log.read_text().splitlines()] if log.exists() else []

    def stack_file(self, name: str) -> Path:
        return self.root / "stacks" / f"Pulumi.{name}.yaml"
