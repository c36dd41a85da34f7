"""Rounds, each one or more questions to a community, and the responses of its members."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.database.personal import DELETE, UNNAME, personal
from storage.learning.checkins import NAMED, NOBODY_CAN_TELL, CheckIn, CheckInVersion

CHECKIN, REFLECTION = "checkin", "reflection"
# A check-in that is asked in private messages and has no card in a channel.
PRIVATE_CHECKIN = "private"
GROUP, FACILITATORS, ME = "group", "facilitators", "me"  # audiences
AUDIENCES = GROUP, FACILITATORS, ME
DRAFT, SENT = "draft", "sent"  # states of a response
# The key of the question of a round without a definition, and of how it is going, which check-ins once asked beside it.
ONLY, MOOD = "body", "mood"

# An answer as it is stored: see `bot.domain.questions`.
Value = str | tuple[str, ...]
NONE: Mapping[str, Value] = {}


class Round(SQLModel, table=True):
    """One opening of a check-in, or of a reflection prompt, from opening to summary. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    kind: str
    # Which version of which check-in was opened. None: it asks one question for words, `question`.
    version_id: int | None = Field(default=None, foreign_key="checkinversion.id", index=True)
    # The one question, or the name of the check-in.
    question: str
    # Words that an answer may begin with.
    starter: str = ""
    # The prompt's id in the bank, and its category. "": the question is a facilitator's own.
    prompt_id: str = ""
    category: str = ""
    minutes: int = 3  # to answer it
    # Answers have the audience ME unless their writer chooses another.
    private: bool = False
    # None: the bot opened it by itself.
    opened_by: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="questions opened"),
    )
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    # Until when facilitators alone see the summary, so that they can change it. None: it is posted at the close.
    summary_at: datetime | None = None
    # A facilitator's summary of the answers.
    themes: str = ""
    # Who can tell who wrote an answer, as it was when the round opened (`storage.learning.checkins`).
    level: str = NAMED
    # Until when what others answered is hidden, as it was when the round opened (`storage.learning.checkins`).
    answer_first: str = ""
    # How many people had answered when it closed, where nobody can tell who.
    anonymous_count: int = 0
    # Ids of the channels that its card goes to, separated by a space. "": it goes to all of the community's.
    channels: str = ""
    # Members began it before it opens, at `opened_at`. Only they see it; it is closed if it didn't open as planned, and
    # opens the next time that its check-in does. There is at most one of a check-in.
    is_planned: bool = False

    @property
    def channel_ids(self) -> tuple[int, ...]:
        return tuple(map(int, self.channels.split()))


class Response(SQLModel, table=True):
    """What one member answered in a round, or that they skipped it. Key: round, person and state.

    A draft is what they have answered so far of several pages. It is theirs alone, and counts for nothing. Somebody who
    changes what they sent has both for a while.

    Deleted when they withdraw it, and some months after its season (`storage.privacy.retention`).
    """

    __table_args__ = (UniqueConstraint("round_id", "person_id", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE,
            leave=UNNAME,
            label="answers",
            written="written_at",
            own=("audience", "me"),
            words=("body", "answers"),
        ),
    )
    state: str = SENT
    # The answer in words of a round without a definition.
    body: str = ""
    # The other answers, as JSON by question key; "" for none. They are in one column because they are always read and
    # written together.
    answers: str = ""
    # ME for a draft.
    audience: str = GROUP
    # A skip: counts as a response, and is never shown.
    skipped: bool = False
    # First sent after the round had closed.
    is_late: bool = False
    written_at: datetime
    # When its words or its audience last changed.
    edited_at: datetime | None = None

    @property
    def given_at(self) -> datetime:
        """When the person gave these words to this audience."""
        return self.edited_at or self.written_at

    @property
    def mood(self) -> int:
        """How it is going, from 1 to 5; 0 if it was not said."""
        mood = self.by_question.get(MOOD, "0")
        return int(mood) if isinstance(mood, str) and mood.isdecimal() else 0

    @property
    def by_question(self) -> dict[str, Value]:
        """The answers, by question key."""
        found: dict[str, Value] = {ONLY: self.body} if self.body else {}
        if self.answers:
            for key, value in json.loads(self.answers).items():
                found[key] = tuple(value) if isinstance(value, list) else value
        return found


