"""A copy of the command line with a Pulumi, a Docker and a git of the test's own."""

import ast
import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("cli", "stacks", "reports", "nexus", "preflight", "lab", "exports", "policy", "components")

# Keeps stacks as the backend of a folder does, and configuration as key=value lines at the end of the file.
PULUMI = f"""#!{sys.executable}
import os, sys, time
arguments = sys.argv[1:]
with open("pulumi.log", "a") as log:
    log.write(repr(arguments) + "\\n")
calls = len(open("pulumi.log").readlines())
if os.environ.get("FAIL_AT") == str(calls):
    sys.exit("error: out of luck")
def flag(name):
    return arguments[arguments.index(name) + 1]
match arguments[:2]:
    case ["stack", "init"]:
        folder = ".local/.pulumi/stacks/repository-store"
        os.makedirs(folder, exist_ok=True)
        with open(f"{{folder}}/{{arguments[2]}}.json", "w") as file:
            file.write('{{"checkpoint": {{"latest": {{}}}}}}')
        with open(f"stacks/Pulumi.{{arguments[2]}}.yaml", "a") as file:
            file.write("encryptionsalt: v1:salt\\n")
    case ["config", "set-all"]:
        with open(flag("--config-file"), "a") as file:
            for index, argument in enumerate(arguments):
                if argument == "--plaintext":
                    file.write("# " + arguments[index + 1] + "\\n")
    case ["config", "set"]:
        with open(flag("--config-file"), "a") as file:
            file.write(f"# {{flag('--secret')}}=secure:{{len(sys.stdin.read())}}\\n")
    case ["version"]:
        print(os.environ.get("VERSION", "v3.259.0"))
    case ["stack", "ls"]:
        print(os.environ.get("STACKS", "[]"))
if os.environ.get("HANG_AT") == str(calls):
    time.sleep(60)
"""


def copy_sources(folder: Path) -> None:
    """The packages of the command line, compiled, since every command would do it anew."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("Pulumi.*.yaml"))
    compileall.compile_dir(folder, quiet=2)


@dataclass(frozen=True)
class Project:
    """The copy; its commands run as ./store runs them."""

    root: Path

    @classmethod
    def copied(cls, sources: Path, folder: Path) -> "Project":
        """Of what `copy_sources` made, whose files are linked: what a test writes to must be a file of its own."""
        shutil.copytree(sources, folder, copy_function=os.link)
        for name in ("Pulumi.yaml", "stacks/Pulumi.production.yaml", "stacks/Pulumi.staging.yaml"):
            shutil.copy(ROOT / name, folder / name)
        project = cls(folder)
        project.play("pulumi", PULUMI)
        # Of git, only what names a file of its own.
        project.play("git", "#!/bin/sh\ncase $3 in *production*|*staging*) ;; *) exit 1 ;; esac\n")
        return project

    def play(self, name: str, program: str) -> None:
        path = self.root / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(program)
        path.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI", "STACK", "DOCKER"))}
        return {
            **kept,
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.root),
            "DOCKER_HOST": f"unix://{self.root}/no-engine.sock",  # never this machine's
            "REPOSITORY_STORE_CACHE": str(self.root / "cache"),
        }

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

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
        """What Pulumi was asked."""
        log = self.root / "pulumi.log"
        return [ast.literal_eval(line) for line in log.read_text().splitlines()] if log.exists() else []

    def stack_file(self, name: str) -> Path:
        return self.root / "stacks" / f"Pulumi.{name}.yaml"
