"""Lets a year of 1,000 communities pass (COMMUNITIES=, and MONTHS= of four weeks each), and fails if anything grows."""

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bot.telemetry import logs
from tests.soak.flat import SETTLED, growing
from tests.soak.year import Weight, life

KEPT = Path("build/soak.json")


def main() -> int:
    circles, months = int(os.environ.get("COMMUNITIES") or 1_000), int(os.environ.get("MONTHS") or 13)
    logs.set_up("warning", "console", to=sys.stderr)
    began = time.monotonic()
    weights: list[Weight] = []
    found: list[str] = []
    KEPT.parent.mkdir(exist_ok=True)
    print(
        f"{'month':>5}{'events':>10}{'delivered':>11}{'rss MB':>9}{'file MB':>9}{'outbox':>9}{'timers':>9}"
        f"{'cpu s':>9}{'took s':>9}"
    )
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder, life(Path(folder), circles) as it:
        for w in it.months(months):
            weights.append(w)
            took = time.monotonic() - began
            print(
                f"{w.month:>5}{w.events:>10}{w.delivered:>11}{w.rss_mb:>9.1f}{w.file_mb:>9.1f}"
                f"{w.rows['outgoing']:>9}{w.rows['timer']:>9}{w.cpu_s:>9.0f}{took:>9.0f}",
                flush=True,
            )
            found = growing(weights, circles) if w.month > SETTLED else []
            told = {"communities": circles, "grew": found, "months": [asdict(w) for w in weights]}
            # Written each month, since the whole run takes an hour or more.
            KEPT.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print("\n".join(f"grew: {what}" for what in found) or "nothing grew that should not")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
