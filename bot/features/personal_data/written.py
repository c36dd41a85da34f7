"""Handlers with which a person sees, changes and takes back each thing they wrote, whatever feature it belongs to.

Features declare the kinds (`feature.writing`). Nobody can name somebody else's row: each is looked up among one's own.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY, Writing
from bot.features.personal_data import written_views as views
from bot.features.personal_data.feature import feature
from bot.features.personal_data.workbook_views import WorkbookEntry
from bot.features.personal_data.written_views import Item
from bot.i18n import gettext
from bot.ui import FormErrors, Reply
from storage.communities import communities
from storage.privacy import post_subjects, written


def counts(ctx: Context) -> list[tuple[str, str, int]]:
    """Return (kind, label, number of things) for each kind of which the person has something."""
    found = [(kind, writing.label, len(_rows(ctx, writing))) for kind, writing in ctx.writings.items()]
    return [each for each in found if each[2]]


def _rows(ctx: Context, writing: Writing) -> list[Any]:
    found = written.rows(ctx.session, writing.table, writing.person, ctx.me)
    return [row for row in found if writing.is_written(row)]


@feature.click("kind", needs=Role.ANYONE, community=False)
def list_kind(ctx: Context, event: Click) -> Reply:
    """List the things of one kind. The value is the kind and the page."""
    kind, _slash, page = (event.chosen[0] if event.chosen else event.value).partition("/")
    writing = _writing(ctx, kind)
    found = _rows(ctx, writing)
    pages = max(1, -(-len(found) // views.PAGE))
    at = min(max(parse_id(page), 1), pages)
    items = [_item(ctx, kind, writing, row) for row in found[(at - 1) * views.PAGE : at * views.PAGE]]
    return views.listed(kind, writing.label, items, len(found), at, pages)


def workbook(ctx: Context) -> list[WorkbookEntry]:
    """Return what the person wrote that belongs in their workbook, in all of their communities, oldest first."""
    meant = ctx.community_or_none
    entries = [
        WorkbookEntry(writing.label, getattr(row, writing.written), _item(ctx, kind, writing, row))
        for kind, writing in ctx.writings.items()
        if writing.in_workbook
        for row in _rows(ctx, writing)
    ]
    ctx.community_or_none = meant
    return sorted(entries, key=lambda entry: (entry.at, entry.item.ref))


def _writing(ctx: Context, kind: str) -> Writing:
    writing = ctx.writings.get(kind)
    if writing is None:
        raise Refusal(views.not_found())
    return writing


def _item(ctx: Context, kind: str, writing: Writing, row: Any) -> Item:
    with_community = _in_community_of(ctx, row)
    shown = writing.shown(with_community, row) if writing.shown else ""
    return Item(
        ref=f"{kind}/{row.id}",
        at=getattr(row, writing.written) if writing.written else None,
        words=(("", shown),) if writing.shown else tuple((each, getattr(row, n)) for n, each in writing.words.items()),
        about=writing.about(with_community, row) if writing.about else "",
        readers=gettext(writing.readers) if isinstance(writing.readers, str) else writing.readers(with_community, row),
        community=with_community.community_or_none.name if with_community.community_or_none else "",
        may_change=bool(writing.form or (writing.words and not writing.fixed)),
        fixed=writing.fixed,
    )


def _in_community_of(ctx: Context, row: Any) -> Context:
    """Make the row's community the one that is meant, whatever card was clicked."""
    id = written.community_of(ctx.session, row)
    ctx.community_or_none = communities.get(ctx.session, id) if id else None
    return ctx


def _found(ctx: Context, ref: str, *, writes: bool = False) -> tuple[str, Writing, Any]:
    """Return what a button names, if it is the person's own. One that `writes` waits for others in the community."""
    kind, _slash, id = ref.partition("/")
    writing = _writing(ctx, kind)
    row = _own(ctx.session, writing, ctx.me, parse_id(id))
    _in_community_of(ctx, row)
    if writes and ctx.community_or_none:
        ctx.serialise()
        # Whoever it waited for may have changed or deleted it.
        ctx.session.expire(row)
        row = _own(ctx.session, writing, ctx.me, parse_id(id))
    return kind, writing, row


