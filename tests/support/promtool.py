"""Tests of the alerts by promtool, Prometheus's own tool."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cli.monitoring.files import RULES

Series = Mapping[str, str]
"""The values of every minute in promtool's notation, by name and labels."""


def promtool(*arguments: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(["promtool", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_alert(
    folder: Path, alert: str, after: str, *, firing: Series | None = None, silent: Series | None = None
) -> None:
    """Fails unless an alert of the stack `p` fires with one set of series after a time, and not with the other."""
    # `alert_rule_test` would have to list every annotation; the series ALERTS has none.
    expression = f'count(ALERTS{{alertname="{alert}",alertstate="firing",stack="p"}})'
    cases: list[tuple[Series | None, list[dict[str, Any]]]] = [(firing, [{"labels": "{}", "value": 1}]), (silent, [])]
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [{"expr": expression, "eval_time": after, "exp_samples": expected}],
        }
        for series, expected in cases
        if series is not None
    ]
    assert tests
    file = folder / "test.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", file)
