"""Lines of a schedule in plain words: what is understood, what is refused, and what is said."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import MonthDays, NthWeekdays, Rule, Unreadable, Weekly
from bot.domain.touchpoint_words import Vocabulary, read, say, usual_yields
from bot.domain.touchpoints import (
    Anchor,
    Around,
    AtEnd,
    Chosen,
    Counted,
    EveryWeeks,
    Halfway,
    OnWeekday,
    Rhythm,
    Snap,
    Touchpoint,
    Unit,
    Which,
    Whom,
    Yields,
)
from bot.i18n import speaking
from storage.communities.schedules import ScheduledTouchpoint

ZONE, TODAY = "America/New_York", date(2025, 10, 1)
WORDS = Vocabulary(
    whats={
        "feedback.ask": "after-meeting card",
        "prompts.due": "reflection prompt",
        "checkins.due": "check-in",
        "checkin 3": "Energy and load",
    },
    also={"reflection": "prompts.due", "checkin": "checkins.due"},
    meeting_types={"visit": "Site visit", "orientation": "Orientation"},
    groups=("youth worker",),
    people={1: "Ada", 2: "José Ortiz"},
    channels={1: "general", 2: "mentors", 3: "Main Hall", 4: "general"},
)


def understood(phrase: str) -> str:
    return say(read(phrase, WORDS, zone=ZONE, today=TODAY).touchpoint, WORDS)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("check-in every Monday at 9 privately", "check-in every Monday, 9:00 AM, privately"),
        (
            "Reflection 5 working days after each meeting",
            "reflection prompt 5 working days after each meeting, 9:00 AM",
        ),
        ("reflection the day after", "reflection prompt 1 day after each meeting, 9:00 AM"),
        (
            "reflection five business days after meetings, then every 3 weeks at 10am",
            "reflection prompt 5 working days after each meeting, then every 3 weeks, 10:00 AM",
        ),
        ("reflection halfway between", "reflection prompt halfway between meetings, 9:00 AM"),
        ("check-in the Monday before", "check-in the Monday before each meeting, 9:00 AM"),
        ("check-in two weeks before each site visit", "check-in 2 weeks before each site visit, 9:00 AM"),
        (
            "check-in the week after the last meeting of the season",
            "check-in 1 week after the last meeting of the season, 9:00 AM",
        ),
        ("check-in first and third Thursday at 9:30am", "check-in first and third Thursday of each month, 9:30 AM"),
        ("check-in every workday at noon", "check-in every workday, 12:00 PM"),
        (
            "energy and load daily on workdays for two weeks",
            "Energy and load every workday, starting October 1, 2025, until October 14, 2025, 9:00 AM",
        ),
        ("check-in every Tuesday during the season", "check-in every Tuesday, 9:00 AM, during the season"),
        ("check-in every Thursday in even weeks", "check-in every Thursday, 9:00 AM, in even weeks"),
        (
            "check-in the Monday before the second Wednesday of each month",
            "check-in Monday before the second Wednesday of each month, 9:00 AM",
        ),
        ("after-meeting card when each meeting ends", "after-meeting card when each meeting ends"),
        (
            "energy and load every Friday at 8am privately for youth worker and Ada, open 1 day, no nudge, may move",
            "Energy and load every Friday, 8:00 AM, privately, for youth worker and Ada, "
            "open 1 working day, no nudge, may move",
        ),
        ("energy and load every Friday for facilitators", "Energy and load every Friday, 9:00 AM, for facilitators"),
        (
            "energy and load Dec 1 2025 at 9am no matter what",
            "Energy and load December 1, 2025, 9:00 AM, no matter what",
        ),
        ("energy and load in #General every Monday", "Energy and load every Monday, 9:00 AM, in #general"),
        (
            "energy and load every Monday at 9 in #general, #main hall and #mentors, open 2 days",
            "Energy and load every Monday, 9:00 AM, in #general, #Main Hall, and #mentors, open 2 working days",
        ),
        # The same in Spanish.
        (
            "check-in cada lunes a las 9:00 en #general y #mentors",
            "check-in every Monday, 9:00 AM, in #general and #mentors",
        ),
        ("check-in cada lunes a las 9:00 en privado", "check-in every Monday, 9:00 AM, privately"),
        ("check-in 5 días hábiles después de cada reunión", "check-in 5 working days after each meeting, 9:00 AM"),
        ("check-in el lunes antes de la reunión a las 10:00", "check-in the Monday before each meeting, 10:00 AM"),
        ("check-in a mitad de camino entre reuniones", "check-in halfway between meetings, 9:00 AM"),
        (
            "check-in dos semanas antes, o el siguiente día hábil",
            "check-in 2 weeks before each meeting, 9:00 AM, or the next working day",
        ),
        (
            "check-in todos los días hábiles durante dos semanas",
            "check-in every workday, starting October 1, 2025, until October 14, 2025, 9:00 AM",
        ),
        ("check-in primer y tercer jueves", "check-in first and third Thursday of each month, 9:00 AM"),
        (
            "check-in al final de cada reunión para Ada y José Ortiz",
            "check-in when each meeting ends, for Ada and José Ortiz",
        ),
    ],
)
def test_line_is_understood(phrase: str, said: str) -> None:
    assert understood(phrase) == said


@pytest.mark.parametrize(
    ("phrase", "why", "instead"),
    [
        ("chekin every monday", "I don’t know “chekin every”", "check-in every Monday, 9:00 AM"),
        ("party every monday", "I don’t know “party every”", "after-meeting card 5 working days after each meeting"),
        ("check-in", "Say when it comes.", "check-in 5 working days after each meeting"),
        ("check-in 5 workdys after each meeting", "I don’t understand", "check-in 5 working days after each meeting"),
        ("check-in 2 weeks before each potluck", "I don’t understand", "check-in 2 weeks before each meeting"),
        ("check-in the monday before each potluck", "I don’t understand", "check-in the Monday before each meeting"),
        ("check-in every Monday for Zed", 'do not understand "zed"', "check-in every Monday, 9:00 AM"),
        ("check-in 3 days after each meeting at lunch", "I expected an hour", ""),
        ("check-in every Monday 9am Pacific time", "Leave out the time zone", "check-in every Monday, 9:00 AM"),
        ("check-in 2 days before, 9am Pacific time", "Leave out the time zone", "check-in 2 days before, 9:00 AM"),
        ("check-in when each meeting ends at 9", "leave out the hour", "check-in when each meeting ends"),
        ("check-in 2 days before, then every 3 weeks", "can be repeated", ""),
        ("check-in 300 days after each meeting", "too far from a meeting", ""),
        (
            "check-in every Monday at 9 in #mentor",
            "isn’t connected to #mentor. Its channels: #general, #mentors, and #Main Hall",
            "check-in every monday at 9 in #mentors",
        ),
        ("check-in every Monday, open 40 days", "1 to 20 working days", ""),
        ("check-in Dec 1 9am and Dec 2 10am", "one hour for all dates", ""),
        ("check-in Dec 1 2024 at 9am", "has passed", "check-in December 1, 2025, 9:00 AM"),
        ("check-in every Monday until Dec 1 2024", "No date", "check-in every Monday, 9:00 AM"),
        ("check-in 5 working days after each meeting during the season", "leave out “during the season”", ""),
    ],
)
def test_refusal_says_why_and_offers_what_can_be_read(phrase: str, why: str, instead: str) -> None:
    with pytest.raises(Unreadable, match=why) as refused:
        read(phrase, WORDS, zone=ZONE, today=TODAY)
    if instead:
        assert refused.value.suggestion == instead
    if refused.value.suggestion:
        assert understood(refused.value.suggestion)


anchors = st.builds(Anchor, st.sampled_from(Which), st.sampled_from(["", "visit"]))
counted = st.one_of(
    st.builds(Counted, st.integers(-40, 40), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]).filter(bool)),
    st.builds(Counted, st.integers(1, 12), st.sampled_from(Unit), st.integers(1, 6)),
).filter(lambda offset: offset.n or offset.unit is Unit.DAYS)
offsets = st.one_of(
    counted,
    st.builds(OnWeekday, st.integers(0, 6), st.booleans()),
    st.builds(EveryWeeks, st.integers(1, 9)),
    st.sampled_from([AtEnd(), Halfway()]),
)
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
rules = st.builds(
    Rule,
    st.sampled_from(
        [Weekly((0,)), Weekly((1, 3)), Weekly((0, 1, 2, 3, 4)), NthWeekdays(((1, 3), (3, 3))), MonthDays((1, -1))]
    ),
    hours,
    st.just(ZONE),
    until=st.sampled_from([None, date(2026, 5, 29)]),
)
whens = st.one_of(st.builds(Around, anchors, offsets), st.builds(Rhythm, rules, st.booleans()))


@st.composite
def touchpoints(draw: st.DrawFn) -> Touchpoint:
    what, when = draw(st.sampled_from(list(WORDS.whats))), draw(whens)
    at_end = isinstance(when, Around) and isinstance(when.offset, AtEnd)
    return Touchpoint(
        what,
        when,
        hour=when.rule.at if isinstance(when, Rhythm) else time(9) if at_end else draw(hours),
        snap=draw(st.sampled_from([None, *Snap])),
        weeks=draw(st.sampled_from(["", "odd", "even"])),
        private=draw(st.booleans()),
        channels=draw(
            st.sampled_from(
                [(), (Chosen(2, "mentors"),), (Chosen(1, "general"), Chosen(4, "general"), Chosen(3, "Main Hall"))]
            )
        ),
        whom=draw(
            st.sampled_from(
                [Whom(), Whom(("facilitators", "youth worker"), (1,)), Whom((), (1, 2)), Whom(is_nobody=True)]
            )
        ),
        open_days=draw(st.sampled_from([1, 3, 5])),
        nudges=draw(st.booleans()),
        yields=draw(st.sampled_from([usual_yields(what, when), *Yields])),
    )


@given(touchpoints(), st.sampled_from(["en", "es"]))
def test_what_is_said_is_read_as_the_same(touchpoint: Touchpoint, language: str) -> None:
    with speaking(language):
        assert read(say(touchpoint, WORDS), WORDS, zone=ZONE, today=TODAY).touchpoint == touchpoint


@given(touchpoints())
def test_definition_is_read_as_the_same(touchpoint: Touchpoint) -> None:
    row = ScheduledTouchpoint(
        community_id=1, what=touchpoint.what, definition=touchpoint.definition(), yields=touchpoint.yields
    )
    assert Touchpoint.of_row(row, touchpoint.whom.people) == touchpoint
