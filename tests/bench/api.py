"""python -m tests.bench.api [COUNT...]: this project against Terraform, on raw hosted repositories of one server.

With TF_PROVIDER=PATH (a binary of datadrivers' provider) and terraform on PATH both run here, one after the other; else
the numbers of Terraform are those recorded on another day against Nexus itself, which the lines then say.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.machine.toolchain import ensure_built_pulumi
from cli.stack.many_objects import WITHOUT_CHECKPOINTS, WORTH_IT
from tests.bench.terraform import Terraform
from tests.provider.play import ROOT, Play

# Measured on 2 cores: terraform 1.11 with datadrivers' provider against the open-source core 3.77.
RECORDED = {
    100: {"first up": 4.6, "preview with refresh": 0.8, "state bytes": 638.0},
    1000: {"first up": 64.6, "preview with refresh": 5.4, "destroy": 38.0, "state bytes": 638.0},
}
TARGETS: dict[str, float] = {"first up": 0.75, "preview with refresh": 1.0, "destroy": 0.5, "state bytes": 1.0}
MOST_REQUESTS = 10

Numbers = dict[str, float]


def main(counts: list[int]) -> int:
    provider = os.environ.get("TF_PROVIDER")
    os.environ |= {"PULUMI_DIY_BACKEND_GZIP": "true", "GOGC": "400"}  # as ./store has it
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stand_in = Path(folder) / "nexus-stand-in"
        subprocess.run(
            ["go", "build", "-o", stand_in, "."],
            cwd=ROOT / "lab" / "images" / "nexus-stand-in",
            env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
            check=True,
        )
        toolchain = ensure_built_pulumi()
        lines = []
        for count in counts:
            with Play(Path(folder) / f"ours-{count}", stand_in, toolchain) as play:
                ours = measured(play, count)
            if provider:
                with Play(Path(folder) / f"theirs-{count}", stand_in, toolchain) as play:
                    theirs = Terraform(play, Path(provider)).measured(count)
            else:
                theirs = RECORDED.get(count, {})
            lines += [
                line(f"{name}, {count}", value, theirs.get(name), TARGETS.get(name)) for name, value in ours.items()
            ]
    print("Terraform:", "measured now" if provider else "as recorded against Nexus; ours now, against the stand-in")
    print("\n".join(lines))
    return 0


def measured(play: Play, count: int) -> Numbers:
    repositories: dict[str, dict[str, Any]] = {
        f"raw-{number:04}": {"format": "raw", "type": "hosted"} for number in range(count)
    }
    play.wanted["repositories"] = repositories
    first = WITHOUT_CHECKPOINTS if count > WORTH_IT else {}  # as make up has it
    numbers = {"first up": seconds(lambda: play.pulumi("up", "--yes", "--skip-preview", "--stack", "test", **first))}
    numbers["state bytes"] = state_bytes(play) / count
    play.counted()
    numbers["preview with refresh"] = seconds(lambda: play.preview("--refresh", "--expect-no-changes"))
    numbers["requests per refresh"] = float(len(play.counted()))
    repositories["raw-0001"] = {"format": "raw", "type": "hosted", "storage": {"writePolicy": "DENY"}}
    numbers["one-field change"] = seconds(play.up)
    numbers["destroy"] = seconds(lambda: play.destroy(**WITHOUT_CHECKPOINTS))  # as make down has it
    return numbers


def seconds(run: Callable[[], object]) -> float:
    begin = time.monotonic()
    run()
    return time.monotonic() - begin


def state_bytes(play: Play) -> int:
    """The checkpoint as it lies on disk; a history of them is Pulumi's own affair."""
    folder = play.folder / "state" / ".pulumi" / "stacks" / "provider-test"
    return sum((folder / name).stat().st_size for name in ("test.json", "test.json.gz") if (folder / name).exists())


def line(name: str, ours: float, theirs: float | None, target: float | None) -> str:
    if name.startswith("requests"):
        verdict = "ok" if ours <= MOST_REQUESTS else "short"
        return f"{name} ratio {ours / MOST_REQUESTS:.2f} target 1.00 {verdict}  ({ours:.0f} of {MOST_REQUESTS})"
    if theirs is None or target is None:
        other = "not recorded" if theirs is None else f"{theirs:.1f}"
        return f"{name} ratio - target - ok  ({ours:.1f}; Terraform {other}; no target)"
    ratio = ours / theirs
    verdict = "ok" if ratio <= target else "short"
    return f"{name} ratio {ratio:.2f} target {target:.2f} {verdict}  ({ours:.1f} : {theirs:.1f})"


if __name__ == "__main__":
    sys.exit(main([int(count) for count in sys.argv[1:]] or [100, 1000]))
