"""A community's records as files that people keep: who belongs, when they met, what they shared, what was said openly.

Holds only what everybody in the community may read, and for facilitators what was meant for them too. What
somebody wrote for themselves alone is never in it.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage import people
from storage.communities import Community
from storage.meetings import Meeting
from storage.people import Person
from storage.resources import COMMUNITY, PROGRAM, Resource
from storage.rounds import FACILITATORS, GROUP, Answer, Round

FORMS = {"csv": "text/csv", "json": "application/json", "md": "text/markdown"}
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula


@dataclass(frozen=True)
class Entry:
    """One line of the records. `what` is "member", "meeting", "resource", "question" or "answer"."""

    what: str
    at: datetime | None
    who: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    audience: str = ""


def collect(session: Session, community: Community, *, facilitator: bool, reads: bool = True) -> list[Entry]:
    """Everything, in order of kind and time. `facilitator`: also what was said to the facilitators only.

    Without `reads`, nothing that members wrote: for who manages the whole space and belongs to nothing in it.
    """
    assert community.id is not None
    id = community.id
    frame = [*_members(session, id), *_meetings(session, id)]
    if not reads:
        return frame
    return [
        *frame,
        *_resources(session, id),
        *_questions(session, id, (GROUP, FACILITATORS) if facilitator else (GROUP,)),
    ]


def _members(session: Session, community: int) -> Iterator[Entry]:
    for row, person in people.members(session, community):
        yield Entry("member", row.joined_at, person.name, row.role_group, row.organization)


def _meetings(session: Session, community: int) -> Iterator[Entry]:
    query = select(Meeting).where(Meeting.community_id == community).order_by(col(Meeting.starts_at))
    for row in session.exec(query):
        yield Entry("meeting", row.starts_at, "", row.title, f"{row.status}. {row.place}".strip(" ."), row.link)


def _resources(session: Session, community: int) -> Iterator[Entry]:
    query = (
        select(Resource, Person)
        .join(Person, col(Person.id) == Resource.person_id)
        .where(Resource.community_id == community, col(Resource.audience).in_((COMMUNITY, PROGRAM)))
        .order_by(col(Resource.shared_at))
    )
    for row, person in session.exec(query):
        yield Entry("resource", row.shared_at, person.name, row.title, row.note, row.link, row.audience)


def _questions(session: Session, community: int, audiences: Sequence[str]) -> Iterator[Entry]:
    rounds = select(Round).where(Round.community_id == community).order_by(col(Round.opened_at))
    for round in session.exec(rounds).all():
        yield Entry("question", round.opened_at, "", round.question, round.themes)
        if round.closed_at is None:
            continue  # answers are read when it closes
        answers = (
            select(Answer, Person)
            .join(Person, col(Person.id) == Answer.person_id)
            .where(Answer.round_id == round.id, col(Answer.audience).in_(audiences), col(Answer.skipped).is_(False))
            .order_by(col(Answer.written_at))
        )
        for answer, person in session.exec(answers):
            at = answer.written_at
            yield Entry("answer", at, person.name, round.question, answer.body, audience=answer.audience)


def render(community: Community, entries: Sequence[Entry], form: str) -> str:
    """The file's text. `form` is one of FORMS."""
    match form:
        case "csv":
            return _as_csv(entries)
        case "json":
            records = [asdict(e) | {"at": e.at.isoformat() if e.at else None} for e in entries]
            whole = {"community": community.name, "purpose": community.purpose, "records": records}
            return json.dumps(whole, ensure_ascii=False, indent=2)
        case _:
            return _as_markdown(community, entries)


def _as_csv(entries: Sequence[Entry]) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["what", "at", "who", "title", "text", "link", "audience"])
    for e in entries:
        at = e.at.isoformat() if e.at else ""
        table.writerow([_safe(cell) for cell in (e.what, at, e.who, e.title, e.text, e.link, e.audience)])
    return written.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _as_markdown(community: Community, entries: Sequence[Entry]) -> str:
    lines = [f"# {_flat(community.name)}", "", _flat(community.purpose)]
    for what in dict.fromkeys(e.what for e in entries if e.what != "answer"):
        lines += ["", f"## {what.capitalize()}s"]
        for e in entries:
            if e.what == what or (what == "question" and e.what == "answer"):
                lines += _markdown(e)
    return "\n".join(lines) + "\n"


def _markdown(e: Entry) -> list[str]:
    day = f"{e.at:%Y-%m-%d}" if e.at else ""
    quoted = [f"> {line}" for line in e.text.splitlines()]
    if e.what == "answer":
        return ["", f"{_flat(e.who)}, {day}:", "", *quoted]
    head = " · ".join(part for part in (day, _flat(e.who), _flat(e.title), e.link) if part)
    return ["", f"### {head}", *(["", *quoted] if quoted else [])]


def _flat(text: str) -> str:
    return " ".join(text.split())
