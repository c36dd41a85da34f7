"""An organization opens nothing until a facilitator or a confirmed colleague has confirmed it."""

import ast
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.core.events import Click
from storage.people import people
from storage.people.people import Membership
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community, person_key
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members

HOUSE = "East Side House"


def membership(chat: Chat, name: str, community: int = 1) -> Membership:
    with Session(chat.engine) as session:
        row = people.membership(session, community, person_key(session, chat, name, chat.clock.now()))
        assert row
        return row


def sets(who: Actor, organization: str) -> str:
    who.types("settings")
    return who.fills(organization=organization)


def shared_by_mei(chat: Chat) -> Actor:
    """Let Mei of the East Side House share a takeaway with her colleagues."""
    community = create_meeting_community(chat)
    [mei] = join_members(chat, community, "Mei", organization=HOUSE)
    join_members(chat, community, "Zed", "Olu")
    mei.presses("Answer", on=end_first_meeting(chat))
    mei.fills(home="A quiet corner by the door")
    mei.presses("Share with colleagues")
    return mei


def test_typing_another_organization_opens_nothing(chat: Chat) -> None:
    shared_by_mei(chat)
    [zed] = actors(chat, "Zed")
    assert "hasn’t confirmed it yet" in sets(zed, HOUSE)
    assert "quiet corner" not in zed.types("my takeaways")
    assert "colleagues at East Side House" not in zed.types("my takeaways")


def test_colleague_confirms_and_both_sides_are_told(chat: Chat) -> None:
    mei = shared_by_mei(chat)
    zed, ben = actors(chat, "Zed", "Ben")
    sets(zed, HOUSE)
    question = mei.direct()[-1]
    assert f"Zed says they’re with {HOUSE}, in Youth workers" in question.words
    assert not any("says they’re with" in post.words for post in ben.direct())
    assert f"Mei confirmed that Zed is with {HOUSE}" in mei.presses("Confirm", question)
    assert f"Mei confirmed that you’re with {HOUSE}" in zed.direct()[-1].words
    assert "confirmed that Zed" in question.words
    assert "Mei: A quiet corner by the door" in zed.types("my takeaways")


def test_first_of_an_organization_is_confirmed_by_a_facilitator(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    sets(mei, HOUSE)
    assert "Mei says" in ben.direct()[-1].words
    ben.presses("Confirm", ben.direct()[-1])
    assert membership(chat, "Mei").organization_confirmed


def test_colleague_who_says_not_ours_ends_it_and_both_sides_are_told(chat: Chat) -> None:
    mei = shared_by_mei(chat)
    [zed] = actors(chat, "Zed")
    sets(zed, HOUSE)
    assert "isn’t with" in mei.presses("Not ours", mei.direct()[-1])
    assert "Mei said that you aren’t with" in zed.direct()[-1].words
    assert membership(chat, "Zed").organization == ""
    assert "quiet corner" not in zed.types("my takeaways")


def test_nobody_confirms_themselves(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    sets(ben, HOUSE)
    assert not ben.direct()
    ref = _ref(chat, "Ben", HOUSE)
    assert "Someone else" in words(chat.app.handle(Click(ben.place(), ben.who, "members.confirm_organization", ref)))
    assert not membership(chat, "Ben").organization_confirmed
    # The first colleague whom Ben confirms can confirm Ben.
    sets(mei, HOUSE)
    ben.presses("Confirm", ben.direct()[-1])
    assert "Ben says" in mei.direct()[-1].words
    mei.presses("Confirm", mei.direct()[-1])
    assert membership(chat, "Ben").organization_confirmed


def _ref(chat: Chat, name: str, organization: str) -> str:
    return f"1:{membership(chat, name).id}.{sha256(organization.encode()).hexdigest()[:8]}"


@pytest.mark.parametrize("answer", ["members.confirm_organization", "members.refuse_organization"])
def test_forged_answer_of_somebody_who_may_not_changes_nothing(answer: str, chat: Chat) -> None:
    """Nor that of somebody who only typed the same organization, or was confirmed for another."""
    create_community(chat)
    mei, olu, ana = actors(chat, "Mei", "Olu", "Ana")
    sets(mei, HOUSE)
    sets(olu, HOUSE)
    sets(ana, "Library")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, 1, person_key(session, chat, "Ana", chat.clock.now()))
        assert row
        row.organization_confirmed = True
    for who in (olu, ana):
        said = words(chat.app.handle(Click(who.place(), who.who, answer, _ref(chat, "Mei", HOUSE))))
        assert "Only facilitators and confirmed colleagues" in said
    assert (membership(chat, "Mei").organization, membership(chat, "Mei").organization_confirmed) == (HOUSE, False)


def test_changing_the_organization_ends_the_confirmation(chat: Chat) -> None:
    mei = shared_by_mei(chat)
    [zed, olu] = join_members(chat, 1, "Zed", "Olu", organization=HOUSE)
    assert "quiet corner" in zed.types("my takeaways")
    sets(zed, "Library")
    assert "quiet corner" not in zed.types("my takeaways")
    sets(zed, HOUSE)
    assert "quiet corner" not in zed.types("my takeaways")
    # What Mei shared with the House does not follow her to the Library.
    sets(mei, "Library")
    [ana] = join_members(chat, 1, "Ana", organization="Library")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, 1, person_key(session, chat, "Mei", chat.clock.now()))
        assert row
        row.organization_confirmed = True
    assert "quiet corner" not in ana.types("my takeaways")
    assert "quiet corner" not in olu.types("my takeaways")


