"""Handlers for sharing a resource, from a command or a message's menu, and for editing it.

A community holds each link once: sharing it again leads to the resource that has it.
"""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Shortcut, Submission
from bot.features.library import links, rules
from bot.features.library.curation import views as curation_views
from bot.features.library.details import card_key, editable, rewrite_card, shown
from bot.features.library.feature import feature
from bot.features.library.links import NotALink, ResourceLink
from bot.features.library.rules import BadTopics, Typed
from bot.features.library.sharing import views
from bot.ui import Form, FormErrors, Reply, ToCommunity
from bot.ui.markup import esc
from storage.library import resources
from storage.library.resources import COMMUNITY, PROGRAM, Content, Resource
from storage.operations import drafts

# The name of drafts that hold a note on a link that turned out to be in the library already.
NOTE = "resources.note"


@feature.command(
    "share",
    help="Share something that helped you, with or without a link",
    argument="[link] [note]",
    example="share https://example.org/arrivals It calmed our first ten minutes",
)
def share(ctx: Context, event: Command) -> Reply:
    address, note = rules.split_link(event.text)
    if not address:
        address, note = links.find_in(event.text)
    try:
        link = links.read(address) if address else None
    except NotALink as fault:
        raise Refusal(esc(views.link_problem(fault))) from fault
    return _begin(ctx, link, note, links.suggest_title(link) if link else "")


@feature.shortcut("save", "Save to resources")
def save_message(ctx: Context, event: Shortcut) -> Reply:
    address, rest = links.find_in(event.text)
    if link := _if_readable(address):
        return _begin(ctx, link, rest, links.suggest_title(link))
    return _begin(ctx, _if_readable(event.link), event.text, rules.first_words(event.text, 80))


@feature.click("share")
def share_from_card(ctx: Context, event: Click) -> Reply:
    return _begin(ctx, None, "", "")


def _if_readable(address: str) -> ResourceLink | None:
    try:
        return links.read(address) if address else None
    except NotALink:
        return None


def _begin(ctx: Context, link: ResourceLink | None, note: str, title: str) -> Reply:
    if link and (row := resources.with_link(ctx.session, ctx.community_id, link.key)):
        return _already(ctx, row, note)
    typed = Typed(title, link.typed if link else "", note)
    return views.form(typed, program=ctx.community.program)


def _already(ctx: Context, row: Resource, note: str) -> Reply:
    if note:
        drafts.save(ctx.session, ctx.me, f"{NOTE}.{row.id}", note, ctx.now)
    return curation_views.already(shown(ctx, row), mine=row.person_id == ctx.me, note=note)


@feature.form("keep")
def save_resource(ctx: Context, event: Submission) -> Reply:
    """Save a new resource and post its card. Sending the same form twice saves one."""
    typed = _typed(event)
    content, problems = _read(ctx, typed, None)
    if problems:
        return FormErrors(_refilled_form(ctx, typed, content, None), problems)
    if twice := resources.same(ctx.session, ctx.community_id, ctx.me, content):
        return views.saved(shown(ctx, twice))
    if content.link_key and (row := resources.with_link(ctx.session, ctx.community_id, content.link_key)):
        return _already(ctx, row, content.note)
    row = resources.add(ctx.session, ctx.community, ctx.me, content, ctx.now)
    ctx.post(ToCommunity(), card_key(row), views.posted, shown(ctx, row))
    return views.saved(shown(ctx, row))


@feature.click("edit")
def ask_for_changes(ctx: Context, event: Click) -> Reply:
    row = editable(ctx, event.value)
    topics = ", ".join(resources.topics(ctx.session, resources.key(row)))
    typed = Typed(row.title, row.link, row.note, topics, row.audience)
    return views.form(typed, program=_program(ctx, row), editing=str(row.id))


@feature.form("edit")
def save_changes(ctx: Context, event: Submission) -> Reply:
    row = editable(ctx, event.value)
    typed = _typed(event)
    content, problems = _read(ctx, typed, row)
    if problems:
        return FormErrors(_refilled_form(ctx, typed, content, row), problems)
    if row.person_id != ctx.me:
        ctx.audit("resources.edit", f"resource {row.id}")
    resources.change(ctx.session, ctx.community, row, content, ctx.now)
    rewrite_card(ctx, row)
    return views.saved(shown(ctx, row), changed=True)


def _program(ctx: Context, row: Resource | None) -> str:
    """Return the program whose communities the person may share this with; "" if it is someone else's resource."""
    return ctx.community.program if row is None or row.person_id == ctx.me else ""


def _typed(event: Submission) -> Typed:
    given = event.answers
    return Typed(*(given.get(name, "") for name in ("title", "link", "note", "topics", "audience")))


def _read(ctx: Context, typed: Typed, row: Resource | None) -> tuple[Content, dict[str, str]]:
    """Parse the form into what is stored, and problems by field. `row` is the resource being edited, if any."""
    problems: dict[str, str] = {}
    link: ResourceLink | None = None
    topics: tuple[str, ...] = ()
    try:
        link = links.read(typed.link) if typed.link else None
    except NotALink as fault:
        problems["link"] = views.link_problem(fault)
    try:
        topics = rules.read_topics(typed.topics)
    except BadTopics as fault:
        problems["topics"] = views.topics_problem(fault)
    title = " ".join(typed.title.split())
    if not title:
        problems["title"] = views.no_title(suggested=link is not None)
    elif len(title) > rules.LONGEST_TITLE:
        problems["title"] = views.too_long(len(title), rules.LONGEST_TITLE)
    if not typed.note:
        problems["note"] = views.no_note()
    elif len(typed.note) > rules.LONGEST_NOTE:
        problems["note"] = views.too_long(len(typed.note), rules.LONGEST_NOTE)
    if row and link and (other := resources.with_link(ctx.session, ctx.community_id, link.key)) and other.id != row.id:
        problems["link"] = views.link_kept_already(other.title)
    kind = {"kind": row.kind} if row else {}
    content = Content(
        title or (links.suggest_title(link) if link else ""),
        typed.note,
        topics,
        link.typed if link else "",
        link.key if link else None,
        audience=_audience(ctx, typed, row),
        **kind,
    )
    return content, problems


def _audience(ctx: Context, typed: Typed, row: Resource | None) -> str:
    if not _program(ctx, row):
        return row.audience if row else COMMUNITY
    return PROGRAM if typed.audience == PROGRAM else COMMUNITY


def _refilled_form(ctx: Context, typed: Typed, content: Content, row: Resource | None) -> Form:
    """Return the form as it was filled in, with a suggested title if that is missing."""
    filled = Typed(typed.title or content.title, typed.link, typed.note, typed.topics, typed.audience)
    return views.form(filled, program=_program(ctx, row), editing=str(row.id) if row else "")
