"""Build the .ics text of a calendar feed, of several communities, or of one meeting, from stored meetings."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.cadence import Rule
from bot.features.calendar_feeds.ics import CalendarEntry, Group, calendar
from bot.i18n import gettext as _
from bot.i18n import speaking
from storage.communities import communities
from storage.communities.communities import Community
from storage.meetings import change_log, meetings
from storage.meetings.calendar_feeds import Feed
from storage.meetings.meetings import CANCELLED, Meeting, Series
from storage.people import people


def of_feed(session: Session, feed: Feed) -> str | None:
    """Return the .ics text behind a link, in the language of its owner. None if that person or community is gone.

    A community's feed goes to strangers too, so it leaves out why a meeting was moved or cancelled.
    """
    if feed.community_id:
        community = communities.get(session, feed.community_id)
        if community is None:
            return None
        with speaking(community.locale):
            return of_communities(session, [community], community.name, notes=False)
    person = people.get(session, feed.person_id or 0)
    if person is None:
        return None
    own = communities.among(session, people.communities_of(session, people.key(person)))
    with speaking(person.locale):
        return of_communities(session, own, _("Communities of practice"))


def of_communities(session: Session, those: Sequence[Community], name: str, *, notes: bool = True) -> str:
    """Return one .ics text with every meeting of these communities. `notes` adds why one was moved or cancelled."""
    groups: list[Group] = []
    singles: list[CalendarEntry] = []
    for community in sorted(those, key=communities.key):
        changed = change_log.last_changed_at(session, communities.key(community))
        by_series: dict[int | None, list[Meeting]] = {}
        for meeting in meetings.list_all(session, communities.key(community)):
            by_series.setdefault(meeting.series_id, []).append(meeting)
        for id, held in by_series.items():
            series = meetings.series(session, communities.key(community), id)
            entries = [_entry(community, series, m, changed.get(meetings.key(m)), notes=notes) for m in held]
            if series:
                uid = _uid(community, "s", id or 0)
                groups.append(Group(uid, Rule.from_json(series.rule), _usual(community, series), entries))
            else:
                singles += entries
    return calendar(name, groups, singles)


def of_meeting(session: Session, community: Community, meeting: Meeting) -> str:
    """Return the .ics text of one meeting, as it is now."""
    series = meetings.series(session, communities.key(community), meeting.series_id)
    last = change_log.last(session, meetings.key(meeting))
    return calendar(community.name, (), [_entry(community, series, meeting, last[0].at if last else None)])


def _entry(
    community: Community, series: Series | None, meeting: Meeting, changed_at: datetime | None, *, notes: bool = True
) -> CalendarEntry:
    return CalendarEntry(
        _uid(community, "m", meetings.key(meeting)),
        meeting.starts_at,
        meeting.minutes,
        _zone(community, series),
        meeting.title,
        meeting.place,
        meeting.link,
        _words(community, meeting.note if notes else ""),
        meeting.sequence,
        meeting.status == CANCELLED,
        meeting.original_at,
        changed_at=changed_at or (series or community).created_at,
    )


def _usual(community: Community, series: Series) -> CalendarEntry:
    """Describe a meeting of the series that nobody changed. Its uid, start and sequence are set per meeting."""
    return CalendarEntry(
        "",
        series.created_at,
        series.minutes,
        _zone(community, series),
        series.title,
        series.place,
        series.link,
        _words(community, ""),
        changed_at=series.created_at,
    )


def _zone(community: Community, series: Series | None) -> str:
    return Rule.from_json(series.rule).zone if series else community.zone


def _words(community: Community, note: str) -> str:
    return "\n\n".join(filter(None, (_("A meeting of {community}.").format(community=community.name), note)))


def _uid(community: Community, kind: str, id: int) -> str:
    """Make a uid that no other installation makes: it holds the second in which the community was created."""
    return f"{kind}{id}.{communities.key(community)}.{community.created_at:%Y%m%d%H%M%S}@commonplace"
