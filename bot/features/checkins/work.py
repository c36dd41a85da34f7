"""A check-in that a facilitator is building: a draft of theirs alone, until they save it or two weeks pass."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.domain import questions
from bot.domain.questions import Answers, Level, Questionnaire
from bot.features.checkins import builder_views
from storage.learning import checkins
from storage.learning.checkins import CheckIn
from storage.operations import drafts
from storage.operations.drafts import Draft

# Drafts of one person in one community. The oldest goes when there's one more.
MOST_KEPT = 5


@dataclass(frozen=True)
class Work:
    """A check-in as it's being built. `checkin` is the id of the one that it changes, from its version `number`.

    `rhythm` is when a template is usually asked. `tried` are the answers of whoever tries it out.
    """

    questionnaire: Questionnaire
    level: Level = Level.NAMED
    is_reviewed: bool = False
    answer_first: str = ""
    checkin: int = 0
    number: int = 0
    rhythm: str = ""
    tried: Answers = field(default_factory=dict)


def _kind(ctx: Context) -> str:
    return f"check-in of {ctx.community_id}"


def save(ctx: Context, work: Work, id: int = 0) -> int:
    """Save what is being built, in place of the draft `id`, and return the draft's id."""
    body: dict[str, Any] = {
        "definition": questions.to_json(work.questionnaire),
        "level": work.level.value,
        "reviewed": work.is_reviewed,
        "answer_first": work.answer_first,
        "checkin": work.checkin,
        "number": work.number,
        "rhythm": work.rhythm,
        "tried": work.tried,
    }
    saved = drafts.save(ctx.session, ctx.me, _kind(ctx), json.dumps(body, ensure_ascii=False), ctx.now, id or None)
    for old in drafts.of_kind(ctx.session, ctx.me, _kind(ctx))[MOST_KEPT:]:
        ctx.session.delete(old)
    return saved


def find(ctx: Context, value: str) -> tuple[int, Work]:
    """Return the draft that a button or a form names. Raises Refusal if it's gone, or isn't this person's, or here."""
    id = parse_id(value.partition(".")[0])
    row = drafts.find(ctx.session, ctx.me, _kind(ctx), id)
    if row is None:
        raise Refusal(builder_views.draft_gone())
    return id, _read(row)


def unfinished(ctx: Context) -> list[tuple[int, Work]]:
    """Return what this person is building here, the latest first."""
    return [(row.id or 0, _read(row)) for row in drafts.of_kind(ctx.session, ctx.me, _kind(ctx))]


def drop(ctx: Context, id: int) -> None:
    row = drafts.find(ctx.session, ctx.me, _kind(ctx), id)
    if row:
        ctx.session.delete(row)
        ctx.session.flush()


def _read(row: Draft) -> Work:
    body = json.loads(row.body)
    return Work(
        questions.from_json(body["definition"]),
        Level(body["level"]),
        body["reviewed"],
        # Drafts of an earlier version of the bot don't have it.
        body.get("answer_first", ""),
        body["checkin"],
        body["number"],
        body["rhythm"],
        {key: tuple(value) if isinstance(value, list) else value for key, value in body["tried"].items()},
    )


def of_saved(ctx: Context, row: CheckIn, *, as_copy: bool = False) -> Work:
    """Return what changing a saved check-in, or copying it, starts from."""
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest, "a check-in has a version from the start"
    questionnaire = questions.from_json(newest.definition)
    level = Level(row.level)
    if as_copy:
        name = builder_views.name_of_copy(row.name)
        copied = Questionnaire(name, questionnaire.questions, questionnaire.closing, questionnaire.minutes)
        return Work(copied, level, row.is_reviewed, row.answer_first)
    return Work(questionnaire, level, row.is_reviewed, row.answer_first, row.id or 0, newest.number)


def used_keys(ctx: Context, checkin: int) -> tuple[str, ...]:
    """Return the keys of every question that a saved check-in ever had; () for one that isn't saved."""
    if not checkin:
        return ()
    saved = checkins.versions(ctx.session, checkin)
    return tuple({q.key for version in saved for q in questions.from_json(version.definition).questions})
