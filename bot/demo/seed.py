"""Fills an empty database with the simulated program, as if it had been set up and its members had joined."""

from datetime import date, datetime

from sqlmodel import Session, select

from bot import cadence
from bot.core import appointments, signals
from bot.core.context import Context
from bot.demo import program
from bot.demo.program import COMMUNITIES, FINDS, RESIDENTS, DemoCommunity, Resident
from bot.domain.limit_words import Promise
from bot.features.library import links
from bot.features.library.canonical_links import RULES
from bot.features.setup import announcements
from bot.ui import ToCommunity
from storage.communities import communities, programs
from storage.communities.communities import Community
from storage.library import resources
from storage.meetings import meetings
from storage.people import people


def is_empty(session: Session) -> bool:
    return session.exec(select(Community)).first() is None


def seed(session: Session, now: datetime, root: str, platform: str, space: str) -> None:
    """Add the communities with their cadence, members, resources and welcome message."""
    communities.upsert_space(session, platform, space, program.PROGRAM)
    residents = {r.id: _add_person(session, r, now, platform, space) for r in RESIDENTS}
    whole = programs.key(programs.create(session, program.PROGRAM, residents[program.CONVENER], now))
    for plan in COMMUNITIES:
        community = communities.add(
            session,
            name=plan.name,
            purpose=plan.purpose,
            zone=program.ZONE,
            locale="en",
            country=program.COUNTRY,
            now=now,
        )
        ctx = Context(session, now, root, community_or_none=community)
        programs.join(session, programs.invite(session, whole, ctx.community_id, now), now)
        communities.bind(session, ctx.community_id, platform, space, plan.channel)
        _set_cadence(ctx, plan)
        _enrol(ctx, plan.channel, residents)
        _share_finds(session, community, plan.channel, residents, now)
        key, about = f"{signals.WELCOME}.{community.id}", (plan.name, plan.purpose)
        ctx.post(ToCommunity(), key, announcements.welcome, *about, promise=Promise())
        ctx.schedule_timer(signals.MEETINGS_REPLAN, at=now)


def _set_cadence(ctx: Context, plan: DemoCommunity) -> None:
    year = program.OPENS.year
    starts, ends = date(year, *program.SEASON_STARTS), date(year + 1, *program.SEASON_ENDS)
    communities.add_season(ctx.session, ctx.community_id, f"{year}–{year + 1}", starts, ends)
    reading = cadence.read(plan.cadence, zone=program.ZONE, today=ctx.now.date())
    meetings.add_series(
        ctx.session,
        ctx.community_id,
        title=plan.name,
        rule=reading.rule.to_json(),
        zone=program.ZONE,
        minutes=plan.minutes,
        place=plan.place,
        link=plan.link,
        now=ctx.now,
    )


def _enrol(ctx: Context, channel: str, residents: dict[str, int]) -> None:
    for resident in RESIDENTS:
        for role in resident.roles:
            if role.community == channel:
                row = people.enrol(ctx.session, ctx.community_id, residents[resident.id])
                row.role, row.role_group, row.joined_at = role.role, role.role_group, ctx.now
                appointments.follow(ctx, row)
                row.organization, row.organization_confirmed = resident.organization, resident.organization != ""
                row.visible = resident.agrees_to_be_named


def _share_finds(
    session: Session, community: Community, channel: str, residents: dict[str, int], now: datetime
) -> None:
    """Add the resources that members of this community shared, for everyone in the program to see."""
    for find in FINDS:
        if find.community == channel:
            link = links.read(find.link)
            content = resources.Content(
                find.title, find.note, find.topics, link.typed, link.key, find.kind, resources.PROGRAM, RULES
            )
            resources.add(session, community, residents[find.by], content, now)


def _add_person(session: Session, resident: Resident, now: datetime, platform: str, space: str) -> int:
    person = people.get_or_create(
        session,
        platform=platform,
        space=space,
        external=resident.id,
        name=resident.name,
        zone=program.ZONE,
        now=now,
    )
    return people.key(person)
