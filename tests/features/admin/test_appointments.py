"""Roles are told, and a new facilitator doesn't read what was given to the facilitators before."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.core.events import Click, Command, Place
from storage.learning import rounds
from storage.meetings import attendance, feedback, meetings, rsvps
from storage.operations.audit_log import Audit
from storage.people import appointments, people
from tests.support.chat import Actor, Chat, words
from tests.support.community import ZONE, actors, create_community, person_key

SECRET = "My supervisor never listens"


@pytest.fixture
def community(chat: Chat) -> int:
    return create_community(chat)


@pytest.fixture
def sue(chat: Chat) -> Actor:
    """Sue manages the workspace, and is no member."""
    return chat.person("Sue", manages=True, zone=ZONE)


def answered(chat: Chat, community: int, body: str) -> int:
    """Let Mei answer a question to the facilitators, and close it."""
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        round = rounds.open_round(session, community, rounds.CHECKIN, "How is it going?", now=now, closes_at=now)
        round.closed_at = now
        mei = people.account(session, chat.name, "mei")
        assert mei
        assert round.id
        kind = rounds.FACILITATORS
        rounds.save_answer(session, round.id, mei.person_id, None, body=body, audience=kind, now=now)
        return round.id


def reads(chat: Chat, actor: Actor, round: int) -> str:
    return words(chat.app.handle(Click(actor.place(), actor.who, "rounds.read", f"1:{round}")))


def exported(chat: Chat, actor: Actor) -> str:
    before = len(actor.direct())
    actor.types("export md", root="admin")
    [post] = [p for p in actor.direct()[before:] if p.message.attachment]
    return str(post.message.attachment)


def test_appointing_oneself_is_told_and_opens_nothing_earlier(chat: Chat, community: int, sue: Actor) -> None:
    """A3: the workspace's manager makes herself facilitator, reads, and steps back."""
    round = answered(chat, community, SECRET)
    [ben] = actors(chat, "Ben")
    assert SECRET in reads(chat, ben, round)
    chat.wait(hours=1)
    assert "Sue is a facilitator here now" in sue.types("role map facilitator <@sue>", root="admin")
    [told] = [p for p in chat.in_channel() if "Roles" in p.words]
    assert "Sue made Sue a facilitator of Youth workers" in told.words
    assert "Earlier ones stay with those who facilitated then" in told.words
    [private] = [p for p in ben.direct() if "Roles" in p.words]
    assert "/cop-facilitate handover" in private.words
    assert SECRET not in reads(chat, sue, round)
    assert SECRET not in exported(chat, sue)
    assert SECRET in reads(chat, ben, round)
    later = answered(chat, community, "The bus is late")
    assert "The bus is late" in reads(chat, sue, later)
    chat.wait(hours=1)
    sue.types("role map member <@sue>", root="admin")
    assert "Sue took the role of Sue in Youth workers away" in chat.in_channel()[-1].words
    assert "The bus is late" not in reads(chat, sue, later)


def test_person_is_told_privately_of_each_role_they_get_and_lose(chat: Chat, community: int, sue: Actor) -> None:
    [mei] = actors(chat, "Mei")
    for role, said in (
        ("facilitator", "Sue named you a facilitator of Youth workers"),
        ("admin", "Sue named you an admin of Youth workers"),
        ("member", "Sue took your role in Youth workers away"),
    ):
        sue.types(f"role map {role} <@mei>", root="admin")
        assert said in mei.direct()[-1].words
        chat.wait(hours=1)
    assert len(mei.direct()) == 3


def test_role_given_and_taken_before_it_was_told_is_told_to_others_only(chat: Chat, community: int, sue: Actor) -> None:
    """Undoing it hides nothing from those who facilitate, who hear of both in the morning."""
    ben, mei = actors(chat, "Ben", "Mei")
    for who in (ben, mei):
        who.types("quiet 8 18")
    sue.types("role map facilitator <@mei>", root="admin")
    chat.wait(minutes=5)
    sue.types("role map member <@mei>", root="admin")
    chat.wait(hours=12)
    assert mei.direct() == []
    assert [p.words.splitlines()[1] for p in ben.direct()] == [
        "Sue made Mei a facilitator of Youth workers.",
        "Sue took the role of Mei in Youth workers away.",
    ]


def test_who_changes_their_own_role_is_not_told_of_it(chat: Chat, community: int, sue: Actor) -> None:
    sue.types("role map facilitator <@sue>", root="admin")
    assert sue.direct() == []


