"""Measures every part, or those named (`python -m tests.bench demo`), and writes build/bench.json.

With --whole some parts do up to ten times as much, and take minutes: 10,000 recipients on Discord and 1,000 on Slack,
and check-ins and reports of 10,000 members.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    cadence,
    clock,
    cluster,
    core,
    crowd,
    delivery,
    demo,
    prompts,
    reports,
    rest,
    rounds,
    themes,
    wire,
    workbook,
)
from tests.bench.figure import Figure

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "core": core.figures,
    "rounds": rounds.figures,
    "cadence": cadence.figures,
    "themes": themes.figures,
    "reports": reports.figures,
    "prompts": prompts.figures,
    "workbook": workbook.figures,
    "cluster": cluster.figures,
    "clock": clock.figures,
    "rest": rest.figures,
    "delivery": delivery.figures,
    "slack": wire.slack_figures,
    "discord": wire.discord_figures,
    "crowd": crowd.figures,
    "demo": demo.figures,
}
RESULTS = Path("build/bench.json")
WHOLE = "--whole"


def main(asked: Sequence[str]) -> None:
    wanted = [name for name in asked if name != WHOLE]
    if WHOLE in asked:
        delivery.RECIPIENTS, rest.REST_S = 10 * delivery.RECIPIENTS, 5 * rest.REST_S
        rounds.MOST = reports.MOST = 10 * rounds.MANY
        # The baseline is measured in another process.
        os.environ["RECIPIENTS"] = str(delivery.RECIPIENTS)
    figures = [figure for part in wanted or PARTS for figure in PARTS[part]()]
    RESULTS.parent.mkdir(exist_ok=True)
    rows = [
        {"name": f.name, "value": f.value, "unit": f.unit, "baseline": f.baseline, "ratio": f.ratio} for f in figures
    ]
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(f"{'name':<26}{'value':>10} {'unit':<10}{'baseline':>10}{'ratio':>8}")
    for f in figures:
        print(f"{f.name:<26}{f.value:>10.2f} {f.unit:<10}{_formatted(f.baseline):>10}{_formatted(f.ratio):>8}")


def _formatted(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
