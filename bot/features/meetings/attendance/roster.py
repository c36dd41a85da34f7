"""Handlers with which facilitators mark who came, and see how steadily people come.

A roster is marked one page at a time. A draft holds who was on the page and who was ticked when it was opened, so that
people who joined or answered in the meantime stay as they are.
"""

import json
from datetime import timedelta

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import measures
from bot.features.meetings.attendance import views
from bot.features.meetings.attendance.catch_up import offer_later
from bot.features.meetings.attendance.handlers import held, offer_key
from bot.features.meetings.attendance.views import Continuity
from bot.features.meetings.changes.views import draft_expired
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.operations import gatherings
from bot.ui import Message, Reply
from storage.communities import communities
from storage.learning import participation
from storage.meetings import attendance, meetings, rsvps
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import YES
from storage.operations import drafts
from storage.people import absences, people
from storage.people.people import Person

# People in one form: four fields of ten ticks (bot/ui/limits.py).
PAGE = 40
# The name of drafts that hold an open page of the roster.
MARKS = "meetings.marks"
A_YEAR = timedelta(days=366)


@feature.command(
    "meeting attendance", help="Who was at the last meeting, and marking who came", needs=Role.FACILITATOR, reads=True
)
def show(ctx: Context, event: Command) -> Reply:
    last = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now)
    if last is None:
        raise Refusal(views.none_held())
    return _overview(ctx, last)


@feature.click("attendance_of", needs=Role.FACILITATOR, reads=True)
def show_of(ctx: Context, event: Click) -> Reply:
    return _overview(ctx, held(ctx, event.value))


def _overview(ctx: Context, meeting: Meeting) -> Message:
    id = meetings.key(meeting)
    rows = attendance.at_meeting(ctx.session, id)
    there = [p for p in _members(ctx) if (row := rows.get(people.key(p))) and row.how in attendance.CAME]
    earlier = meetings.last_meeting(ctx.session, ctx.community_id, meeting.starts_at - timedelta(microseconds=1))
    expected = rsvps.counts(ctx.session, id)[YES]
    made_up = [
        (row.answer if ctx.reads_given(row.at) else "", person) for row, person in attendance.made_up(ctx.session, id)
    ]
    return views.overview(meeting, there, expected, made_up, earlier, _continuity(ctx))


def _members(ctx: Context) -> list[Person]:
    own = [person for _row, person in people.members(ctx.session, ctx.community_id)]
    return sorted(own, key=lambda person: (person.name.casefold(), people.key(person)))


def _continuity(ctx: Context) -> Continuity | None:
    """Measure continuity as the report does, over the season, or over a year outside of one.

    Nobody is measured by meetings from before they joined or while they were away. None with fewer than two meetings,
    where it says nothing, or too few members who could have been at one, where it says too much.
    """
    season = communities.season_on(ctx.session, ctx.community_id, ctx.now.astimezone(ctx.zone).date())
    since = ctx.now - min(A_YEAR, ctx.now.date() - season.starts) if season else ctx.now - A_YEAR
    members = participation.members(ctx.session, ctx.community_id)
    absent = absences.of_community(ctx.session, ctx.community_id)
    held = gatherings.held(ctx.session, ctx.community_id, since, ctx.now, members, absent)
    steady, records = measures.continuity(held), measures.records(held)
    if steady is None:
        return None
    named = {
        person.name: records[id]
        for row, person in people.members(ctx.session, ctx.community_id)
        if row.shows_attendance and (id := people.key(person)) in records
    }
    return Continuity(len(held), steady, named)


# --- marking


@feature.click("mark", needs=Role.FACILITATOR)
def open_list(ctx: Context, event: Click) -> Reply:
    """Open one page of the roster. The button's value is "<meeting>.<page>", with pages from 0."""
    id, _dot, page = event.value.partition(".")
    meeting, first = held(ctx, id), parse_id(page) * PAGE
    members = _members(ctx)
    those = members[first : first + PAGE]
    if not those:
        raise Refusal(views.none_held())
    rows = attendance.at_meeting(ctx.session, meetings.key(meeting))
    ticked = {person for person, row in rows.items() if row.how in attendance.CAME}
    body = {
        "meeting": meeting.id,
        "page": parse_id(page),
        "shown": [people.key(p) for p in those],
        "ticked": sorted(ticked & {people.key(p) for p in those}),
    }
    draft = drafts.save(ctx.session, ctx.me, MARKS, json.dumps(body), ctx.now)
    pages = -(-len(members) // PAGE)
    return views.mark_form(meeting, those, ticked, str(draft), parse_id(page) + 1, pages)


@feature.form("marked", shared=(), needs=Role.FACILITATOR)
def save_list(ctx: Context, event: Submission) -> Reply:
    """Save one page: new ticks count as there, removed ticks as not there.

    Someone who said meanwhile that they were there, and was ticked in neither, stays there.
    """
    draft = drafts.find(ctx.session, ctx.me, MARKS, parse_id(event.value))
    if draft is None:
        raise Refusal(draft_expired())
    body = json.loads(draft.body)
    meeting, shown = held(ctx, str(body["meeting"])), set(body["shown"])
    answers = " ".join(value for name, value in event.answers.items() if name.startswith("list"))
    ticked = {parse_id(id) for id in answers.split()} & shown
    before = set(body["ticked"])
    _mark(ctx, meeting, ticked - before, before - ticked)
    more = (body["page"] + 1) * PAGE < len(_members(ctx))
    return _marked(ctx, meeting, body["page"] + 1 if more else None)


@feature.click("mark_yes", needs=Role.FACILITATOR)
def mark_yes(ctx: Context, event: Click) -> Reply:
    """Mark every member who said yes as there."""
    meeting = held(ctx, event.value)
    expected = {people.key(p) for answer, p in rsvps.replies(ctx.session, meetings.key(meeting)) if answer == YES}
    _mark(ctx, meeting, expected & {people.key(p) for p in _members(ctx)}, set())
    return _marked(ctx, meeting, None)


def _mark(ctx: Context, meeting: Meeting, came: set[int], did_not: set[int]) -> None:
    """Save who came and who did not, by person id. Someone recorded as there already keeps that record."""
    id = meetings.key(meeting)
    rows = attendance.at_meeting(ctx.session, id)
    for person in sorted(came):
        if person not in rows or rows[person].how not in attendance.CAME:
            attendance.put(ctx.session, id, person, attendance.MARKED, ctx.now)
    if did_not:
        attendance.drop(ctx.session, id, did_not)
        ctx.session.expire_all()
    ctx.audit("meetings.attendance", f"meeting {id}")
    card.refresh(ctx, meeting)
    ctx.redraw(offer_key(meeting))
    offer_later(ctx, meeting)


def _marked(ctx: Context, meeting: Meeting, next_page: int | None) -> Message:
    id = meetings.key(meeting)
    return views.marked(meeting, attendance.counts(ctx.session, [id])[id], next_page)
