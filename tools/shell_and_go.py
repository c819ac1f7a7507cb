"""make scripts: shellcheck over every shell script; gofmt, go vet and staticcheck over our Go.

The parts of components/scripts/client are one program: each uses variables that others set.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.machine.go import the_go
from tools.go_command import go_environment
from tools.staticcheck import staticcheck

ROOT = Path(__file__).parents[1]
CLIENT = "components/scripts/client/"
VETTED = ("stand_in", "lab/toolchain/resource-command")
"""The modules with code of our own; the others only pin what is built."""
_ELSEWHERE = "SC2154"  # a variable that another part sets
_CD = "SC2164"  # a folder that is always there


def shell_scripts() -> list[str]:
    """Every file of the repository that ends in .sh or begins with a shell's name."""
    return [name for name in _files() if _is_shell(ROOT / name)]


def _files(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "-z", *patterns]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in found.split("\0") if name and (ROOT / name).is_file()]


def _is_shell(file: Path) -> bool:
    if file.suffix:
        return file.suffix == ".sh"
    with file.open("rb") as opened:
        first = opened.readline(80)
    return first.startswith(b"#!") and first.split()[-1].rpartition(b"/")[2] in (b"sh", b"bash")


def main() -> int:
    passed = [_shell(), _go()]  # both run, and print what they find
    return int(not all(passed))


def _shell() -> bool:
    scripts = shell_scripts()
    program: list[str | Path] = [Path(sys.executable).with_name("shellcheck"), "-S", "warning"]
    others = [*program, "-e", _CD, *(name for name in scripts if not name.startswith(CLIENT))]
    client = [*program, "-s", "sh", "-e", _ELSEWHERE, *(name for name in scripts if name.startswith(CLIENT))]
    passed = [_passes(command) for command in (others, client)]
    return all(passed)


def _go() -> bool:
    found = staticcheck()
    go = the_go().program
    environment = go_environment()
    commands: list[Sequence[str | Path]] = [[go, "vet", "./..."], [found, "./..."]]
    passed = [_passes(command, module, environment) for module in VETTED for command in commands]
    format_: list[str | Path] = [go.with_name("gofmt"), "-l", *_files("*.go")]
    unformatted = subprocess.run(format_, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    if unformatted:
        print(f"not formatted: {' '.join(unformatted.split())}. Fix: gofmt -w FILE", file=sys.stderr)
    return all(passed) and not unformatted


def _passes(command: Sequence[str | Path], folder: str = ".", environment: Mapping[str, str] | None = None) -> bool:
    return subprocess.run(command, cwd=ROOT / folder, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