IS_NOT_PLANNED = col(Round.is_planned).is_(False)
IS_OPEN = col(Round.closed_at).is_(None) & IS_NOT_PLANNED

# Every answer, and every home card, runs these queries, so they are built once.
WITH_ID = select(Round).where(Round.id == bindparam("id"), Round.community_id == bindparam("community"))
RESPONSE_OF = select(Response).where(
    Response.round_id == bindparam("round"),
    Response.person_id == bindparam("person"),
    Response.state == bindparam("state"),
)
ANSWERED_BY = (
    select(col(Response.person_id))
    .where(Response.round_id == bindparam("round"), Response.state == SENT, col(Response.skipped).is_(False))
    .order_by(col(Response.id))
)


UNSENT = (
    select(Round, Response)
    .join(Response, col(Response.round_id) == Round.id)
    .where(
        Response.person_id == bindparam("person"),
        Response.state == DRAFT,
        Round.community_id == bindparam("community"),
    )
    .order_by(col(Round.closes_at), col(Round.id))
)


def open_round(
    session: Session,
    community: int,
    kind: str,
    question: str,
    *,
    now: datetime,
    closes_at: datetime,
    starter: str = "",
    prompt_id: str = "",
    category: str = "",
    minutes: int = 3,
    private: bool = False,
    opened_by: int | None = None,
    version: int | None = None,
    level: str = "",
    answer_first: str = "",
) -> Round:
    """Add a round. The caller posts it, by setting the timer `rounds.opened` with its id.

    If members have begun it already, that one opens. With "", `level` and `answer_first` are those of the check-in
    whose version is opened.
    """
    own = _checkin(session, version)
    level, answer_first = level or (own.level if own else NAMED), answer_first or (own.answer_first if own else "")
    row = _begun(session, version, level, now) or Round(
        community_id=community, kind=kind, question=question, opened_at=now, closes_at=closes_at
    )
    row.kind, row.version_id, row.level, row.question = kind, version, level, question
    row.starter, row.prompt_id, row.category = starter, prompt_id, category
    row.minutes, row.private, row.opened_by, row.answer_first = minutes, private, opened_by, answer_first
    row.opened_at, row.closes_at, row.closed_at, row.is_planned = now, closes_at, None, False
    session.add(row)
    session.flush()
    return row


def plan_round(
    session: Session,
    community: int,
    name: str,
    *,
    version: int,
    level: str,
    minutes: int,
    opens_at: datetime,
    now: datetime,
) -> Round:
    """Add a round that a member begins before it opens, or return the one that somebody else began."""
    row = _begun(session, version, level, now) or Round(
        community_id=community, kind=CHECKIN, question=name, opened_at=opens_at, closes_at=opens_at, is_planned=True
    )
    row.version_id, row.level, row.question, row.minutes = version, level, name, minutes
    row.opened_at, row.closes_at, row.closed_at = opens_at, opens_at, None
    session.add(row)
    session.flush()
    return row


def planned(session: Session, checkin: int) -> Round | None:
    """Return the round of a check-in that members began before it opens."""
    return session.exec(
        select(Round)
        .join(CheckInVersion, col(CheckInVersion.id) == Round.version_id)
        .where(CheckInVersion.checkin_id == checkin, Round.is_planned)
    ).first()


def _begun(session: Session, version: int | None, level: str, now: datetime) -> Round | None:
    """Return the round that was begun of a version's check-in. None where nobody may tell who answered.

    What was sent is a draft again if the questions have changed since, or who can tell who answered.
    """
    opened = session.get(CheckInVersion, version) if version else None
    row = planned(session, opened.checkin_id) if opened and level != NOBODY_CAN_TELL else None
    if row and (row.version_id, row.level) != (version, level):
        take_back(session, row, now)
    return row


