"""Handlers for writing a reflection. Only its writer reads it, unless they choose facilitators or everyone."""

from bot.core.context import Context
from bot.core.events import Click, Command, Shortcut, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.reflections import views
from bot.features.reflections.feature import feature
from bot.ui import FormErrors, Message, Reply, ToCommunity, ToFacilitators, showing
from bot.ui.markup import mention
from storage.learning import reflections
from storage.learning.reflections import Reflection
from storage.learning.rounds import FACILITATORS, GROUP, ME
from storage.people import people

MOST = 2_000  # characters


@feature.command(
    "reflect",
    help="Write down a thought; only you can read it unless you choose otherwise",
    argument="[about]",
    needs=Role.ANYONE,
    community=False,
)
def begin(ctx: Context, event: Command) -> Reply:
    return views.reflect_form(event.text, shared=_may_share(ctx))


@feature.shortcut("about", "Reflect on this")
def begin_from_message(ctx: Context, event: Shortcut) -> Reply:
    return views.reflect_form(event.text or event.link)


@feature.click("begin", needs=Role.MEMBER)
def begin_from_card(ctx: Context, event: Click) -> Reply:
    return views.reflect_form()


def _may_share(ctx: Context) -> bool:
    """Whether the person can share here: a community is meant, and they are a member of it."""
    return ctx.community_or_none is not None and ctx.access.allows(Role.MEMBER)


@feature.form("keep", shared=EVERY, needs=Role.ANYONE, community=False)
def save_reflection(ctx: Context, event: Submission) -> Reply:
    """Save a reflection, and post it to the audience. One that the person may not share stays private."""
    body, about = event.answers.get("body", ""), event.answers.get("about", "")[:300]
    shared = _may_share(ctx)
    if not body:
        return FormErrors(views.reflect_form(about, shared=shared), {"body": views.empty()})
    if len(body) > MOST:
        form = views.reflect_form(about, body[:MOST], shared)
        return FormErrors(form, {"body": views.too_long(len(body), MOST)})
    audience = event.answers.get("audience", ME)
    if audience not in (FACILITATORS, GROUP) or not shared:
        audience = ME
    if audience == FACILITATORS and not people.is_facilitated(ctx.session, ctx.community_id):
        return FormErrors(views.reflect_form(about, body, shared), {"audience": views.nobody_facilitates()})
    community = ctx.community_or_none.id if ctx.community_or_none and shared else None
    row = reflections.add(ctx.session, ctx.me, community, body, about, audience, ctx.now)
    _post(ctx, row)
    return views.reflected(row)


def _post(ctx: Context, row: Reflection) -> None:
    if row.audience == GROUP:
        ctx.post(ToCommunity(), f"reflections.shared.{row.id}", _shared, ctx, row)
    elif row.audience == FACILITATORS:
        ctx.post(ToFacilitators(), f"reflections.told.{row.id}", _for_facilitators, ctx, row)


def _shared(ctx: Context, row: Reflection) -> Message:
    return showing(views.shared(_name(ctx, row), row), [row.person_id])


def _for_facilitators(ctx: Context, row: Reflection) -> Message:
    return showing(views.for_facilitators(_name(ctx, row), row, ctx.community.name), [row.person_id])


def _name(ctx: Context, row: Reflection) -> str:
    writer = people.get(ctx.session, row.person_id)
    return mention(row.person_id, writer.name if writer else "")


@feature.redraw("shared")
@feature.redraw("told")
def redraw(ctx: Context, value: str) -> None:
    if row := reflections.get(ctx.session, ctx.community_id, parse_id(value)):
        _post(ctx, row)
