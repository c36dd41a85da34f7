"""How much the detector finds of what others marked, and how often it is wrong. `docs/decisions` tells the figures."""

from bot.domain.safety.detector import find
from tests.domain.safety.labelled import KINDS, load, measure


def test_detector_finds_what_it_promises_and_seldom_shouts() -> None:
    figures = measure(load(), lambda text: [(span.start, span.end, span.kind.value) for span in find(text)])
    for kind in KINDS:
        assert figures.recall(kind) >= 0.9, kind
    assert figures.recall("clean") <= 0.1