def take_back(session: Session, round: Round, changed_at: datetime | None = None) -> None:
    """Make drafts of what was sent. Only drafts of a check-in that has changed since have `edited_at`."""
    sent = session.exec(select(Response).where(Response.round_id == round.id, Response.state == SENT)).all()
    for row in sent:
        if draft := draft_of(session, row.round_id, row.person_id):
            draft.answers, draft.edited_at = _as_json({**row.by_question, **draft.by_question}), changed_at
            session.delete(row)
        else:
            row.state, row.audience, row.edited_at = DRAFT, ME, changed_at
    session.flush()


def _checkin(session: Session, version: int | None) -> CheckIn | None:
    query = select(CheckIn).join(CheckInVersion, col(CheckInVersion.checkin_id) == CheckIn.id)
    return session.exec(query.where(CheckInVersion.id == version)).first() if version else None


def get(session: Session, community: int, id: int) -> Round | None:
    return session.exec(WITH_ID, params={"id": id, "community": community}).first()


def version_of(session: Session, round: Round) -> CheckInVersion | None:
    """Return what the round asks; None for one question without a definition."""
    return session.get(CheckInVersion, round.version_id) if round.version_id else None


def anywhere(session: Session, id: int) -> Round | None:
    """Return a round of any community, for a caller that then acts in that community."""
    return session.get(Round, id)


def checkin_of(session: Session, round: Round) -> CheckIn | None:
    """Return the check-in that the round is one opening of."""
    return _checkin(session, round.version_id)


def before(session: Session, round: Round) -> Round | None:
    """Return the round of the same check-in that closed before this one opened."""
    version = version_of(session, round)
    if version is None:
        return None
    of_checkin = select(CheckInVersion.id).where(CheckInVersion.checkin_id == version.checkin_id)
    return session.exec(
        select(Round)
        .where(col(Round.version_id).in_(of_checkin), col(Round.closed_at).is_not(None), IS_NOT_PLANNED)
        .where(Round.id != round.id, Round.opened_at < round.opened_at)
        .order_by(col(Round.opened_at).desc(), col(Round.id).desc())
    ).first()


def open_in(session: Session, community: int, kind: str = "") -> Sequence[Round]:
    """Return the rounds that are open, newest first; with `kind`, only those."""
    query = select(Round).where(Round.community_id == community, IS_OPEN)
    if kind:
        query = query.where(Round.kind == kind)
    return session.exec(query.order_by(col(Round.id).desc())).all()


def latest_of_checkin(session: Session, checkin: int) -> Round | None:
    """Return the newest round of any version of a check-in."""
    return session.exec(
        select(Round)
        .join(CheckInVersion, col(CheckInVersion.id) == Round.version_id)
        .where(CheckInVersion.checkin_id == checkin, IS_NOT_PLANNED)
        .order_by(col(Round.opened_at).desc(), col(Round.id).desc())
    ).first()


def recent(session: Session, community: int, kind: str, limit: int) -> Sequence[Round]:
    return session.exec(
        select(Round)
        .where(Round.community_id == community, Round.kind == kind, IS_NOT_PLANNED)
        .order_by(col(Round.opened_at).desc(), col(Round.id).desc())
        .limit(limit)
    ).all()


def answer_of(session: Session, round: int, person: int) -> Response | None:
    """Return what the person sent, or that they skipped it."""
    return session.exec(RESPONSE_OF, params={"round": round, "person": person, "state": SENT}).first()


def draft_of(session: Session, round: int, person: int) -> Response | None:
    """Return what the person has answered and not yet sent."""
    return session.exec(RESPONSE_OF, params={"round": round, "person": person, "state": DRAFT}).first()


def drafts(session: Session, round: int) -> Sequence[Response]:
    """Return what members have answered and not yet sent."""
    return session.exec(select(Response).where(Response.round_id == round, Response.state == DRAFT)).all()


def unsent(session: Session, person: int, community: int) -> Sequence[tuple[Round, Response]]:
    """Return the rounds of a community in which the person has a draft, with the draft, first to close first."""
    return session.exec(UNSENT, params={"person": person, "community": community}).all()