def _own(session: Session, writing: Writing, me: int, id: int) -> Any:
    row = written.row(session, writing.table, writing.person, me, id)
    if row is None:
        raise Refusal(views.not_found())
    return row


@feature.click(signals.OPEN_WRITTEN, needs=Role.ANYONE, community=False)
def show_thing(ctx: Context, event: Click) -> Reply:
    kind, writing, row = _found(ctx, event.chosen[0] if event.chosen else event.value)
    return views.one(_item(ctx, kind, writing, row), kind)


@feature.click("change", needs=Role.ANYONE, community=False)
def ask_for_change(ctx: Context, event: Click) -> Reply:
    kind, writing, row = _found(ctx, event.value)
    if writing.form:
        return writing.form(ctx, row)
    if writing.fixed or not writing.words:
        raise Refusal(views.cannot_change(writing.fixed))
    return views.form(_item(ctx, kind, writing, row), _stored(writing, row))


def _stored(writing: Writing, row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in writing.words}


@feature.form("change", shared=EVERY, needs=Role.ANYONE, community=False)
def save_change(ctx: Context, event: Submission) -> Reply:
    kind, writing, row = _found(ctx, event.value, writes=True)
    if writing.fixed or writing.form or not writing.words:
        raise Refusal(views.cannot_change(writing.fixed))
    typed = {name: event.answers.get(name, "") for name in writing.words}
    problems = _problems(writing, typed)
    if problems:
        cut = {name: text[: writing.most_of(name)] for name, text in typed.items()}
        return FormErrors(views.form(_item(ctx, kind, writing, row), cut), problems)
    replaced = [text for name, text in _stored(writing, row).items() if text != typed[name]]
    for name, text in typed.items():
        setattr(row, name, text)
    ctx.session.flush()
    written.forget_words(ctx.session, replaced)
    if writing.changed:
        writing.changed(ctx, row)
    _draw_anew(ctx)
    return views.changed(_item(ctx, kind, writing, row), kind)


def _problems(writing: Writing, typed: Mapping[str, str]) -> dict[str, str]:
    problems = {
        name: views.too_long(len(text), most)
        for name, text in typed.items()
        if len(text) > (most := writing.most_of(name))
    }
    if not any(typed.values()) and not writing.may_be_empty:
        problems[next(iter(typed))] = views.empty()
    return problems | {name: views.empty() for name in writing.required if not typed[name]}


@feature.click("take_back", needs=Role.ANYONE, community=False)
def ask_to_take_back(ctx: Context, event: Click) -> Reply:
    kind, writing, row = _found(ctx, event.value)
    if writing.fixed:
        raise Refusal(views.cannot_change(writing.fixed))
    return views.confirm(_item(ctx, kind, writing, row), kind)


@feature.click("take_back_now", needs=Role.ANYONE, community=False)
def take_back(ctx: Context, event: Click) -> Reply:
    kind, writing, row = _found(ctx, event.value, writes=True)
    if writing.fixed:
        raise Refusal(views.cannot_change(writing.fixed))
    copy, texts = written.copy(row), list(_stored(writing, row).values())
    if writing.remove:
        written.forget_words(ctx.session, texts)
        writing.remove(ctx, row)
    else:
        written.remove(ctx.session, row, texts)
    ctx.session.flush()
    if writing.removed:
        writing.removed(ctx, copy)
    _draw_anew(ctx)
    return views.taken_back(kind, left=len(_rows(ctx, writing)))


def _draw_anew(ctx: Context) -> None:
    """Draw every post anew that shows the person in this community: it may quote what was changed or is gone."""
    if ctx.community_or_none:
        ctx.session.flush()
        post_subjects.take_out(ctx.session, ctx.me, ctx.community_id)
        ctx.work_queued = True
