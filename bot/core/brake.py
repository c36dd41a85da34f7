"""The brake: how many messages to others one person's acts may lead to.

Members: 20 at once, then 20 an hour. Somebody who shares all links of a conference, or writes to the facilitators in
distress, stays below that. What goes on faster is a script, or a person whom others should not have to read.

Who leads: 300 at once, then 300 an hour. Their own work reaches others with every step: moving the meetings of a whole
year, or inviting communities. A script that has their account is still stopped.

It counts what people do, not how many receive it: a post in a channel with a thousand members is one. Rewriting a card,
as an RSVP or an answer does, reaches nobody anew and is free. Timers are the bot's own acts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core.errors import Refusal
from bot.i18n import gettext as _
from bot.ui.markup import moment
from storage.people import sending_rates


@dataclass(frozen=True)
class Bound:
    """How many messages at once, and how many an hour from then on."""

    at_once: int
    per_hour: int


MEMBER = Bound(at_once=20, per_hour=20)
LEADER = Bound(at_once=300, per_hour=300)


def check(session: Session, person: int, now: datetime, *, leads: bool) -> None:
    """Count one message to others that a person's act leads to. Raises Refusal if that is too many."""
    bound = LEADER if leads else MEMBER
    until = sending_rates.use(session, person, now, at_once=bound.at_once, per_hour=bound.per_hour)
    if until:
        raise Refusal(
            _(
                "I’ve passed on a lot from you in a short time, so I’m taking a break. You can go on {when}. Nothing "
                "was sent or saved just now."
            ).format(when=moment(until))
        )
