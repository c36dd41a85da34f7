"""The report for sponsors: who makes it, what it holds, and that it tells nobody apart."""

import csv
import io

import pytest
from sqlmodel import Session, select

from bot.core.events import Click
from bot.core.pages import ClosedLink, OpenPage
from bot.domain.csv_files import BYTE_ORDER_MARK
from bot.ui import Link, Table
from storage.communities import programs
from storage.learning import rounds
from storage.operations.audit_log import Audit
from storage.people import people
from tests.support.chat import START, Actor, Chat
from tests.support.community import actors, create_community, person_key
from tests.support.renderers import assert_renders_everywhere
from tests.support.seasons import MEMBERS, ask, create_seasons

STEWARDS = [f"S{n}" for n in range(1, 5)]


@pytest.fixture
def season(chat: Chat) -> Chat:
    create_seasons(chat)
    return chat


def made(chat: Chat) -> Actor:
    [ben] = actors(chat, "Ben")
    ben.types("report")
    ben.presses("Report for sponsors")
    return ben


def test_facilitator_makes_one_of_their_community_in_steps_and_without_names(season: Chat) -> None:
    ben = made(season)
    assert_renders_everywhere(ben.sees)
    said = str(ben.sees)
    # 12 of 13 took part, and 21 of 38 answers were given.
    assert "at least 10 of 13 members" in said
    assert "at least 20 of 38 (53%)" in said
    [table] = [part for part in ben.shown.parts if isinstance(part, Table)]
    # The directors alone are too few, and would be known from the sum without the leads.
    assert table.rows == (("site staff", "at least 5", "6"), ("Others", "at least 5", "7"))
    assert not [name for name in MEMBERS if f"'{name}'" in said]
    assert "HYPERLINK" not in said
    ben.presses("Get the file")
    file = ben.shown.attachment
    assert file
    rows = list(csv.DictReader(io.StringIO(file.body.removeprefix(BYTE_ORDER_MARK))))
    assert [(row["measure"], row["role"], row["at_least"], row["of"]) for row in rows] == [
        ("members who took part", "", "10", "13"),
        ("members who took part", "site staff", "5", "6"),
        ("members who took part", "others", "5", "7"),
        ("answers", "", "20", "38"),
        ("questions", "", "3", ""),
        ("meetings", "", "0", ""),
        ("resources", "", "0", ""),
        ("people helped by a resource", "", "0", ""),
    ]
    with Session(season.engine) as session:
        actions = session.exec(select(Audit.action)).all()
    assert actions.count("reports.sponsors") == 2


def test_one_answer_more_does_not_show(season: Chat) -> None:
    before = str(made(season).sees)
    with Session(season.engine) as session, session.begin():
        last = max(session.exec(select(rounds.Round.id)).all(), key=lambda id: id or 0)
        rounds.save_answer(session, last or 0, 11, None, body="words", audience=rounds.ME, now=START)
    assert str(made(season).sees) == before


def test_page_shows_the_same(season: Chat) -> None:
    season.app.address = "https://bot.example.org"
    ben = made(season)
    ben.presses("Open as a page")
    [link] = [action.url for action in ben.shown.actions if isinstance(action, Link)]
    opened = season.app.open_page(link.rpartition("/")[2], "browser")
    assert isinstance(opened, OpenPage)
    assert opened.page.title == "For sponsors: Youth workers"
    assert "at least 10 of 13 members" in str(opened.page.sections)
    # Who lost the role since opens nothing.
    with Session(season.engine) as session, session.begin():
        row = people.membership(session, 1, 13)
        assert row
        row.role = 1
    assert season.app.open_page(link.rpartition("/")[2], "browser") is ClosedLink.DENIED


def test_few_people_get_no_report(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        ask(session, 1, [1, 2, 3, 4])
    chat.wait(days=20)
    assert "Fewer than 5 people took part" in str(made(chat).sees)


def with_a_program(chat: Chat) -> tuple[Actor, Actor, Actor]:
    """Add stewards, whom Chi facilitates, to a program that Mei convenes, and a third community that is only invited.

    Mei is one of the youth workers, who answered something, and belongs to the stewards too.
    """
    create_community(chat, STEWARDS, name="Stewards", channel="stewards", facilitator="Chi")
    create_community(chat, [f"T{n}" for n in range(9)], name="Directors", channel="directors", facilitator="Dee")
    with Session(chat.engine) as session, session.begin():
        program = programs.key(programs.create(session, "Riverside", 1, START))
        for community in (1, 2):
            programs.join(session, programs.invite(session, program, community, START), START)
        programs.invite(session, program, 3, START)
        joined = people.enrol(session, 2, 1)
        joined.joined_at = START
        for community, name in ((2, "S1"), (2, "Chi"), (3, "T1")):
            row = rounds.open_round(
                session, community, rounds.CHECKIN, "?", now=chat.clock.now(), closes_at=chat.clock.now()
            )
            row.closed_at = chat.clock.now()
            person = person_key(session, chat, name, chat.clock.now())
            rounds.save_answer(session, row.id or 0, person, None, body="w", audience=rounds.ME, now=START)
    chat.wait(days=1)
    ben, chi, mei = actors(chat, "Ben", "Chi", "M1")
    chi.channel = "stewards"
    return ben, chi, mei


def test_convener_makes_one_of_the_program_and_every_community_can_see_that(season: Chat) -> None:
    ben, chi, mei = with_a_program(season)
    mei.types("program")
    said = mei.presses("Report for sponsors")
    assert "For sponsors: Riverside" in said
    # 12 of 13 youth workers, and 2 of 5 stewards; Mei counts once. Those who are only invited don't count.
    assert "at least 10 of 18 members" in said
    assert "Questions asked: 5" in said
    mei.presses("Get the file")
    file = mei.shown.attachment
    assert file
    assert '"Riverside","2"' in file.body
    with Session(season.engine) as session:
        told = session.exec(select(Audit.community_id).where(Audit.action == "reports.sponsors")).all()
    assert sorted(each or 0 for each in told) == [1, 1, 2, 2]
    # Who doesn't convene it can't, whatever button they bring.
    season.app.address = "https://bot.example.org"
    for action in ("reports.program", "reports.program_page", "reports.program_file"):
        for who in (ben, chi):
            community = 2 if who is chi else 1
            reply = season.app.handle(Click(who.place(), who.who, action, f"{community}:1.all"))
            assert "Only conveners" in str(reply)


def test_page_of_a_program_ends_with_convening(season: Chat) -> None:
    _ben, _chi, mei = with_a_program(season)
    season.app.address = "https://bot.example.org"
    mei.types("program")
    mei.presses("Report for sponsors")
    mei.presses("Open as a page")
    [link] = [action.url for action in mei.shown.actions if isinstance(action, Link)]
    opened = season.app.open_page(link.rpartition("/")[2], "browser")
    assert isinstance(opened, OpenPage)
    assert "at least 10 of 18 members" in str(opened.page.sections)
    with Session(season.engine) as session, session.begin():
        programs.step_down(session, 1, 1)
    assert season.app.open_page(link.rpartition("/")[2], "browser") is ClosedLink.DENIED
