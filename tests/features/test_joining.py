"""Who may join: a supervisor who never reads the group of their staff, requests, invitations, removal and return."""

import pytest
from sqlmodel import Session, select

from bot.core.events import Click, Command, Place
from storage.communities.communities import Community
from storage.operations.audit_log import Audit
from storage.people import account_links, people
from storage.people.people import Membership
from tests.support.chat import Actor, Chat, words
from tests.support.community import ZONE, create_community

YOUTH, STAFF = "youth", "staff"
# An answer that a supervisor must never read.
SECRET = "My supervisor never listens"


@pytest.fixture
def community(chat: Chat) -> int:
    """Youth workers meet in #youth, staff leaders in #staff. Sue leads staff and is in #staff only."""
    youth = create_community(chat, name="Youth workers", channel=YOUTH)
    create_community(chat, ["Sue"], name="Staff leaders", channel=STAFF, facilitator="Lou")
    return youth


def person(chat: Chat, name: str, channel: str = YOUTH, *, manages: bool = False) -> Actor:
    actor = chat.person(name, zone=ZONE, manages=manages)
    actor.channel = channel
    return actor


def row(chat: Chat, name: str, community: int) -> Membership | None:
    with Session(chat.engine) as session:
        known = people.account(session, chat.name, name.lower())
        return people.membership(session, community, known.person_id) if known else None


def is_in(chat: Chat, name: str, community: int) -> bool:
    return people.is_member(row(chat, name, community))


def set_policy(chat: Chat, community: int, policy: str) -> None:
    ben = person(chat, "Ben")
    ben.types(f"member policy {policy}")
    with Session(chat.engine) as session:
        assert session.get_one(Community, community).join_policy == policy


def told(actor: Actor) -> list[str]:
    return [post.words for post in actor.direct()]


# --- who is only in the same workspace


@pytest.mark.parametrize("policy", ["channel", "approval", "invitation"])
@pytest.mark.parametrize("manages", [False, True])
def test_person_of_the_same_workspace_is_never_offered_a_community(
    chat: Chat, community: int, policy: str, manages: bool
) -> None:
    """Sue leads staff, and manages the workspace in half of these."""
    set_policy(chat, community, policy)
    sue = person(chat, "Sue", STAFF, manages=manages)
    for said in (sue.whispers("join"), sue.types("join"), sue.whispers("home"), sue.whispers("help")):
        assert "Youth" not in said
    newcomer = person(chat, "Zed", "elsewhere")
    for said in (newcomer.whispers("join"), newcomer.types("join"), newcomer.whispers("home"), newcomer.types("")):
        assert "Youth" not in said
        assert "Staff" not in said


@pytest.mark.parametrize("policy", ["channel", "approval", "invitation"])
@pytest.mark.parametrize("action", ["agree", "ask", "join", "join_one", "decline", "take_back", "accept", "leave"])
@pytest.mark.parametrize("space", ["S1", "S2"])
def test_forged_click_leads_into_no_community(chat: Chat, community: int, policy: str, action: str, space: str) -> None:
    """Also from another workspace whose channel has the same id."""
    set_policy(chat, community, policy)
    sue = person(chat, "Sue", STAFF)
    channel = STAFF if space == "S1" else YOUTH
    place = Place(chat.name, space, channel)
    for value in (f"{community}:", f"{community}:{community}", f"{community}:1"):
        said = words(chat.app.handle(Click(place, sue.who, f"members.{action}", value, (str(community),))))
        assert "Youth workers" not in said
    assert row(chat, "Sue", community) is None
    chat.deliver_all()
    assert not [post for post in chat.posts if "Sue" in post.words]


def test_acting_in_the_channel_proves_enough_and_a_direct_message_does_not(chat: Chat, community: int) -> None:
    zed = person(chat, "Zed")
    assert "Join Youth workers?" in zed.types("join")
    card = zed.shown
    # The same card, pressed from a direct message, is not proof.
    agree = next(action for action in card.actions if getattr(action, "action", "") == "members.agree")
    elsewhere = Click(zed.place(direct=True), zed.who, "members.agree", agree.value)  # type: ignore[union-attr]
    assert "you aren’t part of it" in words(chat.app.handle(elsewhere))
    assert not is_in(chat, "Zed", community)
    assert "You have joined" in zed.presses("Join")
    assert is_in(chat, "Zed", community)


# --- facilitators are told


