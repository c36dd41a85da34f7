"""Who acts, in which community, and as what."""

import pytest
from sqlmodel import Session

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Place, PlatformUser, TimerFired
from bot.core.identity import (
    AmbiguousCommunity,
    act_in,
    build_context,
    choose_community,
    facilitator_names,
    unregistered_person,
)
from bot.core.permissions import Role
from storage.communities import communities, role_mappings
from storage.people import people
from tests.support.chat import START

GENERAL, ELSEWHERE = Place("pretend", "S1", "general"), Place("pretend", "S1", "elsewhere")
MEI = PlatformUser("mei", "Mei")


def community(session: Session, name: str, channel: str, space: str = "S1") -> int:
    row = communities.add(session, name=name, purpose="", zone="UTC", locale="en", now=START)
    communities.bind(session, communities.key(row), "pretend", space, channel)
    return communities.key(row)


def member(
    session: Session, community: int, who: PlatformUser = MEI, *, role: int = 1, joined: bool = True
) -> people.Membership:
    person = people.get_or_create(session, platform="pretend", space="S1", external=who.id, name=who.name)
    row = people.enrol(session, community, people.key(person))
    row.role, row.joined_at = role, START if joined else None
    session.flush()
    return row


def meant(
    session: Session, who: PlatformUser = MEI, place: Place = GENERAL, *, value: str | None = None, needed: bool = True
) -> Context:
    event = Command(place, who, "next") if value is None else Click(place, who, "x", value)
    ctx = build_context(session, event, START, "cop")
    choose_community(ctx, event, needed)
    return ctx


def test_community_is_that_of_the_card_before_that_of_the_channel(session: Session) -> None:
    here, there = community(session, "Here", "general"), community(session, "There", "there")
    member(session, here)
    member(session, there)
    assert meant(session).community_id == here
    assert meant(session, value=f"{there}:3").community_id == there
    assert meant(session, value=":3").community_id == here


def test_card_means_a_community_only_to_those_it_knows_and_in_its_channel(session: Session) -> None:
    """What a click names is checked like what is typed: a stamp proves nothing."""
    here, there = community(session, "Here", "general"), community(session, "There", "there")
    far = community(session, "Far", "general", space="S2")
    zed, known = PlatformUser("zed", "Zed"), PlatformUser("kim", "Kim")
    for stamp in (there, far, 999):
        for who in (zed, MEI):
            with pytest.raises(Refusal, match="you aren’t part of it"):
                meant(session, who, value=f"{stamp}:3")
        # A route that needs no community goes by the channel instead.
        assert meant(session, zed, value=f"{stamp}:3", needed=False).community_id == here
    assert meant(session, zed, Place("pretend", "S1", "there"), value=f"{there}:3").community_id == there
    # The same channel id in another workspace is another channel.
    with pytest.raises(Refusal):
        meant(session, zed, Place("pretend", "S2", "there"), value=f"{there}:3")
    # To be named in a row is not to be known; to be invited, to ask, to have left or to have a role is.
    row = member(session, there, known, joined=False)
    with pytest.raises(Refusal):
        meant(session, known, value=f"{there}:3")
    for column in ("invited_at", "requested_at", "left_at", "joined_at"):
        setattr(row, column, START)
        session.flush()
        assert meant(session, known, value=f"{there}:3").community_id == there
        setattr(row, column, None)


def test_role_of_another_space_gives_nothing_here(session: Session) -> None:
    there = community(session, "There", "there", space="S2")
    role_mappings.give(session, there, "pretend", "R1", 2)
    with pytest.raises(Refusal):
        meant(session, PlatformUser("zed", "Zed", groups=("R1",)), value=f"{there}:3")


def test_community_elsewhere_is_the_only_one_of_the_person(session: Session) -> None:
    community(session, "Here", "general")
    own = community(session, "Own", "own")
    member(session, own, role=2)
    ctx = meant(session, place=ELSEWHERE)
    assert (ctx.community_id, ctx.access.role, ctx.access.is_facilitator) == (own, Role.FACILITATOR, True)


def test_community_that_a_person_runs_without_having_joined_is_theirs_too(session: Session) -> None:
    first, second = community(session, "First", "first"), community(session, "Second", "second")
    member(session, first, role=2, joined=False)
    assert meant(session, place=ELSEWHERE).community_id == first
    member(session, second)
    with pytest.raises(AmbiguousCommunity) as caught:
        meant(session, place=ELSEWHERE)
    assert {each.name for each in caught.value.among} == {"First", "Second"}
    assert meant(session, place=ELSEWHERE, needed=False).community_or_none is None


def test_community_where_somebody_was_only_named_a_member_is_not_theirs(session: Session) -> None:
    member(session, community(session, "First", "first"), joined=False)
    with pytest.raises(Refusal, match="not connected to a community"):
        meant(session, place=ELSEWHERE)


def test_whoever_manages_a_space_may_mean_any_community_in_it(session: Session) -> None:
    first = community(session, "First", "first")
    community(session, "Other", "general", space="S2")
    boss = PlatformUser("ada", "Ada", can_manage=True)
    ctx = meant(session, boss, ELSEWHERE)
    assert (ctx.community_id, ctx.access.role, ctx.access.manages_space) == (first, Role.ANYONE, True)
    community(session, "Second", "second")
    with pytest.raises(AmbiguousCommunity):
        meant(session, boss, ELSEWHERE)
    own = community(session, "Own", "own", space="S2")
    member(session, own, boss)
    assert meant(session, boss, ELSEWHERE).community_id == own