def test_saving_other_settings_keeps_the_confirmation(chat: Chat) -> None:
    create_community(chat)
    [mei] = join_members(chat, 1, "Mei", organization=HOUSE)
    mei.types("settings")
    mei.fills(role_group="coach")
    sets(mei, " east  side house ")
    row = membership(chat, "Mei")
    assert (row.organization, row.organization_confirmed) == (HOUSE, True)


def test_old_question_does_not_confirm_what_was_typed_later(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    sets(mei, HOUSE)
    question = ben.direct()[-1]
    sets(mei, "Library")
    assert "changed their organization since" in ben.presses("Confirm", question)
    assert not membership(chat, "Mei").organization_confirmed


def test_leaving_ends_the_confirmation(chat: Chat) -> None:
    create_community(chat)
    [mei] = join_members(chat, 1, "Mei", organization=HOUSE)
    mei.types("leave")
    mei.presses("Leave")
    mei.types("join")
    mei.presses("Join")
    sets(mei, HOUSE)
    assert not membership(chat, "Mei").organization_confirmed


def test_unconfirmed_member_shares_with_nobody(chat: Chat) -> None:
    create_meeting_community(chat)
    [zed] = join_members(chat, 1, "Zed")
    sets(zed, HOUSE)
    zed.presses("Answer", on=end_first_meeting(chat))
    assert "share it with colleagues" not in zed.fills(home="Nothing yet")
    said = words(chat.app.handle(Click(zed.place(), zed.who, "feedback.share_home", "1:1")))
    assert "No one has confirmed yet" in said


def test_facilitator_lists_confirms_and_ends_confirmations(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    assert "No one else has added" in ben.types("organizations", root="facilitator")
    sets(mei, HOUSE)
    assert f"Mei: {HOUSE}" in ben.types("organizations", root="facilitator")
    ben.chooses("Confirm", f"Mei: {HOUSE}")
    assert membership(chat, "Mei").organization_confirmed
    ben.types("organizations", root="facilitator")
    ben.chooses("End a confirmation", f"Mei: {HOUSE}")
    assert membership(chat, "Mei").organization == ""
    assert "aren’t with" in mei.direct()[-1].words
    assert "said that someone isn’t with an organization (Mei)" in chat.person("Ada", manages=True).types(
        "audit", root="admin"
    )


def test_same_question_is_asked_once_a_day(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    for _time in range(3):
        sets(mei, HOUSE)
    assert len(ben.direct()) == 1
    chat.wait(days=1, hours=1)
    sets(mei, HOUSE)
    assert len([p for p in ben.direct() if "Is this a colleague?" in p.words]) == 2


def test_organizations_are_read_in_one_module_only() -> None:
    """Elsewhere nothing is compared with an organization, so none can forget to ask whether it was confirmed."""
    reads = []
    for file in sorted(Path("storage").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "Membership.organization":
                reads.append(str(file))
    assert set(reads) == {"storage/people/organizations.py"}
