"""How many answered each closed round, of those who were asked, and who did anything at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.measures import Ratio
from bot.domain.suppression import in_steps
from storage.learning import checkins, participation
from storage.learning.participation import Member, RoundCount
from storage.meetings import attendance
from storage.people import absences
from storage.people.absences import Absence

Absences = Sequence[tuple[Absence, str]]


@dataclass(frozen=True)
class RoundLine:
    """One closed round: what it asked, when, and how many of those asked answered."""

    opened_at: datetime
    closed_at: datetime
    kind: str
    name: str
    answered: Ratio
    late: int
    # Nobody can tell who answered, so `answered` moves in steps, and counts in no sum.
    is_anonymous: bool = False


def lines(
    session: Session, community: int, since: datetime, until: datetime, members: Sequence[Member], absent: Absences
) -> tuple[tuple[RoundLine, ...], Sequence[RoundCount]]:
    """Return each closed round of a time, as a line and as it was counted."""
    counts = participation.closed_rounds(session, community, since, until)
    ever_away = {row.person_id for row, _zone in absent}
    answered_away = participation.answered_by(session, community, since, until, ever_away)
    found = []
    for round, answered, late in counts:
        closed_at = round.closed_at
        assert closed_at
        away = absences.away_during(absent, round.opened_at, closed_at)
        away = frozenset(person for person in away if (round.id, person) not in answered_away)
        # Who answered was asked, also if they are gone since without a trace.
        asked = max(answered, sum(m.was_asked(closed_at) and m.person not in away for m in members))
        is_anonymous = round.level == checkins.NOBODY_CAN_TELL
        if is_anonymous:
            answered = in_steps(round.anonymous_count)
        line = RoundLine(
            round.opened_at, closed_at, round.kind, round.question, Ratio(answered, asked), late, is_anonymous
        )
        found.append(line)
    return tuple(found), counts


def total(lines: Sequence[RoundLine]) -> Ratio:
    """Return answers of asks over all rounds where it is known who answered."""
    named = [line.answered for line in lines if not line.is_anonymous]
    return Ratio(sum(each.part for each in named), sum(each.whole for each in named))


def acts(
    session: Session, community: int, since: datetime, until: datetime, active: Sequence[Member]
) -> Mapping[int, int]:
    """Return how many rounds each active member answered, and meetings they were at or made up for."""
    answered = participation.answers_by_person(session, community, since, until)
    attended = attendance.counts_by_person(session, community, since, until)
    return {m.person: answered.get(m.person, 0) + attended.get(m.person, 0) for m in active}
