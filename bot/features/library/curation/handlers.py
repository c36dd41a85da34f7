"""Handlers for a shared resource: endorse it, add a note, change its kind, remove it."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission
from bot.core.routes import EVERY
from bot.features.library import rules
from bot.features.library.curation import views as curation_views
from bot.features.library.details import editable, rewrite_card, shown, visible
from bot.features.library.feature import feature
from bot.features.library.sharing import views
from bot.features.library.sharing.handlers import NOTE
from bot.ui import FormErrors, Reply
from storage.library import endorsements, resources
from storage.operations import drafts


@feature.click("helped")
def helped_too(ctx: Context, event: Click) -> Reply:
    row = visible(ctx, event.value)
    if row.person_id == ctx.me:
        return curation_views.your_own()
    again = endorsements.get(ctx.session, resources.key(row), ctx.me) is not None
    if not again:
        endorsements.mark(ctx.session, resources.key(row), ctx.me, ctx.now)
        rewrite_card(ctx, row)
    return curation_views.thanks(shown(ctx, row), again=again)


@feature.click("take_back")
def take_back(ctx: Context, event: Click) -> Reply:
    row = visible(ctx, event.value)
    had = endorsements.take_back(ctx.session, resources.key(row), ctx.me)
    if had:
        rewrite_card(ctx, row)
    return curation_views.taken_back(had)


@feature.click("add_note")
def ask_for_note(ctx: Context, event: Click) -> Reply:
    row = visible(ctx, event.value)
    if row.person_id == ctx.me:
        return curation_views.your_own()
    mark = endorsements.get(ctx.session, resources.key(row), ctx.me)
    draft = drafts.find(ctx.session, ctx.me, f"{NOTE}.{row.id}")
    return curation_views.note_form(shown(ctx, row), mark.note if mark and mark.note else draft.body if draft else "")


@feature.form("add_note", shared=EVERY)
def add_note(ctx: Context, event: Submission) -> Reply:
    row = visible(ctx, event.value)
    if row.person_id == ctx.me:
        return curation_views.your_own()
    note = event.answers.get("note", "")
    if not note:
        return FormErrors(curation_views.note_form(shown(ctx, row), ""), {"note": views.no_note()})
    if len(note) > rules.LONGEST_ADDED_NOTE:
        problem = views.too_long(len(note), rules.LONGEST_ADDED_NOTE)
        return FormErrors(curation_views.note_form(shown(ctx, row), note), {"note": problem})
    endorsements.mark(ctx.session, resources.key(row), ctx.me, ctx.now, note)
    drafts.drop(ctx.session, ctx.me, f"{NOTE}.{row.id}")
    rewrite_card(ctx, row)
    return curation_views.note_added(shown(ctx, row), note)


@feature.click("kind")
def choose_kind(ctx: Context, event: Click) -> Reply:
    row = editable(ctx, event.value)
    if not event.chosen or event.chosen[0] not in resources.KINDS:
        raise Refusal(views.no_such_kind())
    if row.person_id != ctx.me:
        ctx.audit("resources.kind", f"resource {row.id}")
    row.kind = event.chosen[0]
    ctx.session.flush()
    rewrite_card(ctx, row)
    return views.saved(shown(ctx, row), changed=True, replace=True)


@feature.click("ask_remove")
def ask_to_remove(ctx: Context, event: Click) -> Reply:
    return curation_views.confirm_removal(shown(ctx, editable(ctx, event.value)))


@feature.click("leave_it")
def leave_it(ctx: Context, event: Click) -> Reply:
    return curation_views.left_alone(shown(ctx, visible(ctx, event.value)))


@feature.click("remove")
def remove(ctx: Context, event: Click) -> Reply:
    row = editable(ctx, event.value)
    # The row cannot be read once it is deleted.
    title = row.title
    if row.person_id != ctx.me:
        ctx.audit("resources.remove", f"resource {row.id}")
    rewrite_card(ctx, row, removed=True)
    resources.remove(ctx.session, ctx.community_id, resources.key(row))
    return curation_views.removed(title)