def save_answer(
    session: Session,
    round: int,
    person: int,
    earlier: Response | None,
    *,
    audience: str,
    now: datetime,
    body: str = "",
    answers: Mapping[str, Value] = NONE,
    skipped: bool = False,
    is_late: bool = False,
) -> Response:
    """Save the person's answers to the round, in place of their `earlier` ones, as `answer_of` returns them.

    `body` is that to a round without a definition. Other answers or another audience set `edited_at`. `is_late` is
    for who had none before.
    """
    row = earlier
    others = _as_json(answers)
    if row is None:
        row = Response(round_id=round, person_id=person, written_at=now, is_late=is_late)
        session.add(row)
    elif (row.body, row.answers, row.audience) != (body, others, audience):
        row.edited_at = now
    row.body, row.answers, row.audience, row.skipped = body, others, audience, skipped
    session.flush()
    return row


def save_draft(
    session: Session, round: int, person: int, earlier: Response | None, *, answers: Mapping[str, Value], now: datetime
) -> Response:
    """Save what the person has answered so far, in place of their `earlier` draft, as `draft_of` returns it."""
    row = earlier
    if row is None:
        row = Response(round_id=round, person_id=person, state=DRAFT, audience=ME, written_at=now)
        session.add(row)
    row.answers = _as_json(answers)
    row.edited_at = now
    session.flush()
    return row


def drop_draft(session: Session, round: int, person: int) -> bool:
    """Delete the person's draft. Returns whether there was one."""
    drafts = delete(Response).where(col(Response.round_id) == round, col(Response.state) == DRAFT)
    return session.exec(drafts.where(col(Response.person_id) == person)).rowcount > 0


def drop_drafts(session: Session, round: int) -> None:
    """Delete everybody's drafts of a round."""
    session.exec(delete(Response).where(col(Response.round_id) == round, col(Response.state) == DRAFT))


def _as_json(answers: Mapping[str, Value]) -> str:
    return json.dumps(answers, ensure_ascii=False) if answers else ""


def withdraw(session: Session, round: int, person: int) -> bool:
    """Delete the person's answer. Returns whether there was one."""
    row = answer_of(session, round, person)
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def answers(session: Session, round: int, audiences: Sequence[str]) -> Sequence[Response]:
    """Return the answers to these audiences, without skips, in the order they were written."""
    return session.exec(
        select(Response)
        .where(
            Response.round_id == round,
            Response.state == SENT,
            col(Response.audience).in_(audiences),
            col(Response.skipped).is_(False),
        )
        .order_by(col(Response.written_at), col(Response.id))
    ).all()


def given_to_facilitators(session: Session, community: int) -> Sequence[datetime]:
    """Return when each answer to a community's facilitators was given."""
    rows = session.exec(
        select(Response)
        .join(Round, col(Round.id) == Response.round_id)
        .where(
            Round.community_id == community,
            IS_NOT_PLANNED,
            Response.state == SENT,
            Response.audience == FACILITATORS,
            col(Response.skipped).is_(False),
        )
    )
    return [row.given_at for row in rows]


def answered_by(session: Session, round: int) -> Sequence[int]:
    """Return who has answered, whatever the audience; skips do not count."""
    return session.scalars(ANSWERED_BY, {"round": round}).all()


def answer_count(session: Session, round: int) -> int:
    """Return how many have answered, whatever the audience; skips do not count.

    0 while a round is open of which nobody can tell who answered: it has no responses, and its count is not told.
    """
    anonymous = select(Round.anonymous_count).where(Round.id == round).scalar_subquery()
    return session.exec(
        select(func.count() + func.coalesce(anonymous, 0))
        .select_from(Response)
        .where(Response.round_id == round, Response.state == SENT, col(Response.skipped).is_(False))
    ).one()


def respondents(session: Session, round: int) -> frozenset[int]:
    """Return who has answered or skipped."""
    of_round = select(col(Response.person_id)).where(Response.round_id == round, Response.state == SENT)
    return frozenset(session.exec(of_round).all())


def unanswered(session: Session, person: int, communities: Sequence[int]) -> Sequence[Round]:
    """Return open rounds of these communities that the person has not answered or skipped, first to close first."""
    answered = select(Response.round_id).where(Response.person_id == person, Response.state == SENT)
    return session.exec(
        select(Round)
        .where(col(Round.community_id).in_(communities), IS_OPEN, col(Round.id).not_in(answered))
        .order_by(col(Round.closes_at), col(Round.id))
    ).all()
