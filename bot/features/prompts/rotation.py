"""Choose the next prompt for a community from what the database knows about it, and open it as a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import cadence
from bot.core import signals
from bot.core.context import Context
from bot.features.prompts import bank, own_prompts, roles, selection, views
from bot.features.prompts.bank import SEASON_PHASES, Prompt
from bot.ui import ToPerson
from storage.communities import communities
from storage.learning import prompts, rounds
from storage.learning.prompts import QueuedPrompt
from storage.learning.rounds import REFLECTION, Round
from storage.meetings import meetings

OPEN_DAYS = 5  # working days
CLOSING_HOUR = 17  # community time
TWO_SEASONS = timedelta(days=2 * 365)
SUGGESTED = 20


@dataclass(frozen=True)
class Situation:
    """What the rotation knows of a community."""

    asked: Mapping[str, datetime]
    now: datetime
    season_phase: str
    meetings_held: int
    last_category: str
    last_prompt: str
    roles: frozenset[str]
    start: int
    bank: Sequence[Prompt]
    own: Sequence[Prompt]

    def next(self) -> Prompt | None:
        return selection.choose(
            self.bank,
            own=self.own,
            asked=self.asked,
            now=self.now,
            season_phase=self.season_phase,
            meetings_held=self.meetings_held,
            last_category=self.last_category,
            last_prompt=self.last_prompt,
            roles=self.roles,
            two_seasons=TWO_SEASONS,
            start=self.start,
        )

    def after(self, prompt: Prompt) -> "Situation":
        """Return how it would be if this prompt had been asked now."""
        asked = {**self.asked, prompt.id: self.now}
        return replace(self, asked=asked, last_category=prompt.category, last_prompt=prompt.id)


def situation(ctx: Context) -> Situation:
    latest = rounds.recent(ctx.session, ctx.community_id, REFLECTION, 1)
    queued = {row.prompt_id: ctx.now for row in prompts.queued(ctx.session, ctx.community_id) if row.prompt_id}
    return Situation(
        # What waits in the queue will be asked, so the rotation leaves it out.
        asked={**prompts.asked(ctx.session, ctx.community_id, ctx.now - TWO_SEASONS), **queued},
        now=ctx.now,
        season_phase=season_phase(ctx),
        meetings_held=len(meetings.between(ctx.session, ctx.community_id, ctx.community.created_at, ctx.now)),
        last_category=latest[0].category if latest else "",
        last_prompt=latest[0].prompt_id if latest else "",
        roles=roles.roles_of(prompts.roles(ctx.session, ctx.community_id)),
        start=ctx.community_id - 1,
        bank=bank.load(language(ctx)),
        own=own_prompts.prompts(ctx),
    )


def next_prompt(ctx: Context) -> Prompt | None:
    """Return the rotation's choice, None if every prompt that suits was asked within two seasons."""
    return situation(ctx).next()


def suggestions(ctx: Context) -> list[Prompt]:
    """Return up to SUGGESTED prompts that the rotation would ask next, soonest first."""
    out: list[Prompt] = []
    now = situation(ctx)
    while len(out) < SUGGESTED and (prompt := now.next()):
        out.append(prompt)
        now = now.after(prompt)
    return out


def language(ctx: Context) -> str:
    """Return the bank's language for what is posted in the community."""
    return bank.language_of(ctx.community.locale)


def find(ctx: Context, id: str) -> Prompt | None:
    """Return a prompt of the bank, or one of the community's own."""
    return own_prompts.find(ctx, id) if id.startswith(own_prompts.OWN) else bank.find(id, language(ctx))


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


def has_next(ctx: Context) -> bool:
    return bool(queue(ctx)) or next_prompt(ctx) is not None


def open_next(ctx: Context) -> None:
    """Open the first queued prompt, taking it out of the queue, or else the rotation's choice, if there is one.

    One that no longer exists is left out, and the person who queued it is told.
    """
    for row in prompts.queued(ctx.session, ctx.community_id):
        ctx.session.delete(row)
        if not row.prompt_id:
            open_own(ctx, row.text, None)
            return
        if prompt := find(ctx, row.prompt_id):
            open_prompt(ctx, prompt, None)
            return
        ctx.post(ToPerson(row.person_id), f"prompts.left_out.{row.id}", views.was_left_out)
    if prompt := next_prompt(ctx):
        open_prompt(ctx, prompt, None)


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
    """Return the queue with each prompt's text, without those that no longer exist."""
    return [(row, text) for row in prompts.queued(ctx.session, ctx.community_id) if (text := queued_text(ctx, row))]


def queued_text(ctx: Context, row: QueuedPrompt) -> str:
    """Return what a queued prompt asks; "" if that no longer exists."""
    if not row.prompt_id:
        return row.text
    prompt = find(ctx, row.prompt_id)
    return prompt.text if prompt else ""
