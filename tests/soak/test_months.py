"""A short `make soak`: after a quarter with a few communities, nothing short-lived has piled up."""

from pathlib import Path

import pytest

from tests.soak.flat import growing
from tests.soak.year import life

CIRCLES = 4
# Kept for more than a quarter.
LONGER = ("outgoing", "postsubject", "response", "feedback", "takeaway", "weeklyrequest")


@pytest.mark.slow
def test_quarter_leaves_behind_only_what_is_kept(tmp_path: Path) -> None:
    with life(tmp_path, CIRCLES) as it:
        weights = list(it.months(3))
    assert weights[-1].delivered > 50 * CIRCLES
    assert weights[-1].rows["response"] > CIRCLES
    assert weights[-1].rows["meetingchange"] >= 2 * CIRCLES, "what was moved and cancelled"
    assert weights[-1].rows["person"] == weights[0].rows["person"], "of those who came and left nothing is kept"
    found = [what for what in growing(weights, CIRCLES, settled=1) if not what.startswith(LONGER)]
    assert found == []
