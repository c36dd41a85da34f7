"""Choose the next prompt for a community from what the database knows about it, and open it as a round."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import cadence
from bot.core import signals
from bot.core.context import Context
from bot.features.prompts import bank, selection, views
from bot.features.prompts.bank import SEASON_PHASES, Prompt
from bot.ui import ToPerson
from storage.communities import communities
from storage.learning import prompts, rounds
from storage.learning.prompts import QueuedPrompt
from storage.learning.rounds import REFLECTION, Round
from storage.meetings import meetings
from storage.people import people

OPEN_DAYS = 5  # working days
CLOSING_HOUR = 17  # community time
TWO_SEASONS = timedelta(days=2 * 365)
SUGGESTED = 20


def next_prompt(ctx: Context, after: Prompt | None = None) -> Prompt:
    """Return the rotation's choice. With `after`, return what it would choose if that one had been asked now."""
    used = [(r.prompt_id, r.opened_at) for r in prompts.used(ctx.session, ctx.community_id)]
    asked = prompts.used(ctx.session, ctx.community_id)
    last = after.category if after else asked[-1].category if asked else None
    if after:
        used.append((after.id, ctx.now))
    return _choose(ctx, used, last)


def suggestions(ctx: Context) -> list[Prompt]:
    """Return up to SUGGESTED prompts that the rotation would ask next, soonest first."""
    out: list[Prompt] = []
    used = [(r.prompt_id, r.opened_at) for r in prompts.used(ctx.session, ctx.community_id)]
    last = None
    while len(out) < SUGGESTED:
        prompt = _choose(ctx, used, last)
        if prompt in out:
            break
        out.append(prompt)
        used.append((prompt.id, ctx.now))
        last = prompt.category
    return out


def _choose(ctx: Context, used: list[tuple[str, datetime]], last: str | None) -> Prompt:
    roles = {m.role_group.lower() for m, _person in people.members(ctx.session, ctx.community_id) if m.role_group}
    return selection.choose(
        bank.load(),
        used=used,
        now=ctx.now,
        season_phase=season_phase(ctx),
        meetings_held=len(meetings.between(ctx.session, ctx.community_id, ctx.community.created_at, ctx.now)),
        last_category=last,
        roles=roles,
        two_seasons=TWO_SEASONS,
        start=ctx.community_id - 1,
    )


def season_phase(ctx: Context) -> str:
    """Return which quarter of its season the community is in: launch, build, apply or synthesize.

    Outside of a season that is launch.
    """
    today = ctx.now.astimezone(ZoneInfo(ctx.community.zone)).date()
    season = communities.season_on(ctx.session, ctx.community_id, today)
    if season is None:
        return SEASON_PHASES[0]
    return SEASON_PHASES[quarter(season.starts, season.ends, today)]


def quarter(starts: date, ends: date, today: date) -> int:
    """Return which quarter of the time from `starts` to `ends` today is in, 0 to 3."""
    length = max((ends - starts).days + 1, 1)
    return min(3, max(0, (today - starts).days * 4 // length))


def open_next(ctx: Context) -> Round:
    """Open the first queued prompt, taking it out of the queue, or else the rotation's choice.

    One that the bank no longer has is left out, and the person who queued it is told.
    """
    for row in prompts.queued(ctx.session, ctx.community_id):
        ctx.session.delete(row)
        if not row.prompt_id:
            return open_own(ctx, row.text, None)
        if prompt := bank.find(row.prompt_id):
            return open_prompt(ctx, prompt, None)
        ctx.post(ToPerson(row.person_id), f"prompts.left_out.{row.id}", views.was_left_out)
    return open_prompt(ctx, next_prompt(ctx), None)


def open_prompt(ctx: Context, prompt: Prompt, opened_by: int | None) -> Round:
    """Open a prompt of the bank. `opened_by` is the facilitator's id, None if the bot opens it."""
    round = rounds.open_round(
        ctx.session,
        ctx.community_id,
        REFLECTION,
        prompt.text,
        now=ctx.now,
        closes_at=_closes(ctx),
        starter=prompt.starter,
        prompt_id=prompt.id,
        category=prompt.category,
        minutes=prompt.minutes,
        private=prompt.private_default,
        opened_by=opened_by,
    )
    ctx.schedule_timer(signals.ROUND_OPENED, str(round.id), at=ctx.now)
    return round


def open_own(ctx: Context, question: str, opened_by: int | None) -> Round:
    """Open a question in a facilitator's own words. `opened_by` as above."""
    round = rounds.open_round(
        ctx.session,
        ctx.community_id,
        REFLECTION,
        question,
        now=ctx.now,
        closes_at=_closes(ctx),
        opened_by=opened_by,
    )
    ctx.schedule_timer(signals.ROUND_OPENED, str(round.id), at=ctx.now)
    return round


def _closes(ctx: Context) -> datetime:
    c = ctx.community
    closed = communities.closures(ctx.session, ctx.community_id)
    today = ctx.now.astimezone(ZoneInfo(c.zone)).date()
    last = cadence.add_working_days(today, OPEN_DAYS, country=c.country, region=c.region, closed=closed)
    return datetime.combine(last, time(CLOSING_HOUR), ZoneInfo(c.zone)).astimezone(ctx.now.tzinfo)


def queue(ctx: Context) -> list[tuple[QueuedPrompt, str]]:
    """Return the queue with each prompt's text, without those that the bank no longer has."""
    return [(row, text) for row in prompts.queued(ctx.session, ctx.community_id) if (text := queued_text(row))]


def queued_text(row: QueuedPrompt) -> str:
    """Return what a queued prompt asks; "" if the bank no longer has it."""
    if not row.prompt_id:
        return row.text
    prompt = bank.find(row.prompt_id)
    return prompt.text if prompt else ""
