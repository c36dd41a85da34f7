"""Handlers for writing a reflection. Only its writer reads it, unless they choose facilitators or everyone."""

from bot.core.context import Context
from bot.core.events import Click, Command, Shortcut, Submission
from bot.core.permissions import Role
from bot.features.reflections import views
from bot.features.reflections.feature import feature
from bot.ui import FormErrors, Reply, ToCommunity, ToFacilitators
from bot.ui.markup import mention
from storage.learning import reflections
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


@feature.form("keep", needs=Role.ANYONE, community=False)
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
    name = mention(ctx.me, ctx.person.name)
    if audience == GROUP:
        ctx.post(ToCommunity(), f"reflections.shared.{row.id}", views.shared, name, row)
    elif audience == FACILITATORS:
        to = ToFacilitators()
        ctx.post(to, f"reflections.told.{row.id}", views.for_facilitators, name, row, ctx.community.name)
    return views.reflected(row)
