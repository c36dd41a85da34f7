"""The answers of a community as tables: one row an answer, or one row a response with a column for each question.

Who reads what is as in the whole export (`collect`). Answers of which nobody can tell who wrote them have no person and
no mark of their own, and stand in an order that says nothing. They are in no response, since nothing ties two of one
person together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.domain import csv_files
from bot.domain.answer_words import label_of, words_of
from bot.domain.questionnaires import defined
from bot.domain.questions import Question, QuestionType, Value
from bot.i18n import gettext as _
from storage.learning import anonymous_answers, checkins
from storage.learning.checkins import NAMED, NOBODY_CAN_TELL, CheckInVersion
from storage.learning.rounds import FACILITATORS, GROUP, ONLY, SENT, Response, Round
from storage.people.people import Membership, Person

LONG = (
    *("checkin", "checkin_name", "version", "round", "opened", "closed", "zone", "who_can_tell", "audience"),
    *("person", "role", "question_key", "question", "type", "options", "value", "late", "changed"),
)
WIDE = (
    *("checkin", "checkin_name", "version", "round", "opened", "closed", "zone", "who_can_tell", "audience"),
    *("person", "role", "late", "changed"),
)
DEFINITION = ("file", "column", "meaning", "checkin", "version", "type", "options")


@dataclass(frozen=True)
class Asked:
    """A closed round with what it asked. `checkin` and `version` are "" for one question without a definition."""

    round: Round
    checkin: str
    version: str
    questions: Sequence[Question]


@dataclass(frozen=True)
class Given:
    """One response: `answers` are (question, value)."""

    asked: Asked
    person: str
    role: str
    audience: str
    is_late: bool
    is_changed: bool
    answers: Sequence[tuple[Question, Value]]


@dataclass(frozen=True)
class Answers:
    """The responses of a community, and apart from them what nobody can tell who wrote: (round, question, value)."""

    asked: Sequence[Asked]
    given: Sequence[Given]
    unsigned: Sequence[tuple[Asked, Question, Value]]


def gather(session: Session, community: int, *, facilitator: bool, reads_given: Callable[[datetime], bool]) -> Answers:
    """Return the answers in closed rounds that this reader may read, oldest round first."""
    rounds = session.exec(
        select(Round)
        .where(Round.community_id == community, col(Round.closed_at).is_not(None))
        .order_by(col(Round.opened_at), col(Round.id))
    ).all()
    versions = checkins.versions_with(session, {row.version_id for row in rounds if row.version_id})
    asked = {row.id: _asked(row, versions.get(row.version_id or 0)) for row in rounds}
    audiences = (GROUP, FACILITATORS) if facilitator else (GROUP,)
    # Of all rounds at once. Memberships of people who have left stay, without their role here.
    query = (
        select(Response, Person, Membership.role_group)
        .join(Round, col(Round.id) == Response.round_id)
        .join(Person, col(Person.id) == Response.person_id)
        .join(
            Membership,
            (col(Membership.person_id) == Response.person_id) & (col(Membership.community_id) == Round.community_id),
            isouter=True,
        )
        .where(Round.community_id == community, col(Round.closed_at).is_not(None), Response.state == SENT)
        .where(col(Response.audience).in_(audiences), col(Response.skipped).is_(False))
        .order_by(col(Round.opened_at), col(Round.id), col(Response.written_at), col(Response.id))
    )
    given = []
    for response, person, role in session.exec(query):
        if response.audience != GROUP and not reads_given(response.given_at):
            continue
        round = asked[response.round_id]
        # Members read such a check-in without names.
        is_signed = facilitator or round.round.level == NAMED
        values = response.by_question
        answers = [(question, value) for question in round.questions if (value := values.get(question.key))]
        given.append(
            Given(
                round,
                person.name if is_signed else "",
                " ".join((role or "").split()) if is_signed else "",
                response.audience,
                response.is_late,
                response.edited_at is not None,
                answers,
            )
        )
    return Answers([*asked.values()], given, [*_unsigned(session, [*asked.values()])])


def _asked(round: Round, version: CheckInVersion | None) -> Asked:
    only = Question(ONLY, round.question, QuestionType.LONG)
    if version is None:
        return Asked(round, "", "", (only,))
    try:
        questions = defined(version.definition).questions
    # A newer bot wrote it.
    except ValueError:
        questions = ()
    return Asked(round, str(version.checkin_id), str(version.number), questions)


def _unsigned(session: Session, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Question, Value]]:
    secret = {each.round.id: each for each in asked if each.round.level == NOBODY_CAN_TELL}
    found = anonymous_answers.of_rounds(session, [id for id in secret if id])
    for id, round in secret.items():
        for question in round.questions:
            for value in sorted(found.get(id or 0, {}).get(question.key, ()), key=str):
                yield round, question, value


# --- files


def long_file(answers: Answers, zone: ZoneInfo) -> str:
    """Return the CSV with a row for each answer."""
    rows = [
        (
            *_round(each.asked, zone),
            *(each.audience, each.person, each.role),
            *_answer(question, value),
            *(_flag(each.is_late), _flag(each.is_changed)),
        )
        for each in answers.given
        for question, value in each.answers
    ]
    rows += [
        (*_round(asked, zone), GROUP, "", "", *_answer(question, value), "", "")
        for asked, question, value in answers.unsigned
    ]
    return csv_files.write(LONG, rows)


def wide_file(answers: Answers, zone: ZoneInfo) -> str:
    """Return the CSV with a row for each response, and a column for each question of any version."""
    columns = _columns(answers)
    rows = []
    for each in answers.given:
        cells = {_column(each.asked, question): _value(question, value) for question, value in each.answers}
        flags = _flag(each.is_late), _flag(each.is_changed)
        own = (*_round(each.asked, zone), each.audience, each.person, each.role, *flags)
        rows.append((*own, *(cells.get(column, "") for column in columns)))
    return csv_files.write((*WIDE, *columns), rows)


def definition_file(answers: Answers) -> str:
    """Return the CSV that says what each column of the two others means, and what each version of a question asked."""
    rows = [("answers.csv, responses.csv", name, meaning, "", "", "", "") for name, meaning in _meanings().items()]
    for asked, question in _versions(answers):
        rows.append(
            (
                *("responses.csv", _column(asked, question), words_of(question), asked.round.question, asked.version),
                *(question.type.value, _options(question)),
            )
        )
    return csv_files.write(DEFINITION, rows)


def _columns(answers: Answers) -> Sequence[str]:
    return list(dict.fromkeys(_column(asked, question) for asked, question in _versions(answers)))


def _versions(answers: Answers) -> Iterator[tuple[Asked, Question]]:
    """Yield each question of each version that was asked under a name, once, in the order they were first asked."""
    seen = set()
    for asked in answers.asked:
        if asked.round.level == NOBODY_CAN_TELL:
            continue
        for question in asked.questions:
            if (place := (_column(asked, question), asked.version)) not in seen:
                seen.add(place)
                yield asked, question


def _column(asked: Asked, question: Question) -> str:
    """Return the name of a question's column: the number of its check-in, and its key, which no version reuses."""
    return f"{asked.checkin}.{question.key}" if asked.checkin else question.key


