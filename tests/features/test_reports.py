"""The report of a season: figures worked by hand, in chat, as a page, and as a file, and whom it names."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from bot.core.pages import OpenPage
from bot.domain.csv_files import BYTE_ORDER_MARK
from bot.domain.questions import Question, QuestionType
from bot.ui import Chart, Facts, Link, Page, Table
from storage.communities import communities
from storage.learning import anonymous_answers, checkins, rounds
from storage.learning.participation import Member
from storage.learning.rounds import FACILITATORS, ME
from storage.library import endorsements, resources
from storage.meetings import attendance, meetings
from storage.people import absences, people
from tests.support.chat import START, Chat
from tests.support.community import actors, create_community
from tests.support.renderers import assert_renders_everywhere
from tests.support.seasons import MEMBERS, PLATE, answer, ask, checkin, create_seasons


@pytest.fixture
def season(chat: Chat) -> Chat:
    create_seasons(chat)
    return chat


def test_report_shows_the_figures_of_the_season(season: Chat) -> None:
    [ben] = actors(season, "Ben")
    said = ben.types("report")
    assert_renders_everywhere(ben.sees)
    assert said.splitlines()[:6] == [
        "Report: Fall",
        "Answered: 55% of those asked (21 of 38)",
        "The season before: 50% of those asked (6 of 12)",
        "Asked: 3 questions (late answers: 1)",
        "Took part at least once: 12 of 13 members",
        # Acts: 0, four times 1, seven times 2, and 3. Gini 64/273; the three most active did 7 of 21.
        "Evenness: 0.77 of 1. The most active fifth did 33%.",
    ]
    [chart] = [part for part in ben.shown.parts if isinstance(part, Chart)]
    assert chart.finding == "Between 15% and 85% of those asked answered; the last time 15%."
    assert [point.shown for point in chart.points] == ["67% (8/12)", "85% (11/13)", "15% (2/13)"]
    # Leaving out the directors alone would tell them: 12 - 6 - 5 = 1.
    [table] = [part for part in ben.shown.parts if isinstance(part, Table)]
    assert table.rows == (("site staff", "6", "6"), ("Others", "6", "7"))
    assert "Report: Spring\nAnswered: 50%" in ben.types("report spring")


def test_report_is_for_facilitators(season: Chat) -> None:
    [mei] = actors(season, "M1")
    assert "is for facilitators" in mei.types("report")


def page_of(chat: Chat, line: str = "report") -> Page:
    [ben] = actors(chat, "Ben")
    chat.app.address = "https://bot.example.org"
    ben.types(line)
    ben.presses("Open as a page")
    [link] = [action.url for action in ben.shown.actions if isinstance(action, Link)]
    opened = chat.app.open_page(link.rpartition("/")[2], "browser")
    assert isinstance(opened, OpenPage)
    return opened.page


def test_page_shows_the_same_and_names_nobody(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        for person in range(1, 14):
            row = people.membership(session, 1, person)
            assert row
            row.visible = True
    page = page_of(season)
    assert [section.title for section in page.sections] == [
        *("Answers", "Who took part", "Every question", "How this is counted"),
    ]
    shown = str(page.sections)
    assert "55% of those asked (21 of 38)" in shown
    assert "('Jan 5', '=HYPERLINK(1)', '12', '8', '67%', '1', 'Check-in')" in shown
    assert not [name for name in (*MEMBERS, "Ben") if f"'{name}'" in shown or f"[{name}]" in shown]
    assert page.about == r"From Dec 31, 2025 to Jul 19, 2026. Youth workers is compared only with itself."


def test_file_holds_each_question_without_names_or_formulas(season: Chat) -> None:
    [ben] = actors(season, "Ben")
    ben.types("report")
    ben.presses("Get the file")
    file = ben.shown.attachment
    assert file
    assert file.body.startswith(BYTE_ORDER_MARK)
    rows = list(csv.DictReader(io.StringIO(file.body.removeprefix(BYTE_ORDER_MARK))))
    assert [(row["question"], row["asked"], row["answered"], row["share"], row["late"]) for row in rows] == [
        ("'=HYPERLINK(1)", "12", "8", "0.667", "1"),
        ("How is it going?", "13", "11", "0.846", "0"),
        ("How is it going?", "13", "2", "0.154", "0"),
    ]
    assert datetime.fromisoformat(rows[0]["opened"]) == START + timedelta(days=105)
    assert rows[0]["zone"] == "America/New_York"


def test_only_who_agreed_is_named_and_nobody_who_skipped(season: Chat) -> None:
    [ben] = actors(season, "Ben")
    with Session(season.engine) as session, session.begin():
        for name, agrees in (("Zoe", True), ("Yan", False)):
            person = people.get_or_create(session, platform="pretend", space="S1", external=name, name=name)
            row = people.enrol(session, 1, people.key(person))
            row.joined_at, row.visible = START, agrees
        skipper = people.membership(session, 1, 13)
        assert skipper
        skipper.visible = True
    said = ben.types("report")
    assert "Not heard from yet, and fine with you knowing: Zoe" in said
    assert "Yan" not in said
    assert "Ben" not in said
    # Whoever answers only an anonymous check-in did something, and nobody can tell.
    with Session(season.engine) as session, session.begin():
        [*_earlier, last] = session.exec(select(rounds.Round).order_by(rounds.Round.id))  # type: ignore[arg-type]
        last.level = checkins.NOBODY_CAN_TELL
    assert "Not heard from yet" not in ben.types("report")


def test_nobody_is_named_in_a_small_community_or_to_an_admin_who_does_not_facilitate(chat: Chat) -> None:
    create_community(chat, ["Mei", "Olu"])
    with Session(chat.engine) as session, session.begin():
        for person in (1, 2):
            row = people.membership(session, 1, person)
            assert row
            row.visible = True
        ask(session, 1, [3])
    chat.clock.move(START + timedelta(days=20))
    [ben] = actors(chat, "Ben")
    said = ben.types("report")
    assert said.startswith("Report: all time\nAnswered: 1 of 3\n")
    assert "Not heard from" not in said
    with Session(chat.engine) as session, session.begin():
        for name in "abcdef":
            newcomer = people.get_or_create(session, platform="pretend", space="S1", external=name, name=name)
            people.enrol(session, 1, people.key(newcomer)).joined_at = START
        row = people.membership(session, 1, 3)
        assert row
    assert "Not heard from yet" in ben.types("report")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, 1, 3)
        assert row
        row.role = 3
    assert "Not heard from yet" not in ben.types("report")


@pytest.mark.parametrize(
    ("joined", "left", "away", "asked"),
    [(0, None, None, True), (5, None, None, True), (6, None, None, False), (0, 4, None, False), (0, 6, None, True),
     (0, None, 4, False), (0, None, 6, True)],
)  # fmt: skip
def test_who_was_asked(joined: int, left: int | None, away: int | None, asked: bool) -> None:
    """A question closes on day 5."""

    def day(n: int | None) -> datetime | None:
        return None if n is None else START + timedelta(days=n)

    member = Member(1, "Mei", START + timedelta(days=joined), day(left), day(away), "", is_visible=False)
    assert member.was_asked(START + timedelta(days=5)) is asked


def test_meetings_and_catching_up_count_as_taking_part(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        held = meetings.add(session, 1, title="Held", starts_at=START + timedelta(days=130), minutes=60)
        assert held.id
        attendance.put(session, held.id, 13, attendance.MADE_UP, START + timedelta(days=131))
    [ben] = actors(season, "Ben")
    assert "Took part at least once: 13 of 13 members" in ben.types("report")


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        # 6 took part otherwise, so at least four of these only answered anonymously.
        (12, "Took part at least once: at least 10 of 13 members, by an anonymous check-in"),
        # As many as might have answered something else too.
        (9, "Took part at least once: 6 of 13 members, without those who only answered anonymously"),
        (4, "Took part at least once: 6 of 13 members, without those who only answered anonymously"),
    ],
)
def test_anonymous_answers_make_the_number_who_took_part_larger_only_in_steps(
    season: Chat, answered: int, said: str
) -> None:
    with Session(season.engine) as session, session.begin():
        nobody = ask(session, 12, version=checkin(session, PLATE), level=checkins.NOBODY_CAN_TELL)
        row = rounds.get(session, 1, nobody)
        assert row
        for _each in range(answered):
            anonymous_answers.save(session, nobody, {"plate": "3"})
        anonymous_answers.seal(session, row)
    [ben] = actors(season, "Ben")
    assert said in ben.types("report spring")
    assert_renders_everywhere(ben.sees)


def test_measures_say_who_came_and_who_helped_whom(season: Chat) -> None:
    """Two meetings of 13 members, of whom one joined between them and one is away for the second."""
    with Session(season.engine) as session, session.begin():
        for day, came in ((110, range(1, 7)), (130, (1, 2, 3, 12))):
            starts_at = START + timedelta(days=day)
            held = meetings.add(session, 1, title="Held", starts_at=starts_at, minutes=60)
            assert held.id
            for person in came:
                attendance.put(session, held.id, person, attendance.MARKED, starts_at)
            attendance.put(session, held.id, 7, attendance.MADE_UP, starts_at)
        absences.begin(session, 1, 8, absences.AWAY, START + timedelta(days=128), (START + timedelta(days=135)).date())
        community = communities.get(session, 1)
        assert community
        shared = [
            resources.key(resources.add(session, community, owner, resources.Content(f"R{owner}"), START))
            for owner in range(1, 6)
        ]
        # 1 and 2 help each other; 3 to 6 are each helped by 1; long ago does not tie.
        for person, resource in ((2, 1), (1, 2), (3, 1), (4, 1), (5, 1), (6, 1)):
            endorsements.mark(session, shared[resource - 1], person, START + timedelta(days=150))
        endorsements.mark(session, shared[4], 9, START + timedelta(days=101))
        season.clock.move(START + timedelta(days=200))
    [ben] = actors(season, "Ben")
    said = ben.types("report").splitlines()
    assert_renders_everywhere(ben.sees)
    # Expected: 12, then 13 without the one who is away.
    assert "Attendance: 42% of those expected (10 of 24 at 2 meetings)" in said
    # Members 1, 2, 3, and 12, who was expected once. Of the others nobody was at more than half.
    assert "Continuity: 4 of 13 members were at three quarters of their meetings or more" in said
    assert "Reuse: 7 people were helped by resources of others, and there are 5 resources" in said
    assert "Density: 5 of 78 pairs of members are connected (6%)" in said
    shown = {
        row[0]: row[1] for s in page_of(season).sections for p in s.parts if isinstance(p, Facts) for row in p.rows
    }
    assert shown["Not connected"] == "7 of 13 members"
    assert shown["Reciprocity: helped both ways"] == "1 of 5 connected pairs"
    assert shown["Between two roles"] == "0 of 5 connected pairs"
    # Degrees 5, and five times 1: 13 · 5 - 10 = 55 of 132. Ben alone facilitates, so without him 12 · 5 - 10 of 110.
    assert shown["Centralization"] == "0.42 of 1, and 0.45 without the facilitators"
    assert shown["Reuse for each resource"] == "1.4 people for each resource"
    assert "Reuse by another organization" not in shown


def test_who_was_away_while_a_question_was_open_is_not_asked(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        # Away for the last question (days 140 to 147); one of them answered it.
        for person in (11, 12):
            back_on = (START + timedelta(days=150)).date()
            absences.begin(session, 1, person, absences.AWAY, START + timedelta(days=139), back_on)
    [ben] = actors(season, "Ben")
    assert "Answered: 57% of those asked (21 of 37)" in ben.types("report")


def test_answers_on_a_scale_have_a_course_of_middles_and_gaps(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        version = checkin(session, PLATE)
        answer(session, ask(session, 145, version=version), dict(enumerate([1, 2, 3, 4, 5], 1)))
        few = ask(session, 146, version=version)
        answer(session, few, {1: 5, 2: 5, 3: 5, 4: 5})
        # What isn't for everyone doesn't count.
        answer(session, few, {5: 5, 6: 5}, FACILITATORS)
        answer(session, few, {7: 5}, ME)
        answer(session, ask(session, 147, version=version), dict.fromkeys(range(1, 9), 4))
        # Another scale is another question.
        wider = checkin(session, Question("plate", "How full, from 1 to 7?", QuestionType.SCALE, high=7), 1)
        answer(session, ask(session, 148, version=wider), dict.fromkeys(range(1, 6), 7))
        nobody = ask(session, 149, version=wider, level=checkins.NOBODY_CAN_TELL)
        row = rounds.get(session, 1, nobody)
        assert row
        for point in (1, 1, 2, 2, 2, 6, 7):
            anonymous_answers.save(session, nobody, {"plate": str(point)})
        anonymous_answers.seal(session, row)
    page = page_of(season)
    courses = {s.title: part for s in page.sections for part in s.parts if isinstance(part, Chart)}
    plate = courses["How full is your plate?"]
    assert (plate.title, plate.finding) == (
        "The middle answer, from 1 (light) to 5 (too full)",
        "The middle answer went from 3 to 4; the last time it was 4.",
    )
    assert [(p.low, p.value, p.high, p.shown) for p in plate.points] == [
        (2, 3, 4, "3 (half between 2 and 4, 5 answers)"),
        (None, None, None, "fewer than 5 answers"),
        (4, 4, 4, "4 (half between 4 and 4, 8 answers)"),
    ]
    wide = courses["How full, from 1 to 7?"]
    assert [point.value for point in wide.points] == [7, 2]
    # Of the anonymous one, 7 answered, which is said in steps.
    assert courses["Answers"].points[-1].shown == "5 or more"
    assert "'13', '5 or more', '–'" in str(page.sections)


def test_report_asks_the_database_as_often_however_much_there_is(season: Chat) -> None:
    [ben] = actors(season, "Ben")
    season.app.address = "https://bot.example.org"
    ben.types("report")
    ben.presses("Open as a page")
    [link] = [action.url for action in ben.shown.actions if isinstance(action, Link)]
    asked = list[str]()

    def listen(*statement: object) -> None:
        asked.append(str(statement[2]))

    def queries() -> int:
        asked.clear()
        event.listen(season.app.read_engine, "before_cursor_execute", listen)
        assert isinstance(season.app.open_page(link.rpartition("/")[2], "browser"), OpenPage)
        event.remove(season.app.read_engine, "before_cursor_execute", listen)
        return len(asked)

    def more(number: int) -> None:
        with Session(season.engine) as session, session.begin():
            for n in range(number):
                version = checkin(session, replace(PLATE, words=f"Question {n} of {number}"))
                answer(session, ask(session, 141, version=version), dict.fromkeys(range(1, 7), 4))
                nobody = ask(session, 141, version=version, level=checkins.NOBODY_CAN_TELL)
                row = rounds.get(session, 1, nobody)
                assert row
                for _each in range(5):
                    anonymous_answers.save(session, nobody, {"plate": "3"})
                anonymous_answers.seal(session, row)
                held = meetings.add(session, 1, title="Held", starts_at=START + timedelta(days=130), minutes=60)
                attendance.put(session, held.id or 0, 1, attendance.MARKED, START + timedelta(days=130))

    more(1)
    few = queries()
    more(6)
    assert queries() == few < 40


def test_season_that_is_not_there_is_refused_with_those_that_are(season: Chat) -> None:
    [ben] = actors(season, "Ben")
    said = ben.types("report Winter")
    assert "I don’t know the season “Winter”. The seasons here: Fall, Spring." in said
    assert "Report: Spring" in ben.presses("Run /cop-facilitate report Spring")


def test_community_with_nothing_to_count_is_told(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    assert "Nothing to count yet" in ben.types("report")
    assert "There are no seasons here yet" in ben.types("report Fall")