def test_returning_facilitator_reads_their_own_times_only(chat: Chat, community: int, sue: Actor) -> None:
    before = answered(chat, community, "Before")
    chat.wait(hours=1)
    sue.types("role map member <@ben>", root="admin")
    chat.wait(hours=1)
    between = answered(chat, community, "Between")
    chat.wait(hours=1)
    sue.types("role map facilitator <@ben>", root="admin")
    [ben] = actors(chat, "Ben")
    assert "Before" in reads(chat, ben, before)
    assert "Between" not in reads(chat, ben, between)


def test_answer_whose_audience_changes_is_given_then(chat: Chat, community: int, sue: Actor) -> None:
    round = answered(chat, community, SECRET)
    chat.wait(hours=1)
    sue.types("role map facilitator <@sue>", root="admin")
    chat.wait(hours=1)
    assert SECRET not in reads(chat, sue, round)
    with Session(chat.engine) as session, session.begin():
        mei = people.account(session, chat.name, "mei")
        assert mei
        kind, now = rounds.FACILITATORS, chat.clock.now()
        earlier = rounds.answer_of(session, round, mei.person_id)
        rounds.save_answer(session, round, mei.person_id, earlier, body="New words", audience=kind, now=now)
    assert "New words" in reads(chat, sue, round)


def test_handing_over_is_confirmed_audited_and_told(chat: Chat, community: int, sue: Actor) -> None:
    round = answered(chat, community, SECRET)
    chat.wait(hours=1)
    sue.types("role map facilitator <@olu>", root="admin")
    [ben, olu, mei] = actors(chat, "Ben", "Olu", "Mei")
    assert SECRET not in reads(chat, olu, round)
    # Nobody hands over to themselves what they can't read, and members hand over nothing.
    assert "can read everything" in olu.types("handover <@ben>")
    assert "is for facilitators" in mei.types("handover <@olu>")
    assert "don’t facilitate here" in ben.types("handover <@mei>")
    assert "That’s 1 answer" in ben.types("handover <@olu>")
    assert "nothing was handed over" in ben.presses("Keep them")
    assert SECRET not in reads(chat, olu, round)
    ben.types("handover <@olu>")
    assert "Olu can read them now" in ben.presses("Hand over")
    assert SECRET in reads(chat, olu, round)
    assert "Ben let Olu read earlier answers" in chat.in_channel()[-1].words
    with Session(chat.engine) as session:
        assert "role.handover" in [row.action for row in session.exec(select(Audit))]
    # What is handed over ends with the role.
    sue.types("role map member <@olu>", root="admin")
    assert SECRET not in reads(chat, olu, round)


def test_new_facilitator_cannot_take_what_only_others_can_hand_over(chat: Chat, community: int, sue: Actor) -> None:
    round = answered(chat, community, SECRET)
    chat.wait(hours=1)
    sue.types("role map facilitator <@sue>", root="admin")
    sue.types("role map facilitator <@olu>", root="admin")
    [olu] = actors(chat, "Olu")
    for actor, receiver in ((sue, "olu"), (olu, "sue")):
        actor.types(f"handover <@{receiver}>")
        with Session(chat.engine) as session:
            who = people.account(session, chat.name, receiver)
            assert who
        chat.app.handle(Click(actor.place(), actor.who, "admin.hand_over", f"1:{who.person_id}"))
    assert SECRET not in reads(chat, sue, round)
    assert SECRET not in reads(chat, olu, round)


def test_role_of_the_platform_is_told_when_it_is_mapped_and_when_somebody_acts_with_it(
    chat: Chat, community: int, sue: Actor
) -> None:
    round = answered(chat, community, SECRET)
    chat.wait(hours=1)
    sue.types("role map facilitator <@&R1>", root="admin")
    assert "made everyone with the role R1 on Pretend a facilitator" in chat.in_channel()[-1].words
    dan = chat.person("Dan", zone=ZONE, groups=("R1",))
    # Reading is what he does first; the announcement comes with it.
    assert SECRET not in reads(chat, dan, round)
    chat.deliver_all()
    assert "Dan is a facilitator of Youth workers now, by a role on this platform" in chat.in_channel()[-1].words
    later = answered(chat, community, "The bus is late")
    assert "The bus is late" in reads(chat, dan, later)
    assert SECRET not in exported_text(chat, community)
    told = len(chat.in_channel())
    dan.types("home")
    assert len(chat.in_channel()) == told
    sue.types("role map member <@&R1>", root="admin")
    assert "took away what the role R1" in chat.in_channel()[-1].words
    assert "The bus is late" not in reads(chat, dan, later)


