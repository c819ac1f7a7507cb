"""make scripts: shellcheck over every shell script, gofmt and go vet over our Go.

The parts of components/scripts/client are one program: what one of them sets, another reads.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.machine.go import go_steps, the_go
from cli.machine.progress import run_steps

ROOT = Path(__file__).parents[1]
CLIENT = "components/scripts/client/"
VETTED = ("lab/images/nexus-stand-in", "lab/toolchain/resource-command")
"""The modules with code of our own; the others only name what is built."""
_ELSEWHERE = "SC2154"  # a variable that another part sets
_CD = "SC2164"  # a folder that is always there


def shell_scripts() -> list[str]:
    """Every file of the repository that ends in .sh or begins with a shell's name."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in files.split("\0") if name and (ROOT / name).is_file() and _is_shell(ROOT / name)]


def _is_shell(file: Path) -> bool:
    if file.suffix:
        return file.suffix == ".sh"
    with file.open("rb") as opened:
        first = opened.readline(80)
    return first.startswith(b"#!") and first.split()[-1].rpartition(b"/")[2] in (b"sh", b"bash")


def main() -> int:
    scripts = shell_scripts()
    program = str(Path(sys.executable).with_name("shellcheck"))
    checks: list[tuple[Sequence[str | Path], str]] = [
        ([program, "-S", "warning", "-e", _CD, *(name for name in scripts if not name.startswith(CLIENT))], "."),
        (
            [program, "-S", "warning", "-s", "sh", "-e", _ELSEWHERE, *(n for n in scripts if n.startswith(CLIENT))],
            ".",
        ),
    ]
    run_steps(go_steps())
    go = the_go().program
    checks += [([go, "vet", "-mod=readonly", "./..."], module) for module in VETTED]
    failed = [
        command for command, folder in checks if subprocess.run(command, cwd=ROOT / folder, check=False).returncode
    ]
    unformatted = subprocess.run(
        [go.with_name("gofmt"), "-l", "lab"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    if unformatted.stdout:
        print(f"not formatted: {' '.join(unformatted.stdout.split())}. Fix: gofmt -w FILE", file=sys.stderr)
    return int(bool(failed or unformatted.stdout))


if __name__ == "__main__":
    sys.exit(main())