def test_facilitators_are_told_who_joined_in_one_message_a_day(chat: Chat, community: int) -> None:
    for name in ("Zed", "Kim", "Ida"):
        newcomer = person(chat, name)
        newcomer.types("join")
        newcomer.presses("Join")
    ben = person(chat, "Ben")
    [list_of_today] = [p for p in ben.direct() if "New members" in p.words]
    assert "Zed, Kim, Ida joined Youth workers." in list_of_today.words
    assert "Only facilitators can see this" in list_of_today.words
    # Nobody else hears of it.
    assert not [p for p in chat.posts if "joined Youth" in p.words and p.person not in ("ben",)]
    chat.wait(days=1)
    late = person(chat, "Late")
    late.types("join")
    late.presses("Join")
    assert len([p for p in ben.direct() if "New members" in p.words]) == 2


# --- asking


def test_person_joins_after_a_facilitators_yes(chat: Chat, community: int) -> None:
    set_policy(chat, community, "approval")
    zed, ben = person(chat, "Zed"), person(chat, "Ben")
    said = zed.types("join")
    assert "What I save: your name" in said
    assert "A facilitator decides who joins" in said
    assert "I’ve asked the facilitators of Youth workers" in zed.presses("Ask to join")
    assert not is_in(chat, "Zed", community)
    # Asking twice is one request.
    assert "haven’t answered yet" in zed.types("join")
    again = Click(zed.place(), zed.who, "members.ask", f"{community}:")
    assert "haven’t answered yet" in words(chat.app.handle(again))
    [request] = [p for p in ben.direct() if "asks to join" in p.words]
    assert "Zed asks to join Youth workers" in request.words
    assert "Zed is a member of Youth workers now" in ben.presses("Accept", on=request)
    assert is_in(chat, "Zed", community)
    assert "Welcome" in told(zed)[-1]
    assert "They’re a member now" in request.words
    assert request.message.actions == ()
    # A second answer changes nothing.
    accept = Click(ben.place(), ben.who, "members.accept", f"{community}:{row(chat, 'Zed', community).person_id}")  # type: ignore[union-attr]
    assert "not waiting for an answer" in words(chat.app.handle(accept))


def test_declined_person_is_told_and_asks_again_only_later(chat: Chat, community: int) -> None:
    set_policy(chat, community, "approval")
    zed, ben = person(chat, "Zed"), person(chat, "Ben")
    zed.types("join")
    zed.presses("Ask to join")
    assert "Declined" in ben.presses("Decline")
    assert "This time a facilitator said no" in told(zed)[-1]
    assert "A facilitator declined your request" in zed.types("join")
    assert not is_in(chat, "Zed", community)
    chat.wait(days=15)
    assert "A facilitator decides who joins" in zed.types("join")
    zed.presses("Ask to join")
    assert len([p for p in ben.direct() if "asks to join" in p.words]) == 1


def test_request_can_be_taken_back(chat: Chat, community: int) -> None:
    set_policy(chat, community, "approval")
    zed, ben = person(chat, "Zed"), person(chat, "Ben")
    zed.types("join")
    zed.presses("Ask to join")
    assert "taken back your request" in zed.presses("Take back my request")
    assert row(chat, "Zed", community) is None
    [request] = [p for p in ben.direct() if "Request to join" in p.words]
    assert "took the request back" in request.words


def test_only_a_facilitator_answers_a_request(chat: Chat, community: int) -> None:
    set_policy(chat, community, "approval")
    zed, mei, lou = person(chat, "Zed"), person(chat, "Mei"), person(chat, "Lou", STAFF)
    zed.types("join")
    zed.presses("Ask to join")
    who = row(chat, "Zed", community)
    assert who
    for actor in (zed, mei, lou):
        for action in ("accept", "refuse", "request"):
            click = Click(actor.place(), actor.who, f"members.{action}", f"{community}:{who.person_id}")
            chat.app.handle(click)
    # A facilitator of another community, stamped with that one.
    chat.app.handle(Click(lou.place(), lou.who, "members.accept", f"{community + 1}:{who.person_id}"))
    assert not is_in(chat, "Zed", community)
    assert row(chat, "Zed", community + 1) is None


def test_request_is_found_again_in_the_list_of_members(chat: Chat, community: int) -> None:
    set_policy(chat, community, "approval")
    zed, ben = person(chat, "Zed"), person(chat, "Ben")
    zed.types("join")
    zed.presses("Ask to join")
    said = ben.types("member show")
    assert "Members: Mei, Olu, Ana, Ben" in said
    assert "Asked to join: Zed" in said
    assert "Zed asks to join" in ben.chooses("Answer a request", "Zed")
    ben.presses("Accept")
    assert is_in(chat, "Zed", community)


