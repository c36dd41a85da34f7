"""The plan of a community that is being set up: what was filled in so far, saved as a draft between forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.cadence import BusinessDays, ClosedDays, Reading, occurrences, read
from bot.cadence.rule import USUAL_MINUTES
from bot.core.context import Context
from bot.domain import touchpoints
from bot.domain.between_meetings import Calendar
from bot.domain.touchpoints import Preset, Touchpoint
from storage.communities.communities import CHANNEL
from storage.operations import drafts

KIND = "setup"
FORMS = 3
# How many meetings are looked at to tell how far apart they are.
MEASURED = 9
OURSELVES = "ourselves"
RULE = "rule"


@dataclass(frozen=True)
class Plan:
    """What an admin has filled in. `step` is how many forms are done.

    `facilitators` are account ids on the platform of the setup. `how` is RULE or OURSELVES.
    """

    platform: str
    space: str
    step: int = 0
    name: str = ""
    purpose: str = ""
    zone: str = ""
    locale: str = ""
    country: str = ""
    channel: str = ""
    facilitators: tuple[str, ...] = ()
    minutes: int = USUAL_MINUTES
    place: str = ""
    join_policy: str = CHANNEL
    how: str = RULE
    phrase: str = ""
    preset: Preset = Preset.USUAL

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.zone, self.country)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def reading(self, now: datetime) -> Reading | None:
        """Parse the phrase. None if the community sets each date itself. Raises Unreadable."""
        if self.how == OURSELVES:
            return None
        return read(self.phrase, zone=self.zone, today=self.today(now), minutes=self.minutes)

    def dates(self, reading: Reading | None, now: datetime, count: int) -> Sequence[datetime]:
        """Return the rule's next `count` moments, in its zone. Only rules by working days avoid public holidays."""
        if reading is None:
            return []
        closed = ClosedDays(self.country if isinstance(reading.rule.days, BusinessDays) else "")
        zone = ZoneInfo(reading.rule.zone)
        return [at.astimezone(zone) for at in occurrences(reading.rule, now, count=count, closed=closed)]

    def schedule(self, reading: Reading | None, now: datetime) -> tuple[Touchpoint, ...]:
        """Return the lines of the chosen preset, for how far apart the meetings are."""
        return touchpoints.preset(self.preset, self.dates(reading, now, MEASURED), self.zone)


PLAN = TypeAdapter(Plan)


def saved(ctx: Context) -> Plan | None:
    """Return the plan that this person has begun in this space, if any."""
    row = drafts.find(ctx.session, ctx.me, KIND)
    plan = PLAN.validate_json(row.body) if row else None
    return plan if plan and (plan.platform, plan.space) == (ctx.here.platform, ctx.here.space) else None


def save(ctx: Context, plan: Plan) -> Plan:
    row = drafts.find(ctx.session, ctx.me, KIND)
    drafts.save(ctx.session, ctx.me, KIND, PLAN.dump_json(plan).decode(), ctx.now, row.id if row else None)
    return plan


def new(ctx: Context) -> Plan:
    return Plan(ctx.here.platform, ctx.here.space)


def claim(ctx: Context) -> Plan | None:
    """Return a finished plan and delete its draft, so that pressing Start twice starts one community. None if none."""
    plan = saved(ctx)
    if plan is None or plan.step < FORMS or not drafts.claim(ctx.session, ctx.me, KIND):
        return None
    return plan
