"""Announces changes of one meeting: in the channel, and privately to those it concerns or who were told otherwise."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import ParamSpec

from bot.core import signals
from bot.core.context import Context, News
from bot.core.resolver import parse_id
from bot.features.meetings.posts import news_views
from bot.ui import Message, ToCommunity, ToPerson
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting
from storage.messaging import outbox, told_facts

P = ParamSpec("P")

# What people know of a meeting that does not take place, for whatever reason.
OFF = "off"


def subject(meeting: Meeting) -> str:
    return f"meeting.{meeting.id}"


def state(meeting: Meeting) -> str:
    """Return what people know of a meeting, as a fingerprint: whether, when and where it takes place, and how long."""
    if meeting.status != PLANNED:
        return OFF
    seen = f"{meeting.starts_at.timestamp():.0f} {meeting.minutes} {meeting.place} {meeting.link}"
    return sha256(seen.encode()).hexdigest()[:16]


def announce(
    ctx: Context,
    meeting: Meeting,
    was: str,
    to: Iterable[int],
    view: Callable[P, Message],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Announce what has changed about a meeting, whose `state` was `was`: in the channel, and privately `to` these."""
    public, private = _keys(meeting)
    news = News(subject(meeting), state(meeting), private, was, tuple(to), public)
    ctx.tell(news, view, *args, **kwargs)
    _refresh_earlier(ctx, meeting, (public, private))


def announce_privately(
    ctx: Context,
    meeting: Meeting,
    was: str,
    to: Iterable[int],
    view: Callable[P, Message],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Tell only people, where the channel is told of several meetings at once, or of nothing."""
    _public, private = _keys(meeting)
    # Such changes don't count up the meeting's sequence, so the moment tells them apart.
    key = f"{private}.{int(ctx.now.timestamp())}"
    ctx.tell(News(subject(meeting), state(meeting), key, was, tuple(to)), view, *args, **kwargs)
    _refresh_earlier(ctx, meeting, (key,))


def forget(ctx: Context, meeting: Meeting) -> None:
    """Forget who was told what about a meeting that is over."""
    told_facts.forget(ctx.session, ctx.community_id, subject(meeting))


def _keys(meeting: Meeting) -> tuple[str, str]:
    """Return the keys of the announcement in the channel, and of the direct messages, of the latest change."""
    return f"{_prefixes(meeting)[0]}{meeting.sequence}", f"{_prefixes(meeting)[1]}{meeting.sequence}"


def _prefixes(meeting: Meeting) -> tuple[str, str]:
    return f"{signals.MEETING_CHANGED}.{meeting.id}.", f"meetings.told.{meeting.id}."


def _refresh_earlier(ctx: Context, meeting: Meeting, latest: tuple[str, ...]) -> None:
    """Rewrite the announcements of earlier changes, which are no longer true."""
    keys = {key for prefix in _prefixes(meeting) for key in outbox.with_prefix(ctx.session, ctx.community_id, prefix)}
    with ctx.rewriting():
        for key in sorted(keys.difference(latest)):
            _redraw(ctx, meeting, key)


def redraw(ctx: Context, value: str) -> None:
    """Rewrite the announcement of one change when its meeting begins."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value.partition(".")[0]))
    if meeting and (meeting.status != PLANNED or meeting.starts_at <= ctx.now):
        for key in (f"{signals.MEETING_CHANGED}.{value}", f"meetings.told.{value}"):
            _redraw(ctx, meeting, key)


def _redraw(ctx: Context, meeting: Meeting, key: str) -> None:
    is_over = meeting.status != PLANNED or meeting.starts_at <= ctx.now
    view = news_views.change_over if is_over else news_views.changed_again
    ctx.post(ToCommunity(), key, view, meeting)
    for person in outbox.receivers(ctx.session, key):
        ctx.post(ToPerson(person), key, view, meeting)