# --- inviting


@pytest.mark.parametrize("policy", ["channel", "approval", "invitation"])
def test_invited_person_joins_from_their_direct_message(chat: Chat, community: int, policy: str) -> None:
    set_policy(chat, community, policy)
    ben, zed = person(chat, "Ben"), person(chat, "Zed", "elsewhere")
    assert "I’ve invited" in ben.types("member invite <@zed>")
    [invitation] = zed.direct()
    assert "Ben invites you to Youth workers" in invitation.words
    assert "What I save: your name" in invitation.words
    assert "You have joined Youth workers" in zed.presses("Join", on=invitation)
    assert is_in(chat, "Zed", community)


def test_invitation_is_declined_without_a_trace(chat: Chat, community: int) -> None:
    set_policy(chat, community, "invitation")
    ben, zed = person(chat, "Ben"), person(chat, "Zed", "elsewhere")
    ben.types("member invite <@zed>")
    [invitation] = zed.direct()
    zed.presses("No thanks", on=invitation)
    assert row(chat, "Zed", community) is None
    assert "you aren’t part of it" in zed.presses("Join", on=invitation)
    assert row(chat, "Zed", community) is None


def test_invitation_expires(chat: Chat, community: int) -> None:
    set_policy(chat, community, "invitation")
    ben, zed = person(chat, "Ben"), person(chat, "Zed", "elsewhere")
    ben.types("member invite <@zed>")
    [invitation] = zed.direct()
    chat.wait(days=31)
    assert "by invitation" in zed.presses("Join", on=invitation)
    assert not is_in(chat, "Zed", community)


def test_nobody_joins_uninvited_where_people_are_invited(chat: Chat, community: int) -> None:
    set_policy(chat, community, "invitation")
    zed = person(chat, "Zed")
    assert "You can ask a facilitator: Ben" in zed.types("join")
    for action in ("agree", "ask"):
        chat.app.handle(Click(zed.place(), zed.who, f"members.{action}", f"{community}:"))
    assert row(chat, "Zed", community) is None


def test_only_facilitators_invite(chat: Chat, community: int) -> None:
    mei, zed = person(chat, "Mei"), person(chat, "Zed")
    assert "is for facilitators" in mei.types("member invite <@zed>")
    assert zed.direct() == []


# --- removal and return


def remove(chat: Chat, name: str, reason: str = "They work elsewhere now") -> str:
    ben = person(chat, "Ben")
    assert f"Remove {name} from Youth workers?" in ben.types(f"member remove <@{name.lower()}>")
    return ben.fills(reason=reason)


def test_removed_member_is_told_why_and_needs_a_facilitators_yes_to_return(chat: Chat, community: int) -> None:
    mei, ben = person(chat, "Mei"), person(chat, "Ben")
    assert "Add a reason" in remove(chat, "Mei", reason=" ")
    assert is_in(chat, "Mei", community)
    assert "isn’t a member of Youth workers anymore" in remove(chat, "Mei")
    assert not is_in(chat, "Mei", community)
    assert "They work elsewhere now" in told(mei)[-1]
    assert "have not joined here yet" in mei.types("settings")
    with Session(chat.engine) as session:
        [action] = [a for a in session.exec(select(Audit)) if a.action == "members.remove"]
        assert "elsewhere" not in action.detail
    ada = person(chat, "Ada", manages=True)
    assert "Mei: They work elsewhere now" in ada.types("audit", root="admin")
    # One click does not bring her back, wherever she does it.
    assert "A facilitator decides who joins" in mei.types("join")
    chat.app.handle(Click(mei.place(), mei.who, "members.agree", f"{community}:"))
    assert not is_in(chat, "Mei", community)
    assert "A facilitator decides who joins" in mei.whispers("join")
    mei.presses("Ask to join")
    [request] = [p for p in ben.direct() if "asks to join" in p.words]
    assert "A facilitator removed them before" in request.words
    ben.presses("Accept", on=request)
    back = row(chat, "Mei", community)
    assert back
    assert people.is_member(back)
    assert (back.removed_at, back.removal_reason, back.role) == (None, "", 1)


