"""python -m tests.conformance.differential REAL STAND-IN, with the options that make differential has.

Passwords of the administrators: REAL_PASSWORD and STAND_IN_PASSWORD. Everything on both servers except what Nexus ships
is deleted. Exits with 1 if a difference is not among the departures.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.conformance.differential.areas import AREAS
from tests.conformance.differential.areas.area import Area
from tests.conformance.differential.requesting import Step
from tests.conformance.differential.sequences import Match, Outcome, shrunk
from tests.conformance.differential.servers import Server

DEPARTURES: dict[str, str] = yaml.safe_load((Path(__file__).parent / "departures.yaml").read_text()) or {}
_LONGEST = 12
_SHRUNK = 3  # the most frequent differences of an area are shrunk


class Tally:
    """The results of the sequences of an area."""

    def __init__(self) -> None:
        self.sequences = self.agreed = self.departed = self.steps = self.held = self.by_status = 0
        self.kinds: Counter[str] = Counter()
        self.examples: dict[str, list[Step]] = {}

    def add(self, steps: list[Step], outcomes: list[Outcome], prepared: int = 0) -> None:
        differing = [outcome for outcome in outcomes if outcome.difference]
        # Later differences may be consequences of the first one.
        unexplained = [outcome for outcome in differing[:1] if not departure(outcome)]
        self.sequences += 1
        self.agreed += not unexplained
        self.departed += bool(differing) and not unexplained
        random = outcomes[prepared:]  # not the requests that are the same before every sequence
        self.steps += len(random)
        self.held += sum(outcome.difference is None for outcome in random)
        self.by_status += sum(outcome.difference is None or outcome.status_held for outcome in random)
        for outcome in unexplained:
            self.kinds[outcome.signature] += 1
            known = self.examples.get(outcome.signature)
            if known is None or len(steps) < len(known):
                self.examples[outcome.signature] = steps


def departure(outcome: Outcome) -> str | None:
    """The reason why the stand-in may differ here."""
    text = f"{outcome.where}: {outcome.difference}"
    return next((reason for pattern, reason in DEPARTURES.items() if pattern in text), None)


def played(match: Match, area: Area, sequences: int, first: int, minutes: float) -> Tally:
    """Plays sequences up to a number, or until the minutes are over."""
    tally = Tally()
    end = time.monotonic() + 60 * minutes

    @seed(first)
    @settings(
        max_examples=sequences,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(area.steps, min_size=1, max_size=_LONGEST))
    def one(steps: list[Step]) -> None:
        if time.monotonic() < end:
            tally.add(steps, match.play(area, steps), len(area.before))

    one()
    return tally


def recording(match: Match, name: str, signature: str, steps: list[Step]) -> dict[str, Any]:
    """A difference in the form of a recording, with the stand-in's answer to its last step."""
    area = AREAS[name]
    outcomes = match.play(area, shrunk(match, area, steps, signature))
    last = next((outcome for outcome in outcomes if outcome.signature == signature), outcomes[-1])
    until = [outcome.step for outcome in outcomes[: outcomes.index(last) + 1]]
    return {"scenario": f"differential/{name}", "about": last.difference or "", "steps": until, "got": last.got}


def share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def report(name: str, tally: Tally) -> None:
    print(
        f"{name}: {tally.agreed} of {tally.sequences} sequences agree ({tally.departed} with departures), "
        f"{tally.held} of {tally.steps} answers are the same ({share(tally.held, tally.steps)}), "
        f"{tally.by_status} by status ({share(tally.by_status, tally.steps)})",
        flush=True,
    )
    for signature, count in tally.kinds.most_common():
        print(f"  {count:4} {signature}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real")
    parser.add_argument("stand_in")
    parser.add_argument("--areas", default="", help="some of " + ", ".join(AREAS) + "; all without it")
    parser.add_argument("--sequences", type=int, default=100, help="of each area (100)")
    parser.add_argument("--minutes", type=float, default=30, help="for each area (30), and what makes sequences short")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="a new one for each run (the time)")
    parser.add_argument("--found", type=Path, help="a file for the short sequences, as recordings; otherwise printed")
    given_ = parser.parse_args()
    given_.areas = given_.areas.replace(",", " ").split() or list(AREAS)
    if unknown := [name for name in given_.areas if name not in AREAS]:
        parser.error(f"AREAS: not known (got {', '.join(unknown)}; allowed {', '.join(AREAS)})")
    if missing := [name for name in ("REAL_PASSWORD", "STAND_IN_PASSWORD") if not os.environ.get(name)]:
        parser.error(f"{missing[0]} is missing in the environment: the password of the administrator")
    return given_


def main() -> int:
    options = arguments()
    match = Match(
        Server(options.real, os.environ["REAL_PASSWORD"]), Server(options.stand_in, os.environ["STAND_IN_PASSWORD"])
    )
    found, sequences, agreed = [], 0, 0
    print(f"seed {options.seed}", flush=True)
    for name in options.areas:
        tally = played(match, AREAS[name], options.sequences, options.seed, options.minutes)
        report(name, tally)
        sequences, agreed = sequences + tally.sequences, agreed + tally.agreed
        for signature, _ in tally.kinds.most_common(_SHRUNK):
            found.append(recording(match, name, signature, tally.examples[signature]))
        text = json.dumps(found, indent=1, ensure_ascii=False)
        if options.found:  # after each area, so that an interrupted run leaves a report
            options.found.write_text(text, "utf-8")
    print(f"{agreed} of {sequences} sequences agree, {match.requests} requests to each server")
    if found and not options.found:
        print(text)
    return int(agreed < sequences)


if __name__ == "__main__":
    sys.exit(main())
