"""Two kills in each kind of work, where `make chaos` does hundreds: nothing is lost, and nothing is there twice."""

from pathlib import Path

import pytest

from tests.chaos.scenarios import KILLING

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["fan-out, suppressed", "answer storm", "migration"])
async def test_nothing_is_lost_or_repeated_where_it_is_killed(name: str, tmp_path: Path) -> None:
    result = await KILLING[name](tmp_path / "trial", f"sqlite:///{tmp_path}/trial/commonplace.db", 2)
    assert result.kills == 2
    assert result.expected > 0
    assert (result.lost, result.repeated) == (0, 0), result
