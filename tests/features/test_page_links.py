"""A personal link to a page: who gets one, what it shows whom, and how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel

from bot.core.app import App
from bot.core.context import Context
from bot.core.events import Click, Command, PageOpened
from bot.core.feature import Feature
from bot.core.pages import ClosedLink, OpenPage, send_link
from bot.core.permissions import Role
from bot.features import ALL
from bot.operations import accounts
from bot.ui import Button, Link, Message, Page, Quote, Reply, Section, Text
from bot.ui.markup import command, mention
from storage.communities import role_mappings
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import ZONE, actors, create_community

ADDRESS = "https://bot.example.org"
BROWSER = "the cookie of a browser"


def with_a_page(chat: Chat) -> Chat:
    """Add a feature with a page for facilitators to the bot."""
    sample = Feature("sample")

    @sample.command("sample", help="A sample", argument="<number>", needs=Role.FACILITATOR, reads=True)
    def offer(ctx: Context, event: Command) -> Reply:
        return Message((Text("A sample"),), actions=(Button("Open as a page", "sample.open", event.text),))

    @sample.click("open", needs=Role.FACILITATOR)
    def open_page(ctx: Context, event: Click) -> Reply:
        return send_link(ctx, "sample.words", event.value)

    @sample.page("words", label="Sample", needs=Role.FACILITATOR)
    def draw(ctx: Context, event: PageOpened) -> Page:
        shown = f"{event.value} of {ctx.community.name}, read by {mention(ctx.me, ctx.person.name)}"
        if event.value == "broken":
            raise ZeroDivisionError
        if event.value == "writes":
            ctx.person.name = "Somebody else"
        return Page("Sample", (Section("Words", (Text(f"{shown} {command('sample')}"), Quote("<b>"))),), "About it")

    chat.app = App((*ALL, sample), chat.engine, chat.clock.now)
    chat.app.address = ADDRESS
    return chat


@pytest.fixture
def story(chat: Chat) -> Chat:
    create_community(chat, ["Mei"])
    return with_a_page(chat)


def link_on(actor: Actor) -> str:
    [link] = [action.url for action in actor.shown.actions if isinstance(action, Link)]
    assert link.startswith(f"{ADDRESS}/page/")
    return link.rpartition("/")[2]


def new_link(actor: Actor, value: str = "7") -> str:
    """Return the token of a new link."""
    actor.sees = actor.chat.app.handle(Click(actor.place(), actor.who, "sample.open", f"1:{value}"))
    return link_on(actor)


def shown(opened: OpenPage | ClosedLink) -> str:
    assert isinstance(opened, OpenPage)
    [section] = opened.page.sections
    return str(section.parts[0])


def test_link_opens_the_page_for_seven_days_and_a_new_one_replaces_it(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    first = new_link(ben)
    opened = story.app.open_page(first, BROWSER)
    assert isinstance(opened, OpenPage)
    assert "7 of Youth workers, read by [Ben](account:ben) `/cop sample`" in shown(opened)
    assert (opened.name, opened.community, str(opened.zone), opened.revoke) == (
        *("Ben", "Youth workers", ZONE, "`/cop data links`"),
    )
    assert opened.expires_at == story.clock.now() + timedelta(days=7)
    other, second = new_link(ben, "8"), new_link(ben)
    assert story.app.open_page(first, BROWSER) is ClosedLink.ENDED
    assert shown(story.app.open_page(second, BROWSER))
    story.wait(days=6, hours=23)
    assert "8 of" in shown(story.app.open_page(other, BROWSER))
    story.wait(hours=2)
    assert story.app.open_page(other, BROWSER) is ClosedLink.EXPIRED


@pytest.mark.parametrize("token", ["", "x", "\0", "%00", "'; DROP TABLE pagelink; --", "é" * 300, "0" * 64])
def test_forged_link_opens_nothing(story: Chat, token: str) -> None:
    [ben] = actors(story, "Ben")
    new_link(ben)
    assert story.app.open_page(token, BROWSER) is ClosedLink.UNKNOWN


def test_link_shows_what_its_owner_may_read_when_it_is_opened(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    token = new_link(ben)
    with Session(story.engine) as session, session.begin():
        row = people.membership(session, 1, 2)
        assert row
        row.role = 1
    assert story.app.open_page(token, BROWSER) is ClosedLink.DENIED
    with Session(story.engine) as session, session.begin():
        row = people.membership(session, 1, 2)
        assert row
        row.role = 2
    assert shown(story.app.open_page(token, BROWSER))
    accounts.change(story.app, "pretend", "ben", off=True)
    assert story.app.open_page(token, BROWSER) is ClosedLink.DENIED


def test_link_ends_with_leaving_and_with_deleting_ones_data(story: Chat) -> None:
    [ben, mei] = actors(story, "Ben", "Mei")
    token = new_link(ben)
    ben.types("leave")
    ben.presses("Leave")
    assert story.app.open_page(token, BROWSER) is ClosedLink.UNKNOWN
    with Session(story.engine) as session, session.begin():
        row = people.membership(session, 1, 1)
        assert row
        row.role = 2
    token = new_link(mei)
    assert shown(story.app.open_page(token, BROWSER))
    mei.types("data delete")
    mei.presses("Delete my data")
    assert story.app.open_page(token, BROWSER) is ClosedLink.UNKNOWN
    with story.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pagelink")).scalar() == 0


def test_owner_sees_and_ends_their_links_and_nobody_elses(story: Chat) -> None:
    [ben, mei] = actors(story, "Ben", "Mei")
    assert "You have no links to pages" in ben.types("data links")
    first, second = new_link(ben, "7"), new_link(ben, "8")
    said = ben.types("data links")
    assert said.count("Sample: Youth workers, until") == 2
    assert first not in str(ben.sees)
    [menu] = [a for a in ben.shown.actions if not isinstance(a, Button | Link)]
    theirs = tuple(value for value, _label in menu.choices)
    story.app.handle(Click(mei.place(), mei.who, "pages.revoke", "1:", theirs))
    story.app.handle(Click(mei.place(), mei.who, "pages.revoke_all", "1:"))
    assert shown(story.app.open_page(first, BROWSER))
    story.app.handle(Click(ben.place(), ben.who, "pages.revoke", "1:", (theirs[0], "x")))
    assert story.app.open_page(second, BROWSER) is ClosedLink.ENDED
    assert shown(story.app.open_page(first, BROWSER))
    ben.types("data links")
    assert "no links to pages anymore" in ben.presses("End all links")
    assert story.app.open_page(first, BROWSER) is ClosedLink.ENDED


def test_link_opens_in_the_browser_that_opens_it_first_and_in_no_other(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    token, second = new_link(ben), new_link(ben, "8")
    # What brings no cookie, such as a link preview, is never the first.
    assert story.app.open_page(token, "") is ClosedLink.NO_BROWSER
    assert "7 of" in shown(story.app.open_page(token, BROWSER))
    assert story.app.open_page(token, "Mei’s") is ClosedLink.ELSEWHERE
    assert story.app.open_page(token, "") is ClosedLink.ELSEWHERE
    assert "7 of" in shown(story.app.open_page(token, BROWSER))
    # Each link by itself, and a new one can be opened anywhere, once.
    assert "8 of" in shown(story.app.open_page(second, "Ben’s phone"))
    assert "7 of" in shown(story.app.open_page(new_link(ben), "Ben’s phone"))
    # A link that showed nothing is still its owner's to open.
    denied = new_link(ben, "9")
    with Session(story.engine) as session, session.begin():
        row = people.membership(session, 1, 2)
        assert row
        row.role = 1
    assert story.app.open_page(denied, "Mei’s") is ClosedLink.DENIED
    with Session(story.engine) as session, session.begin():
        row = people.membership(session, 1, 2)
        assert row
        row.role = 2
    assert "9 of" in shown(story.app.open_page(denied, BROWSER))
    with story.engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM pagelink")).all())
    assert BROWSER not in stored


def test_making_a_link_is_in_the_audit_log(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    new_link(ben)
    ada = story.person("Ada", manages=True)
    assert "Ben made a link to a page (Sample)" in ada.types("audit", root="admin")


def test_link_is_not_stored(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    token = new_link(ben)
    with story.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            assert token not in str(connection.execute(table.select()).all()), table.name


def test_who_leads_only_by_a_role_of_the_platform_gets_no_link_and_opens_none(story: Chat) -> None:
    [mei] = actors(story, "Mei")
    with Session(story.engine) as session, session.begin():
        role_mappings.give(session, 1, "pretend", "R1", 2)
    leading = story.person("Mei", zone=ZONE, groups=("R1",))
    leading.types("sample 7")
    assert "A page can’t ask whether you still have it" in leading.presses("Open as a page")
    mei.types("sample 7")
    assert "is for facilitators" in str(mei.sees)


def test_without_an_address_the_bot_says_so(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    story.app.address = ""
    ben.types("sample 7")
    assert "PUBLIC_ADDRESS" in ben.presses("Open as a page")


@pytest.mark.parametrize("value", ["broken", "writes"])
def test_page_that_fails_or_changes_something_is_not_shown(story: Chat, value: str) -> None:
    [ben] = actors(story, "Ben")
    token = new_link(ben, value)
    with pytest.raises((ZeroDivisionError, AssertionError)):
        story.app.open_page(token, BROWSER)
    with Session(story.engine) as session:
        assert people.get(session, 2).name == "Ben"  # type: ignore[union-attr]
