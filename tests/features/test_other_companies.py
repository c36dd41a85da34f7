"""A channel shared between companies: whoever isn't at home there joins only where an admin opened the community."""

import pytest
from sqlmodel import Session, select

from bot.core.events import Click, Command, Place, PlatformUser
from storage.people import people
from storage.people.people import Account
from tests.support.chat import Actor, Chat, words
from tests.support.community import ZONE, create_community

HOME = "S9"


@pytest.fixture
def community(chat: Chat) -> int:
    """Ada administers, Ben facilitates. Their channel is shared with the company of Zed, whose own workspace is S9."""
    return create_community(chat)


def guest(chat: Chat, name: str = "Zed") -> Actor:
    """A person from another company, in the shared channel."""
    id = name.lower()
    return Actor(chat, PlatformUser(f"S1-{id}", name, zone=ZONE, home_id=f"{HOME}-{id}"))


def resident(chat: Chat, name: str) -> Actor:
    return chat.person(name, zone=ZONE, manages=name == "Ada")


def at_home(chat: Chat, name: str, line: str) -> str:
    """The same person types a line in the workspace of their own company, where the bot is installed too."""
    id = f"{HOME}-{name.lower()}"
    return words(chat.app.handle(Command(Place(chat.name, HOME, "d", direct=True), PlatformUser(id, name), line)))


def is_in(chat: Chat, name: str, community: int) -> bool:
    with Session(chat.engine) as session:
        account = people.account(session, chat.name, f"S1-{name.lower()}")
        return people.is_member(people.membership(session, community, account.person_id)) if account else False


def open_to_others(chat: Chat) -> str:
    return resident(chat, "Ada").types("member other-companies on", "admin")


# --- closed, as every community is at first


@pytest.mark.parametrize("line", ["join", "next", "share https://example.org/a It helped", "rsvp yes"])
def test_guest_is_told_why_nothing_is_open_to_them(chat: Chat, community: int, line: str) -> None:
    assert "isn’t open to people from other companies" in guest(chat).types(line)
    assert not is_in(chat, "Zed", community)


def test_guest_does_not_get_in_where_the_community_has_no_channel_anymore(chat: Chat, community: int) -> None:
    zed = guest(chat)
    zed.types("help")
    with Session(chat.engine) as session, session.begin():
        account = people.account(session, chat.name, "S1-zed")
        assert account
        people.enrol(session, community, account.person_id).invited_at = chat.clock.now()
    resident(chat, "Ada").types("channel unbind", "admin")
    click = Click(zed.place(), zed.who, "members.agree", f"{community}:")
    assert "isn’t open to people from other companies" in words(chat.app.handle(click))
    assert not is_in(chat, "Zed", community)


def test_guest_who_forges_a_click_does_not_get_in(chat: Chat, community: int) -> None:
    zed = guest(chat)
    for action in ("agree", "ask", "join", "join_one"):
        click = Click(zed.place(), zed.who, f"members.{action}", f"{community}:", (str(community),))
        assert "isn’t open to people from other companies" in words(chat.app.handle(click))
    assert not is_in(chat, "Zed", community)


def test_guest_keeps_what_needs_no_community(chat: Chat, community: int) -> None:
    """Such as reading and deleting what is kept about them."""
    zed = guest(chat)
    assert "isn’t open" not in zed.types("help")
    assert "isn’t open" not in zed.types("data show")


def test_facilitator_cannot_invite_a_guest_and_hears_why(chat: Chat, community: int) -> None:
    guest(chat).types("help")
    ben = resident(chat, "Ben")
    assert "Zed is from another company" in ben.types("member invite <@S1-zed>", "facilitator")
    chat.deliver_all()
    assert not [post for post in chat.posts if "invites you" in post.words]


def test_invitation_to_somebody_not_yet_known_as_a_guest_lets_nobody_in(chat: Chat, community: int) -> None:
    resident(chat, "Ben").types("member invite <@S1-zed>", "facilitator")
    zed = guest(chat)
    agree = Click(zed.place(direct=True), zed.who, "members.agree", f"{community}:")
    assert "isn’t open to people from other companies" in words(chat.app.handle(agree))
    # Nor from their own workspace.
    own = Place(chat.name, HOME, "d", direct=True)
    agree = Click(own, PlatformUser(f"{HOME}-zed", "Zed"), "members.agree", f"{community}:")
    assert "isn’t open to people from other companies" in words(chat.app.handle(agree))
    assert not is_in(chat, "Zed", community)


# --- opened


def test_only_an_admin_opens_it_and_the_facilitators_are_told(chat: Chat, community: int) -> None:
    assert "admin" in resident(chat, "Ben").types("member other-companies on", "admin")
    assert "can’t join" in resident(chat, "Ada").types("member other-companies", "admin")
    assert "can join Youth workers, in the same way" in open_to_others(chat)
    chat.deliver_all()
    assert [p for p in resident(chat, "Ben").direct() if "to people from other companies" in p.words]
    assert "other companies can join" in resident(chat, "Ada").types("audit", "admin")


def test_guest_joins_an_open_community_like_anybody(chat: Chat, community: int) -> None:
    open_to_others(chat)
    zed = guest(chat)
    zed.types("join")
    assert "You have joined" in zed.presses("Join")
    assert is_in(chat, "Zed", community)


def test_request_says_that_somebody_is_from_another_company(chat: Chat, community: int) -> None:
    open_to_others(chat)
    ben = resident(chat, "Ben")
    ben.types("member policy approval")
    zed = guest(chat)
    zed.types("join")
    zed.presses("Ask to join")
    [request] = [post for post in ben.direct() if "asks to join" in post.words]
    assert "They’re from another company." in request.words


def test_members_stay_when_it_is_closed_again_and_requests_wait(chat: Chat, community: int) -> None:
    open_to_others(chat)
    zed = guest(chat)
    zed.types("join")
    zed.presses("Join")
    ben = resident(chat, "Ben")
    ben.types("member policy approval")
    kim = guest(chat, "Kim")
    kim.types("join")
    kim.presses("Ask to join")
    said = resident(chat, "Ada").types("member other-companies off", "admin")
    assert "Members from other companies: Zed" in said
    assert "They stay members" in said
    [request] = [post for post in ben.direct() if "Kim asks to join" in post.words]
    assert "Kim is from another company" in ben.presses("Accept", request)
    assert not is_in(chat, "Kim", community)
    assert is_in(chat, "Zed", community)
    assert "isn’t open" not in zed.types("next")


# --- one person


def test_person_known_in_the_shared_channel_is_the_same_at_home(chat: Chat, community: int) -> None:
    open_to_others(chat)
    zed = guest(chat)
    zed.types("join")
    zed.presses("Join")
    at_home(chat, "Zed", "help")
    assert len(owners(chat)) == 1


def test_person_known_at_home_is_the_same_in_the_shared_channel(chat: Chat, community: int) -> None:
    at_home(chat, "Zed", "help")
    guest(chat).types("help")
    assert len(owners(chat)) == 1


def test_two_people_of_other_companies_stay_two(chat: Chat, community: int) -> None:
    for name in ("Zed", "Kim"):
        guest(chat, name).types("help")
        at_home(chat, name, "help")
    assert len(owners(chat)) == 2


def owners(chat: Chat) -> set[int]:
    """Return whose the accounts from the other company are."""
    with Session(chat.engine) as session:
        rows = session.exec(select(Account)).all()
        return {row.person_id for row in rows if "-" in row.external}