def _round(asked: Asked, zone: ZoneInfo) -> tuple[str, ...]:
    row = asked.round
    assert row.closed_at
    opened, closed = (at.astimezone(zone).isoformat(timespec="seconds") for at in (row.opened_at, row.closed_at))
    return asked.checkin, row.question, asked.version, str(row.id), opened, closed, str(zone), row.level


def _answer(question: Question, value: Value) -> tuple[str, ...]:
    chosen = value if isinstance(value, tuple) else (value,) if question.options else ()
    return question.key, words_of(question), question.type.value, " ".join(chosen), _value(question, value)


def _value(question: Question, value: Value) -> str:
    """Return a value as a program reads it: numbers and dates as stored, and options by their labels."""
    if isinstance(value, tuple):
        return ", ".join(label_of(question, each) for each in value)
    return label_of(question, value) if question.options else value


def _options(question: Question) -> str:
    if question.type is QuestionType.SCALE:
        return f"{question.low} {question.low_end} ... {question.high} {question.high_end}"
    return ", ".join(f"{option.id}: {option.label}" for option in question.options)


def _flag(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _meanings() -> Mapping[str, str]:
    return {
        "checkin": _("Number of the check-in. Empty for one question without a name"),
        "checkin_name": _("Name of the check-in when it was asked, or the one question"),
        "version": _("Version of the check-in that was asked. Each change of its questions makes a new one"),
        "round": _("Number of the time it was asked"),
        "opened": _("When it opened"),
        "closed": _("When it closed"),
        "zone": _("Time zone of those times"),
        "who_can_tell": _("named: everyone can tell who wrote it. facilitators: only they can. nobody: no one can"),
        "audience": _("group: everyone here can read it. facilitators: only they can"),
        "person": _("Who wrote it. Empty where you can’t tell"),
        "role": _("Their role now. Empty where you can’t tell"),
        "late": _("Whether it was sent after the close. Empty where no one can tell who wrote it"),
        "changed": _("Whether it was changed after it was sent. Empty where no one can tell who wrote it"),
        "question_key": _("Name of the question that stays when it is reworded"),
        "question": _("The words of the question when it was asked"),
        "type": _("Kind of question"),
        "options": _("Ids of the chosen options, which stay when they are renamed"),
        "value": _("The answer: words, a number, a date, yes or no, or the labels of the options"),
    }