def exported_text(chat: Chat, community: int) -> str:
    """What everybody can read in the channel."""
    return "\n".join(post.words for post in chat.in_channel())


def test_setup_tells_who_leads(chat: Chat, sue: Actor) -> None:
    sue.types("setup", root="admin")
    sue.fills(name="Mentors")
    sue.presses("Next: where and who leads")
    sue.fills(facilitators="ben", minutes="90")
    sue.presses("Next: when you meet")
    sue.fills(how="ourselves", phrase="")
    sue.presses("Right: show what I do")
    sue.presses("Start")
    welcome = chat.in_channel()[0].words
    assert "Facilitators: " in welcome
    assert "Set up by Sue" in welcome
    with Session(chat.engine) as session:
        ben = people.account(session, chat.name, "ben")
        assert ben
        assert len(appointments.periods(session, 1, ben.person_id)) == 1


def test_nothing_else_given_to_facilitators_is_read_by_a_new_one(chat: Chat, community: int, sue: Actor) -> None:
    """Notes with a reply to a meeting, answers of those who missed one, and words after one."""
    start = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        held = meetings.add(session, community, title="Held", starts_at=start.replace(day=1), minutes=60)
        coming = meetings.add(session, community, title="Coming", starts_at=start.replace(month=12), minutes=60)
        assert held.id
        assert coming.id
        for person in range(1, 5):
            session.flush()
            feedback.save(session, held.id, person, worked=f"worked {person}", change="", useful=4, now=start)
        extra = people.get_or_create(session, platform=chat.name, space=chat.space, external="eve", name="Eve")
        feedback.save(session, held.id, people.key(extra), worked="worked 5", change="", useful=4, now=start)
        attendance.put(session, held.id, 1, attendance.MADE_UP, start, "I was ill")
        rsvps.say(session, coming.id, 1, "no", start).note = "My child is ill"
    chat.wait(days=8)
    secrets = {
        "feedback show": "worked 3",
        "meeting attendance": "I was ill",
        "meeting show": "My child is ill",
    }
    [ben] = actors(chat, "Ben")
    for line, secret in secrets.items():
        assert secret in ben.types(line), line
    sue.types("role map facilitator <@sue>", root="admin")
    for line, secret in secrets.items():
        assert secret not in sue.types(line), line
    sue.types("role map admin <@sue>", root="admin")
    for line, secret in secrets.items():
        assert secret not in sue.types(line), line


def platform_facilitator(chat: Chat, sue: Actor) -> tuple[Actor, Actor]:
    """Let Dan, a member, facilitate by a role of the platform. Returns him with the role, and without."""
    sue.types("role map facilitator <@&R1>", root="admin")
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        people.join(people.enrol(session, 1, person_key(session, chat, "Dan", now)), now)
    dan = chat.person("Dan", zone=ZONE, groups=("R1", "R9"))
    dan.types("home")
    return dan, chat.person("Dan", zone=ZONE, groups=("R9",))


def test_who_lost_the_platform_role_is_no_facilitator_from_their_next_act(
    chat: Chat, community: int, sue: Actor
) -> None:
    """Even where that act only reads, or is refused. What is given later stays closed when they have the role again."""
    with_role, without = platform_facilitator(chat, sue)
    before = answered(chat, community, "The bus is late")
    assert "The bus is late" in reads(chat, with_role, before)
    chat.wait(hours=1)
    assert "The bus is late" not in reads(chat, without, before)
    chat.deliver_all()
    said = "no longer has the role on this platform that made them facilitator of Youth workers"
    assert f"Dan {said}" in chat.in_channel()[-1].words
    assert f"Dan {said}" in actors(chat, "Ben")[0].direct()[-1].words
    assert "You no longer have the role on this platform" in with_role.direct()[-1].words
    chat.wait(hours=1)
    between = answered(chat, community, "The roof leaks")
    told = len(chat.in_channel())
    chat.wait(hours=1)
    without.types("home")
    assert len(chat.in_channel()) == told
    assert "The bus is late" in reads(chat, with_role, before)
    assert "The roof leaks" not in reads(chat, with_role, between)
    chat.deliver_all()
    assert "Dan is a facilitator of Youth workers now" in chat.in_channel()[-1].words


