"""Generated sentences are read as what they mean, or not at all; `SENTENCES=20000` tries as many."""

import os
import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, occurrences, read
from tests.cadence.sentences import LAST, TODAY, Sentence, sentence

NEW_YORK = ZoneInfo("America/New_York")
SENTENCES = int(os.environ.get("SENTENCES", "1500"))
BEFORE = datetime.combine(TODAY, time(), NEW_YORK) - timedelta(seconds=1)
END = datetime.combine(LAST, time(23, 59), NEW_YORK)
MOST_REFUSED = 0.03


def outcome(said: Sentence) -> str:
    """Return "" if the sentence is read as what it means, "refused", or what it was read as."""
    try:
        rule = read(said.text, zone=NEW_YORK.key, today=TODAY).rule
    except Unreadable:
        return "refused"
    found = [moment.astimezone(NEW_YORK) for moment in occurrences(rule, BEFORE, until=END)]
    right = [moment.date() for moment in found] == list(said.dates) and {f"{m:%H:%M}" for m in found} == {said.at}
    return "" if right else f"{said.text!r} as {rule}"


def test_generated_sentences_are_read_as_they_mean_or_not_at_all() -> None:
    pick = random.Random(os.environ.get("SEED", "10"))
    outcomes = [outcome(sentence(pick)) for _ in range(SENTENCES)]
    refused = outcomes.count("refused")
    wrong = [each for each in outcomes if each not in ("", "refused")]
    print(f"{len(outcomes)} sentences: {len(wrong)} wrong, {refused} refused or asked about")
    assert wrong == []
    assert refused <= MOST_REFUSED * len(outcomes)


def test_sentences_differ() -> None:
    pick = random.Random(1)
    assert len({sentence(pick).text for _ in range(200)}) > 190
