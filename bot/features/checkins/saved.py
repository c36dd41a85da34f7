"""Handlers for the check-ins that a community has saved: list, change, copy, hand on, rest, archive, delete."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.domain import checkin_files, questions
from bot.domain.questions import Level, Questionnaire
from bot.domain.touchpoints import OWN
from bot.features.checkins import builder, builder_views, saved_views, views
from bot.features.checkins.builder import by_name, find_saved
from bot.features.checkins.feature import feature
from bot.features.checkins.saved_views import Listed
from bot.ui import MAX_CHOICES, Attachment, Reply, ToPerson
from storage.communities import schedules
from storage.learning import checkin_deletion, checkins, rounds
from storage.learning.checkins import ARCHIVED, IN_USE, RESTING, CheckIn

# How alike what was typed and a name must be, of 100, for it to be meant.
NEAR = 75
# Characters of what may be a name that was misspelled.
MOST_OF_A_NAME = 70
MEDIA_TYPE = "application/yaml"


def suggest(ctx: Context, typed: str) -> Sequence[str]:
    """Complete the name of a check-in."""
    names = [row.name for row in checkins.of_community(ctx.session, ctx.community_id)]
    return [name for name in names if typed.casefold() in name.casefold()][:MAX_CHOICES]


def named(ctx: Context, name: str, command: str) -> CheckIn:
    """Return the check-in with this name. Raises Refusal that offers the nearest names for the same command."""
    if row := by_name(ctx, name):
        return row
    near = names_near(ctx, name)
    raise Refusal(
        saved_views.no_such(name, near), among=tuple(f"{command} {each}" for each in near), root="facilitator"
    )


def names_near(ctx: Context, name: str) -> list[str]:
    names = [row.name for row in checkins.of_community(ctx.session, ctx.community_id)]
    found = process.extract(
        name, names, scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=NEAR, limit=saved_views.MOST_NEAR
    )
    return [each for each, _score, _place in found]


def _listed(ctx: Context, row: CheckIn) -> Listed:
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest
    last = rounds.latest_of_checkin(ctx.session, row.id or 0)
    asked = questions.from_json(newest.definition).questions
    return Listed(row, len(asked), last.opened_at if last else None, bool(last and last.closed_at is None))


@feature.command("checkin list", help="Your saved check-ins, and what you can do with each", needs=Role.FACILITATOR)
def list_saved(ctx: Context, event: Command) -> Reply:
    rows = checkins.of_community(ctx.session, ctx.community_id)
    archived = checkins.count_archived(ctx.session, ctx.community_id)
    return saved_views.overview([_listed(ctx, row) for row in rows], archived=archived)


@feature.click("show", needs=Role.FACILITATOR, reads=True)
def show(ctx: Context, event: Click) -> Reply:
    return _show(ctx, find_saved(ctx, "".join(event.chosen[:1]) or event.value))


def _show(ctx: Context, row: CheckIn) -> Reply:
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest
    schedules = builder.can_be_scheduled(ctx) and ctx.access.allows(Role.ADMIN)
    asked = questions.from_json(newest.definition)
    return saved_views.one(_listed(ctx, row), asked, version=newest.number, schedules=schedules)


def _offer(verb: str, help: str, act: Callable[[Context, CheckIn], Reply], *, has_button: bool = True) -> None:
    """Declare the command that does this with the check-in of a name, and the button that does it with one shown."""
    command = f"checkin {verb}"

    @feature.command(
        command,
        help=help,
        needs=Role.FACILITATOR,
        argument="[name]",
        example=f"{command} Monday check-in",
        complete=suggest,
    )
    def by_typing(ctx: Context, event: Command) -> Reply:
        return act(ctx, named(ctx, event.text, command)) if event.text else list_saved(ctx, event)

    if has_button:

        @feature.click(verb, needs=Role.FACILITATOR)
        def by_button(ctx: Context, event: Click) -> Reply:
            return act(ctx, find_saved(ctx, event.value))


def _send_file(ctx: Context, row: CheckIn) -> Reply:
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest
    questionnaire = questions.from_json(newest.definition)
    body = checkin_files.write(
        Questionnaire(row.name, questionnaire.questions, questionnaire.closing, questionnaire.minutes),
        Level(row.level),
        row.answer_first,
        is_reviewed=row.is_reviewed,
    )
    slug = "-".join(re.findall(r"\w+", row.name.casefold()))[:40] or "check-in"
    attachment = Attachment(f"{slug}.yaml", body, MEDIA_TYPE)
    key = f"checkins.file.{row.id}.{ctx.me}.{ctx.now:%Y%m%d-%H%M%S}"
    ctx.post(
        ToPerson(ctx.me, ignores_quiet_hours=True), key, saved_views.file, ctx.community.name, row.name, attachment
    )
    ctx.audit("checkins.export", f"check-in {row.id}")
    return saved_views.file_on_its_way(row.name)


@feature.command(
    "checkin import",
    help="Build a check-in from a file, or change one",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin import",
    complete=suggest,
)
def import_file(ctx: Context, event: Command) -> Reply:
    row = named(ctx, event.text, "checkin import") if event.text else None
    return builder_views.file_form(row.id or 0 if row else 0, row.name if row else "")


def _rest(ctx: Context, row: CheckIn) -> Reply:
    if row.state == IN_USE:
        row.state = RESTING
        ctx.audit("checkins.rest", f"check-in {row.id}")
    return saved_views.rested(row)


@feature.click("wake", needs=Role.FACILITATOR)
def wake(ctx: Context, event: Click) -> Reply:
    row = find_saved(ctx, event.value)
    if row.state == ARCHIVED and by_name(ctx, row.name):
        raise Refusal(saved_views.name_in_use(row))
    if row.state != IN_USE:
        row.state = IN_USE
        ctx.audit("checkins.wake", f"check-in {row.id}")
    return _show(ctx, row)


def _archive(ctx: Context, row: CheckIn) -> Reply:
    if row.state != ARCHIVED:
        row.state = ARCHIVED
        ctx.audit("checkins.archive", f"check-in {row.id}")
    return saved_views.archived(row)


def _ask_whether_to_delete(ctx: Context, row: CheckIn) -> Reply:
    if refusal := _refusal_to_delete(ctx, row):
        return refusal
    return saved_views.confirm_delete(row, is_scheduled=_is_scheduled(ctx, row))


def _refusal_to_delete(ctx: Context, row: CheckIn) -> Reply:
    """Return why a check-in can't be deleted; None if it can."""
    last = rounds.latest_of_checkin(ctx.session, row.id or 0)
    if last and last.closed_at is None:
        return views.open_already(last)
    if checkin_deletion.is_answered(ctx.session, row.id or 0):
        return saved_views.only_archived(row)
    return None


