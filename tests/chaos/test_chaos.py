"""A short run of `make chaos`: nothing is lost, and nothing is said twice where the platform can help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIED = [
    "fan-out, asked",
    "fan-out, suppressed",
    "answer storm",
    "migration",
    "dropped connections",
    "disk full",
]


@pytest.mark.slow
def test_killed_six_times_it_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "chaos.json"
    own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KILLS")}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *TRIED],
        cwd=ROOT,
        env=own | {"KILLS": "6", "CHAOS_TO": str(kept)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    results = json.loads(kept.read_text())
    assert [r["scenario"] for r in results] == TRIED
    assert sum(r["kills"] for r in results) == 6
    assert all(r["expected"] > 0 for r in results)
    assert [r["lost"] for r in results] == [0] * len(TRIED)
    assert [r["repeated"] for r in results] == [0] * len(TRIED)
    assert [r["notes"].get("out_of_order", 0) for r in results] == [0] * len(TRIED)
