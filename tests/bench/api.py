"""python -m tests.bench.api [COUNT...]: this project against Terraform, on raw hosted repositories of one server.

With TF_PROVIDER=PATH (a binary of datadrivers' provider) and terraform on PATH, both run here in turn, and the medians
of three runs are compared; else Terraform's numbers are earlier ones against Nexus itself, which the output says.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from cli.machine.stand_in import ensure_stand_in
from cli.stack.many_objects import WITHOUT_CHECKPOINTS
from tests.bench.measuring import (
    external_server,
    first_up,
    raw_repositories,
    seconds,
    state_bytes,
    use_the_environment_of_store,
)
from tests.bench.terraform import Terraform
from tests.integration.provider.play import Play

# Measured on 2 cores: terraform 1.11 with datadrivers' provider against the open-source core 3.77.
RECORDED = {
    100: {"first up": 4.6, "preview with refresh": 0.8, "state bytes": 638.0},
    1000: {"first up": 64.6, "preview with refresh": 5.4, "destroy": 38.0, "state bytes": 638.0},
}
TARGETS = {"first up": 0.75, "preview with refresh": 1.0, "one-field change": 1.0, "destroy": 0.5, "state bytes": 0.1}
MOST_REQUESTS = 10
ROUNDS = 3

Numbers = dict[str, float]


def main(counts: list[int]) -> int:
    provider = os.environ.get("TF_PROVIDER")
    use_the_environment_of_store()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stand_in = ensure_stand_in()
        lines = []
        for count in counts:
            ours, theirs = compared(Path(folder), stand_in, count, Path(provider) if provider else None)
            lines += [
                line(f"{name}, {count}", value, theirs.get(name), TARGETS.get(name)) for name, value in ours.items()
            ]
    print(f"load {os.getloadavg()[0]:.1f}; {server()}")
    print("Terraform:", "measured now" if provider else "as recorded against Nexus; ours now, against the stand-in")
    print("\n".join(lines))
    return 0


def server() -> str:
    if address := os.environ.get("SERVER"):
        return f"the server is that at {address}"
    return f"the server is the stand-in, at the pace of {'a real one' if os.environ.get('PACE') else 'its own'}"


def compared(folder: Path, stand_in: Path, count: int, provider: Path | None) -> tuple[Numbers, Numbers]:
    """Medians of this project and of Terraform over a number of rounds, each on a new server."""
    ours, theirs = [], []
    for number in range(ROUNDS if provider else 1):
        with external_server(folder / f"ours-{count}-{number}", stand_in) as play:
            ours.append(measured(play, count))
        if provider:
            with external_server(folder / f"theirs-{count}-{number}", stand_in) as play:
                theirs.append(Terraform(play, provider).measured(count))
    return medians(ours), medians(theirs) if theirs else RECORDED.get(count, {})


def medians(rounds: list[Numbers]) -> Numbers:
    return {name: statistics.median(numbers[name] for numbers in rounds) for name in rounds[0]}


def measured(play: Play, count: int) -> Numbers:
    repositories = play.wanted["repositories"] = raw_repositories(count)
    numbers = {"first up": seconds(lambda: first_up(play, count))}
    numbers["state bytes"] = state_bytes(play) / count
    play.counted()
    numbers["preview with refresh"] = seconds(lambda: play.preview("--refresh", "--expect-no-changes"))
    numbers["requests per refresh"] = float(len(play.counted()))
    repositories["raw-00001"] = {"format": "raw", "type": "hosted", "storage": {"writePolicy": "DENY"}}
    numbers["one-field change"] = seconds(play.up)
    numbers["destroy"] = seconds(lambda: play.destroy(**WITHOUT_CHECKPOINTS))  # like make down
    return numbers


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
