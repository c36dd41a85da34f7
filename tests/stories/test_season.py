"""Nine months of a program: five communities, 120 people on Slack and Discord, and check-ins of their own.

What is checked is what reached people (`tests.support.program`), never what the bot has planned or stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from tests.support.program import PASS, START, Arrival, Program

DAYS = 270
# The bot stands still for three days: over a private check-in of the third Wednesday, a weekend, and a first Tuesday.
OUTAGES = (START + timedelta(days=50, hours=2), START + timedelta(days=130), START + timedelta(days=189, hours=5))
# Cards that ask a whole community for something.
REQUESTS = ("After the meeting", "Reflection prompt", "What is on your mind?", "Check-in")
NINE = 9


@pytest.mark.anywhere
def test_program_of_five_communities_stays_calm_for_nine_months(engine: Engine) -> None:
    program = Program(engine)
    with program.running():
        for outage in OUTAGES:
            program.until(outage)
            program.stand_still(days=3)
        program.until(START + timedelta(days=DAYS))
    found = [each for check in CHECKS for each in check(program)]
    assert found == [], "\n".join(found[:40])
    has_come = Counter(
        (each.post.is_direct, each.is_nudge, each.was_asked_for) for each in program.arrivals if each.asks
    )
    assert len(has_come) == 4, "all kinds of asking"
    least = {"button": 300, "thread": 50, "direct": 50, "late": 50, "passed": 50, "put off": 20, "changed": 50}
    assert {how: n for how, n in least.items() if program.deeds[how] < n} == {}
    assert {"withdrawn", "away", "left", "returned", "moved"} <= program.deeds.keys()


def private(program: Program) -> Iterator[tuple[Arrival, datetime]]:
    """Yield what was sent to somebody who had not just done anything, and when that was for them."""
    for each in program.arrivals:
        if each.person and not each.has_acted:
            yield each, each.person.local(each.at)


def is_closed(arrival: Arrival) -> bool:
    """Return whether a card or a message that asked takes no more answers in time."""
    return not {"Answer", "Continue", PASS} & arrival.post.now.buttons.keys()


def nobody_gets_more_than_two_requests_a_week(program: Program) -> Iterator[str]:
    weeks = Counter(
        (each.person.name, *local.isocalendar()[:2])
        for each, local in private(program)
        if each.person and each.asks and not each.was_asked_for
    )
    yield from (f"{who} was asked {n} times" for who, n in weeks.items() if n > 2)


def no_community_gets_more_than_one_request_a_week(program: Program) -> Iterator[str]:
    weeks: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for each in program.arrivals:
        if each.community and each.post.first.title in REQUESTS:
            local = each.at.astimezone(ZoneInfo(each.community.zone))
            weeks[each.community.id, each.post.wire.name, local.isocalendar()[:2]].append(each.post.first.title)
    yield from (f"community {where}: {titles}" for where, titles in weeks.items() if len(titles) > 1)


def nobody_is_asked_or_nudged_twice_about_one_question(program: Program) -> Iterator[str]:
    asked = Counter(
        (each.person.name, each.round, each.is_nudge)
        for each, _local in private(program)
        if each.person and each.asks and not each.was_asked_for
    )
    yield from (f"{what}: {n} times" for what, n in asked.items() if n > 1)


def nobody_is_asked_who_is_done_or_gone_or_asked_not_to_be(program: Program) -> Iterator[str]:
    for each, local in private(program):
        person = each.person
        assert person
        what = f"{person.name} at {local}: {each.post.first.words[:80]!r}"
        if person.is_away(each.at):
            yield f"away: {what}"
        if not each.asks:
            continue
        if not person.is_member(each.about, each.at):
            yield f"no member: {what}"
        if any(done.get(each.round, each.at) < each.at for done in (person.answered, person.passed)):
            yield f"done: {what}"
        if each.is_nudge and not person.wants_nudges:
            yield f"wants no nudges: {what}"


def nobody_is_written_to_in_their_quiet_hours(program: Program) -> Iterator[str]:
    for each, local in private(program):
        assert each.person
        ends, begins = each.person.quiet[1], each.person.quiet[0]
        if not ends <= local.hour < begins:
            yield f"{each.person.name} at {local}: {each.post.first.words[:80]!r}"


def each_is_asked_at_their_own_hour(program: Program) -> Iterator[str]:
    """At nine, unless the bot stood still then."""
    for each, local in private(program):
        is_first = each.asks and not each.is_nudge and not each.was_asked_for
        if is_first and (local.hour, local.minute) != (NINE, 0) and not program.is_catching_up(each.at):
            yield f"{each.person and each.person.name} at {local}"


def each_channel_is_asked_at_nine(program: Program) -> Iterator[str]:
    for each in program.arrivals:
        if each.community and each.asks and not program.is_catching_up(each.at):
            local = each.at.astimezone(ZoneInfo(each.community.zone))
            if (local.hour, local.minute) != (NINE, 0):
                yield f"community {each.community.id} at {local}"


def meetings_are_at_their_hour(program: Program) -> Iterator[str]:
    """As the cards say, before and after the clocks change."""
    hours: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for each in program.arrivals:
        if each.community and each.post.first.title.startswith("Meeting: "):
            local = each.post.first.moments[0].astimezone(ZoneInfo(each.community.zone))
            hours[each.community.id].add((local.weekday(), local.hour))
    yield from (f"community {id}: {found}" for id, found in hours.items() if len(found) > 1)
    if [min(hours[id]) for id in range(1, 6)] != [(2, 16), (1, 16), (3, 16), (0, 10), (4, 16)]:
        yield f"{hours}"


def every_question_is_closed_when_it_said(program: Program) -> Iterator[str]:
    """On cards, and in private also for whoever left since. Only what they asked for themselves stays as it is then."""
    for each in program.arrivals:
        if not each.asks or (closes := each.post.first.moments[-1]) > program.now:
            continue
        has_left = each.person and not each.person.is_member(each.about, closes)
        if each.was_asked_for and has_left:
            continue
        if not is_closed(each):
            yield f"never closed: {each.round}, {closes}, {each.post.now.words!r}"
        in_time = [at for at in each.post.changed_at if closes <= at <= program.back_after(closes)]
        if not in_time:
            yield f"not closed in time: {each.round}, {closes}, {each.post.changed_at}"


def every_answer_is_counted(program: Program) -> Iterator[str]:
    """On the card, once it is closed, also those that came late. Those of people who left are another matter."""
    for each in program.arrivals:
        if not (each.community and each.asks and is_closed(each)):
            continue
        answered = [person for person in program.people if each.round in person.answered]
        if any(person.deleted for person in program.people if each.round in person.answered):
            continue
        says = f"{len(answered)} person was heard from." if len(answered) == 1 else f"{len(answered)} people were heard"
        if answered and says not in each.post.now.words:
            yield f"{each.round}: {len(answered)}, but {each.post.now.words!r}"


def every_question_has_a_summary(program: Program) -> Iterator[str]:
    summed_up = {each.post.under for each in program.arrivals if each.post.first.title == "Summary"}
    for each in program.arrivals:
        if each.community and each.asks and is_closed(each) and each.post.receipt not in summed_up:
            yield f"{each.round} at {each.at}"


def three_days_of_outage_end_in_no_burst(program: Program) -> Iterator[str]:
    """In the hour after, each person gets one question at most, and each community one card; facilitators one note."""
    for _start, end in program.outages:
        came = [each for each in program.arrivals if end <= each.at < end + timedelta(hours=1)]
        people = Counter(each.person.name for each in came if each.person and each.asks and not each.was_asked_for)
        yield from (f"{name}: {n} questions at {end}" for name, n in people.items() if n > 1)
        cards = Counter(
            (each.community.id, each.post.wire.name)
            for each in came
            if each.community and each.post.first.title in REQUESTS
        )
        yield from (f"community {where}: {n} cards at {end}" for where, n in cards.items() if n > 1)
        notes = Counter(
            each.person.name
            for each in program.arrivals
            if each.person
            and end <= each.at < end + timedelta(days=1)
            and "I was away for a while" in each.post.first.words
        )
        yield from (f"{name}: {n} notes at {end}" for name, n in notes.items() if n > 1)


CHECKS = (
    nobody_gets_more_than_two_requests_a_week,
    no_community_gets_more_than_one_request_a_week,
    nobody_is_asked_or_nudged_twice_about_one_question,
    nobody_is_asked_who_is_done_or_gone_or_asked_not_to_be,
    nobody_is_written_to_in_their_quiet_hours,
    each_is_asked_at_their_own_hour,
    each_channel_is_asked_at_nine,
    meetings_are_at_their_hour,
    every_question_is_closed_when_it_said,
    every_answer_is_counted,
    every_question_has_a_summary,
    three_days_of_outage_end_in_no_burst,
)