def test_removed_member_is_taken_out_of_the_list_of_those_who_joined(chat: Chat, community: int) -> None:
    for name in ("Zed", "Kim"):
        newcomer = person(chat, name)
        newcomer.types("join")
        newcomer.presses("Join")
    remove(chat, "Zed")
    [joined] = [p for p in person(chat, "Ben").direct() if "New members" in p.words]
    assert "Kim joined Youth workers." in joined.words
    assert "Zed" not in joined.words


def test_removed_member_returns_by_invitation(chat: Chat, community: int) -> None:
    remove(chat, "Mei")
    set_policy(chat, community, "invitation")
    ben, mei = person(chat, "Ben"), person(chat, "Mei", "elsewhere")
    ben.types("member invite <@mei>")
    mei.presses("Join", on=mei.direct()[-1])
    assert is_in(chat, "Mei", community)


def test_member_who_left_returns_as_the_policy_says(chat: Chat, community: int) -> None:
    mei = person(chat, "Mei")
    mei.types("leave")
    mei.presses("Leave")
    # Not from a direct message: she may no longer be in the channel.
    assert "in its channel" in mei.whispers("join")
    set_policy(chat, community, "approval")
    assert "A facilitator decides" in mei.whispers("join")
    set_policy(chat, community, "channel")
    mei.types("join")
    mei.presses("Join")
    assert is_in(chat, "Mei", community)


@pytest.mark.parametrize("target", ["ben", "zed", "sue", "lou"])
def test_nobody_is_removed_who_may_not_be(chat: Chat, community: int, target: str) -> None:
    """Not oneself, nobody who is no member, and nobody of another community."""
    ben = person(chat, "Ben")
    said = ben.types(f"member remove <@{target}>")
    assert "That’s you" in said or "not a member here" in said
    known = row(chat, target, community + 1)
    if known:
        chat.app.handle(Command(ben.place(), ben.who, "member show"))
        assert is_in(chat, target, community + 1)


def test_only_an_admin_removes_a_facilitator(chat: Chat, community: int) -> None:
    ada = person(chat, "Ada", manages=True)
    ada.types("role map facilitator <@mei>", root="admin")
    ada.types("role map admin <@olu>", root="admin")
    ben, olu = person(chat, "Ben"), person(chat, "Olu")
    assert "Only an admin can remove them" in ben.types("member remove <@mei>")
    assert "Remove Mei" in olu.types("member remove <@mei>")
    olu.fills(reason="On leave")
    gone = row(chat, "Mei", community)
    assert gone
    assert (people.is_member(gone), gone.role) == (False, 1)


def test_linking_another_account_is_no_way_back_in(chat: Chat, community: int) -> None:
    remove(chat, "Mei")
    again = person(chat, "Mei2")
    again.types("join")
    again.presses("Join")
    with Session(chat.engine) as session, session.begin():
        old, new = people.account(session, chat.name, "mei"), people.account(session, chat.name, "mei2")
        assert old
        assert new
        account_links.merge(session, old.person_id, new.person_id, chat.clock.now())
    merged = row(chat, "Mei2", community)
    assert merged
    assert not people.is_member(merged)
    assert merged.removal_reason == "They work elsewhere now"


# --- the policy


def test_facilitators_read_and_change_who_can_join(chat: Chat, community: int) -> None:
    ben, mei = person(chat, "Ben"), person(chat, "Mei")
    assert "Who can join: people in its channel." in ben.types("member policy")
    assert "Saved" in ben.types("member policy approval")
    assert "changed who can join Youth workers" in told(ben)[-1]
    assert "is for facilitators" in mei.types("member policy channel")
    assert "is not one of" in ben.types("member policy everyone")
    with Session(chat.engine) as session:
        assert session.get_one(Community, community).join_policy == "approval"


def test_setup_asks_who_can_join(chat: Chat) -> None:
    ada = chat.person("Ada", manages=True, zone=ZONE)
    ada.types("setup", root="admin")
    ada.fills(name="Youth workers")
    ada.presses("Next: where and who leads")
    said = ada.fills(facilitators="ben", minutes="90", who_joins="invitation")
    assert "Who can join: People a facilitator invites" in said
    ada.presses("Next: when you meet")
    ada.fills(how="ourselves", phrase="")
    ada.presses("Right: show what I do")
    ada.presses("Start")
    with Session(chat.engine) as session:
        [community] = session.exec(select(Community))
        assert community.join_policy == "invitation"
    zed = chat.person("Zed")
    assert "by invitation" in zed.types("join")