def test_nobody_manages_a_community_that_lives_in_other_spaces(session: Session) -> None:
    there = community(session, "There", "general", space="S2")
    boss = PlatformUser("ada", "Ada", can_manage=True)
    for who in (boss, MEI):
        member(session, there, who)
    assert not meant(session, boss, value=f"{there}:").access.manages_space
    communities.bind(session, there, "other", "S1", "general")
    assert not meant(session, boss, value=f"{there}:").access.manages_space
    communities.bind(session, there, "pretend", "S1", "also")
    assert meant(session, boss, value=f"{there}:").access.manages_space
    assert not meant(session, value=f"{there}:").access.manages_space


@pytest.mark.parametrize(
    ("role", "joined", "facilitates", "left", "group", "expected"),
    [
        (1, True, False, False, None, (Role.MEMBER, False)),
        (1, False, False, False, None, (Role.ANYONE, False)),
        (2, True, False, False, None, (Role.FACILITATOR, True)),
        (2, False, False, False, None, (Role.FACILITATOR, True)),
        (3, True, False, False, None, (Role.ADMIN, False)),
        (3, True, True, False, None, (Role.ADMIN, True)),
        (3, True, True, True, 3, (Role.ANYONE, False)),
        (1, True, False, False, 2, (Role.FACILITATOR, True)),
        (1, False, False, False, 2, (Role.FACILITATOR, True)),
        (1, True, False, False, 3, (Role.ADMIN, False)),
        (3, True, False, False, 2, (Role.ADMIN, True)),
        (2, True, False, True, None, (Role.ANYONE, False)),
    ],
)
def test_access_is_the_highest_role_that_is_held(
    session: Session,
    role: int,
    joined: bool,
    facilitates: bool,
    left: bool,
    group: int | None,
    expected: tuple[Role, bool],
) -> None:
    """A role of the platform (`group`) adds to the person's own, until they leave."""
    here = community(session, "Here", "general")
    row = member(session, here, role=role, joined=joined)
    row.facilitates, row.left_at = facilitates, START if left else None
    if group:
        role_mappings.give(session, here, "pretend", "R1", group)
    session.flush()
    who = PlatformUser("mei", "Mei", groups=("R1", "R2"))
    ctx = meant(session, who)
    assert (ctx.access.role, ctx.access.is_facilitator) == expected
    act_in(ctx, Command(GENERAL, who, "next"), communities.get(session, here))
    assert (ctx.access.role, ctx.access.is_facilitator) == expected


def test_role_of_the_platform_reaches_who_was_never_seen_before(session: Session) -> None:
    here = community(session, "Here", "general")
    role_mappings.give(session, here, "pretend", "R1", 2)
    assert meant(session, PlatformUser("zed", "Zed", groups=("R1",))).access.role is Role.FACILITATOR


def test_refusal_names_at_most_five_facilitators(session: Session) -> None:
    here = community(session, "Here", "general")
    for n in range(6):
        member(session, here, PlatformUser(f"f{n}", f"F{n}"), role=2)
    named = facilitator_names(meant(session))
    assert [f"F{n}" in named for n in range(6)] == [True] * 5 + [False]
    assert facilitator_names(build_context(session, TimerFired(1, "x", "", START), START, "cop")) == ""


def test_clock_acts_as_the_bot_in_its_community(session: Session) -> None:
    here = community(session, "Here", "general")
    ctx = build_context(session, TimerFired(1, "x", "", START, here), START, "cop")
    assert (ctx.community_id, ctx.access.role, ctx.actor, ctx.place) == (here, Role.BOT, None, None)
    gone = build_context(session, TimerFired(1, "x", "", START, 99), START, "cop")
    assert gone.community_or_none is None


def test_profile_follows_what_the_platform_says(session: Session) -> None:
    community(session, "Here", "general")
    space = Place("pretend", "S1", "general", space_name="Hub")
    first = PlatformUser("mei", " Mei \n Lin ", locale="es", zone="Europe/Berlin")
    person = meant(session, first, space).person
    assert (person.name, person.locale, person.zone) == ("Mei Lin", "es", "Europe/Berlin")
    named = communities.upsert_space(session, "pretend", "S1", "")
    assert named.name == "Hub"
    again = Place("pretend", "S1", "general", space_name="The Hub")
    person = meant(session, PlatformUser("mei", "Mei", locale="en", zone="Mars/Olympus"), again).person
    assert (person.name, person.locale, person.zone) == ("Mei", "en", "Europe/Berlin")
    assert named.name == "The Hub"
    meant(session, MEI, GENERAL)  # a platform that does not say what the space is called
    assert named.name == "The Hub"


def test_somebody_unregistered_is_nobody_but_has_a_zone_and_a_language() -> None:
    person = unregistered_person(PlatformUser("zed", "Zed", locale="es", zone="Europe/Berlin"))
    assert (person.id, person.name, person.locale, person.zone) == (0, "Zed", "es", "Europe/Berlin")
    assert unregistered_person(PlatformUser("zed", "Zed", zone="Mars/Olympus")).zone == ""
