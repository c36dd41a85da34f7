"""A short `make chaos` without kills: a full disk, a stopped server, a wrong clock, a second process, a moderator."""

from pathlib import Path

import pytest

from tests.chaos import platforms, scenarios
from tests.chaos.cluster import LeftOut
from tests.chaos.scenarios import TROUBLING
from tests.chaos.trial import Result

pytestmark = [pytest.mark.slow, pytest.mark.kills]


@pytest.fixture(autouse=True)
def shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "STOPS", 1)
    monkeypatch.setattr(scenarios, "SECONDS", 1)
    monkeypatch.setattr(scenarios, "WAVES", 5)
    monkeypatch.setattr(platforms, "CARDS", 4)
    monkeypatch.setattr(platforms, "WAVES", 2)


async def tried(name: str, folder: Path, url: str) -> Result:
    try:
        result = await TROUBLING[name](folder / "trial", url, 0)
    except LeftOut as why:
        pytest.skip(f"needs: {why}")
    assert result.expected > 0
    assert result.broken_promises == [], result
    return result


@pytest.mark.parametrize("name", ["disk full", "second process", "database stopped"])
async def test_database_in_trouble_loses_and_repeats_nothing(name: str, tmp_path: Path) -> None:
    result = await tried(name, tmp_path, f"sqlite:///{tmp_path}/trial/commonplace.db")
    assert result.notes["said"]


@pytest.mark.parametrize("name", ["clock jumps", "summer time"])
async def test_wrong_clock_loses_and_repeats_nothing(name: str, tmp_path: Path, fresh_database: str) -> None:
    await tried(name, tmp_path, fresh_database)


@pytest.mark.parametrize("name", platforms.SCENARIOS)
async def test_platform_that_refuses_loses_and_repeats_nothing(name: str, tmp_path: Path) -> None:
    await tried(name, tmp_path, f"sqlite:///{tmp_path}/trial/commonplace.db")
