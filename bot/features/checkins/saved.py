"""Handlers for the check-ins that a community has saved: list, change, copy, hand on as a file, rest, archive."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.domain import checkin_files, questions
from bot.domain.questions import Level, Questionnaire
from bot.features.checkins import builder, builder_views, saved_views
from bot.features.checkins.builder import by_name, find_saved
from bot.features.checkins.feature import feature
from bot.features.checkins.saved_views import Listed
from bot.ui import MAX_CHOICES, Attachment, Reply, ToPerson
from storage.learning import checkins, rounds
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


@feature.command(
    "checkin edit",
    help="Change a saved check-in; what was answered stays",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin edit Monday check-in",
    complete=suggest,
)
def edit(ctx: Context, event: Command) -> Reply:
    return builder.change(ctx, named(ctx, event.text, "checkin edit")) if event.text else list_saved(ctx, event)


@feature.command(
    "checkin clone",
    help="Copy a saved check-in as a new one",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin clone Monday check-in",
    complete=suggest,
)
def clone(ctx: Context, event: Command) -> Reply:
    return builder.copy(ctx, named(ctx, event.text, "checkin clone")) if event.text else list_saved(ctx, event)


@feature.command(
    "checkin export",
    help="A saved check-in as a file, sent to you privately",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin export Monday check-in",
    complete=suggest,
)
def export(ctx: Context, event: Command) -> Reply:
    return _send_file(ctx, named(ctx, event.text, "checkin export")) if event.text else list_saved(ctx, event)


@feature.click("export", needs=Role.FACILITATOR)
def export_by_button(ctx: Context, event: Click) -> Reply:
    return _send_file(ctx, find_saved(ctx, event.value))


def _send_file(ctx: Context, row: CheckIn) -> Reply:
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest
    questionnaire = questions.from_json(newest.definition)
    body = checkin_files.write(
        Questionnaire(row.name, questionnaire.questions, questionnaire.closing, questionnaire.minutes), Level(row.level)
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


@feature.command(
    "checkin rest",
    help="Stop asking a saved check-in until you use it again",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin rest Monday check-in",
    complete=suggest,
)
def rest(ctx: Context, event: Command) -> Reply:
    return _rest(ctx, named(ctx, event.text, "checkin rest")) if event.text else list_saved(ctx, event)


@feature.click("rest", needs=Role.FACILITATOR)
def rest_by_button(ctx: Context, event: Click) -> Reply:
    return _rest(ctx, find_saved(ctx, event.value))


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


@feature.command(
    "checkin archive",
    help="Put a saved check-in away; its answers stay",
    needs=Role.FACILITATOR,
    argument="[name]",
    example="checkin archive Monday check-in",
    complete=suggest,
)
def archive(ctx: Context, event: Command) -> Reply:
    return _archive(ctx, named(ctx, event.text, "checkin archive")) if event.text else list_saved(ctx, event)


@feature.click("archive", needs=Role.FACILITATOR)
def archive_by_button(ctx: Context, event: Click) -> Reply:
    return _archive(ctx, find_saved(ctx, event.value))


def _archive(ctx: Context, row: CheckIn) -> Reply:
    if row.state != ARCHIVED:
        row.state = ARCHIVED
        ctx.audit("checkins.archive", f"check-in {row.id}")
    return saved_views.archived(row)


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
