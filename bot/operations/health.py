"""Health: whether timers are overdue, or messages stuck or undelivered. Every answer to this comes from here.

`cop status`, the admin's status command, /readyz and the metrics all use it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from sqlmodel import Session

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.telemetry import metrics
from storage.messaging import outbox
from storage.operations import health

# A timer later than this means that the timer loop has stopped.
LATE = timedelta(minutes=2)
# A message that has waited longer than this means that its platform is down, or that very many are waiting.
SLOW = timedelta(minutes=15)
STATES = (outbox.WAITING, outbox.UNCERTAIN, outbox.SENDING, outbox.FAILED)


@dataclass(frozen=True)
class Health:
    """The health of one community, or of everything in the database.

    `overdue` counts timers that were due LATE ago or more, and `overdue_for` is the age of the oldest one that is due.
    `failing` counts timers whose work failed and is retried. `outbox` counts messages by state, for each of STATES, and
    `waiting_for` is how long the oldest message that may be sent has waited. `database` is its kind and revision
    ("sqlite 0004"). `parts` says which parts of the process work, as far as that is known.
    """

    overdue: int
    overdue_for: timedelta
    failing: int
    outbox: Mapping[str, int]
    waiting_for: timedelta
    communities: int
    version: str
    database: str
    parts: Mapping[str, bool] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return sum(self.outbox[state] for state in STATES if state != outbox.FAILED)

    @property
    def undelivered(self) -> int:
        return self.outbox[outbox.FAILED]

    @property
    def slow(self) -> bool:
        return self.waiting_for > SLOW

    @property
    def ok(self) -> bool:
        """Whether nothing needs a look."""
        return not (self.overdue or self.failing or self.undelivered or self.slow) and all(self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """Return the fields for JSON. Durations are in seconds."""
        plain = asdict(self) | {"well": self.ok}
        return {k: round(v.total_seconds()) if isinstance(v, timedelta) else v for k, v in plain.items()}


def check(session: Session, now: datetime, parts: Mapping[str, bool], community: int | None = None) -> Health:
    """Query the health of `community`, or with None of the whole database."""
    kind, revision = health.database(session)
    due, oldest = health.oldest_due(session, now, community), health.oldest_waiting(session, now, community)
    return Health(
        overdue=health.overdue(session, community, now - LATE),
        overdue_for=now - due if due else timedelta(),
        failing=len(health.failing(session, community, now)),
        outbox={state: health.count(session, state, community) for state in STATES},
        waiting_for=now - oldest if oldest else timedelta(),
        communities=1 if community else health.communities(session),
        version=version("commonplace"),
        database=f"{kind} {revision}".strip(),
        parts=parts,
    )


def export_metrics(condition: Health) -> None:
    """Set the Prometheus gauges."""
    metrics.OVERDUE.set(condition.overdue)
    metrics.OLDEST_TIMER.set(condition.overdue_for.total_seconds())
    metrics.FAILING.set(condition.failing)
    metrics.OLDEST_DELIVERY.set(condition.waiting_for.total_seconds())
    for state, count in condition.outbox.items():
        metrics.OUTBOX.labels(state).set(count)
    for part, works in condition.parts.items():
        metrics.IS_READY.labels(part).set(works)


def facts(condition: Health) -> list[tuple[str, str]]:
    """Return names and values for people, as plain text."""
    return [
        (_("Overdue"), _with_age(condition.overdue, condition.overdue_for)),
        (_("Failing"), str(condition.failing)),
        (_("Waiting to be sent"), _with_age(condition.waiting, condition.waiting_for)),
        (_("Could not be delivered"), str(condition.undelivered)),
        *(((_("Working"), _component_text(condition.parts)),) if condition.parts else ()),
        (_("Version"), condition.version),
        (_("Database"), condition.database),
    ]


def _with_age(count: int, oldest: timedelta) -> str:
    minutes = int(oldest.total_seconds() // 60)
    if not count or not minutes:
        return str(count)
    return ngettext("{count} (the oldest for one minute)", "{count} (the oldest for {n} minutes)", minutes).format(
        count=count, n=minutes
    )


def _component_text(parts: Mapping[str, bool]) -> str:
    return ", ".join(part if works else _("{part} does NOT").format(part=part) for part, works in sorted(parts.items()))