@pytest.mark.parametrize("line", ["next", "agenda show", "nonsense"])
def test_any_act_without_the_platform_role_ends_it(chat: Chat, community: int, sue: Actor, line: str) -> None:
    _with_role, without = platform_facilitator(chat, sue)
    without.types(line)
    with Session(chat.engine) as session:
        dan = people.account(session, chat.name, "dan")
        assert dan
        assert not appointments.facilitates_by_platform(session, community, dan.person_id)
    assert "no longer has the role" in chat.in_channel()[-1].words
    [ben] = actors(chat, "Ben")
    assert "don’t facilitate here" in ben.types("handover <@dan>")


def test_act_that_does_not_show_their_roles_ends_nothing(chat: Chat, community: int, sue: Actor) -> None:
    """In a direct message Discord says nothing of roles, and another server has others."""
    with_role, _without = platform_facilitator(chat, sue)
    told = len(chat.in_channel())
    unknown = replace(with_role.who, groups=None)
    chat.app.handle(Command(Place(chat.name, "", "d-dan", direct=True), unknown, "home"))
    chat.app.handle(Command(Place(chat.name, chat.space, "general"), unknown, "home"))
    chat.app.handle(Command(Place(chat.name, "S2", "general"), replace(with_role.who, groups=("R9",)), "home"))
    chat.deliver_all()
    assert len(chat.in_channel()) == told
    later = answered(chat, community, "The bus is late")
    assert "The bus is late" in reads(chat, with_role, later)


def test_losing_the_platform_role_shows_in_the_channel_of_another_community_too(
    chat: Chat, community: int, sue: Actor
) -> None:
    _with_role, without = platform_facilitator(chat, sue)
    create_community(chat, ["Eve"], name="Mentors", channel="mentors", facilitator="Kim")
    without.channel = "mentors"
    without.types("home")
    assert "no longer has the role" in chat.in_channel("general")[-1].words
    assert chat.in_channel("mentors") == []


def test_who_facilitates_by_their_own_role_too_stays_a_facilitator(chat: Chat, community: int, sue: Actor) -> None:
    _with_role, without = platform_facilitator(chat, sue)
    sue.types("role map facilitator <@dan>", root="admin")
    told = len(chat.in_channel())
    without.types("home")
    assert len(chat.in_channel()) == told
    later = answered(chat, community, "The bus is late")
    assert "The bus is late" in reads(chat, without, later)


def test_role_of_their_own_counts_no_more_when_they_have_left(chat: Chat, community: int, sue: Actor) -> None:
    """Their row still holds it, but the end of the platform's role is told all the same."""
    sue.types("role map admin <@&R1>", root="admin")
    with Session(chat.engine) as session, session.begin():
        row = people.enrol(session, community, person_key(session, chat, "Dan", chat.clock.now()))
        row.role, row.joined_at = 3, chat.clock.now()
    chat.person("Dan", zone=ZONE, groups=("R1",)).types("home")
    with Session(chat.engine) as session, session.begin():
        session.merge(row).left_at = chat.clock.now()
    chat.person("Dan", zone=ZONE, groups=("R9",)).types("home")
    assert "Dan no longer has the role on this platform" in chat.in_channel()[-1].words


def test_messages_for_facilitators_go_to_those_the_community_names_only(chat: Chat, community: int, sue: Actor) -> None:
    """Nobody could say for sure that somebody else still has their role of the platform."""
    assert "only to people you name" in sue.types("role map facilitator <@&R1>", root="admin")
    dan, _without = platform_facilitator(chat, sue)
    chat.wait(hours=1)
    before = len(dan.direct())
    with Session(chat.engine) as session:
        assert [who.name for who in people.facilitators(session, community)] == ["Ben"]
    zed = chat.person("Zed", zone=ZONE)
    zed.types("join")
    zed.presses("Join")
    [ben] = actors(chat, "Ben")
    assert "Zed" in ben.direct()[-1].words
    assert len(dan.direct()) == before


def test_person_with_a_role_in_two_communities_is_told_of_both(chat: Chat, community: int, sue: Actor) -> None:
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [mei] = actors(chat, "Mei")
    sue.types("role map facilitator <@mei>", root="admin")
    chat.wait(hours=1)
    sue.channel = "stewards"
    sue.types("role map facilitator <@mei>", root="admin")
    chat.wait(hours=1)
    told = "\n".join(post.words for post in mei.direct())
    assert "Youth workers" in told
    assert "Quality stewards" in told
