"""A short `make chaos`: two kills in each kind of work and one crash of a database lose and repeat nothing."""

from pathlib import Path

import pytest

from tests.chaos import scenarios
from tests.chaos.cluster import LeftOut
from tests.chaos.scenarios import KILLING

pytestmark = [pytest.mark.slow, pytest.mark.kills]


@pytest.mark.parametrize("name", ["fan-out, suppressed", "answer storm", "migration"])
async def test_killed_bot_loses_and_repeats_nothing(name: str, tmp_path: Path) -> None:
    result = await KILLING[name](tmp_path / "trial", f"sqlite:///{tmp_path}/trial/commonplace.db", 2)
    assert result.kills == 2
    assert result.expected > 0
    assert result.broken_promises == [], result


async def test_crashed_database_loses_and_repeats_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "CRASHES", 1)
    try:
        result = await scenarios.database_crashes(tmp_path / "trial", "", 0)
    except LeftOut as why:
        pytest.skip(f"needs: {why}")
    assert result.notes["crashes"] == 1
    assert result.expected > 0
    assert result.broken_promises == [], result