def _is_scheduled(ctx: Context, row: CheckIn) -> bool:
    return any(each.what == f"{OWN}{row.id}" for each in schedules.touchpoints(ctx.session, ctx.community_id))


@feature.click("delete_now", needs=Role.FACILITATOR)
def delete(ctx: Context, event: Click) -> Reply:
    """Delete a check-in, unless somebody has answered it since the question was asked."""
    row = find_saved(ctx, event.value)
    if refusal := _refusal_to_delete(ctx, row):
        return refusal
    name, id = row.name, row.id
    for round, kind in checkin_deletion.delete_checkin(ctx.session, row, f"{OWN}{id}"):
        ctx.schedule_timer(signals.ROUND_DELETED, f"{round} {kind}", at=ctx.now)
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    ctx.audit("checkins.delete", f"check-in {id}")
    return saved_views.deleted(name)


_offer(
    "edit",
    "Change a saved check-in; what was answered stays",
    builder.change,
    # The buttons for this one and the next are the builder's.
    has_button=False,
)
_offer("clone", "Copy a saved check-in as a new one", builder.copy, has_button=False)
_offer("export", "A saved check-in as a file, sent to you privately", _send_file)
_offer("rest", "Stop asking a saved check-in until you use it again", _rest)
_offer("archive", "Put a saved check-in away; its answers stay", _archive)
_offer("delete", "Delete a saved check-in that no one has answered", _ask_whether_to_delete)


def meant(ctx: Context, typed: str) -> CheckIn | None:
    """Return the check-in that somebody named to open it, None for a question of their own.

    Raises Refusal for words that are nearly a name and no question, because they'd reach the whole community.
    """
    if row := by_name(ctx, typed):
        return row
    near = names_near(ctx, typed) if "?" not in typed and len(typed) <= MOST_OF_A_NAME else []
    if near:
        raise Refusal(saved_views.meant_saved(near[0]), retry=f"checkin open {near[0]}", root="facilitator")
    return None
