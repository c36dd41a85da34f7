"""Handlers for sharing a resource, from a command or a message's menu, and for editing it.

A community holds each page once: sharing it again leads to the resource that has it. Whether two addresses are one page
is guessed, so the person can say that theirs is another one; what they wrote is kept as a draft until then.
"""

import json
from dataclasses import asdict, dataclass

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Shortcut, Submission, TimerFired
from bot.core.resolver import parse_id
from bot.features.library import links, rules
from bot.features.library.canonical_links import RULES, exact_key, is_exact
from bot.features.library.copies import find_copy, is_same_address
from bot.features.library.curation import views as curation_views
from bot.features.library.details import card_key, card_of, editable, rewrite_card, shown
from bot.features.library.feature import feature
from bot.features.library.links import NotALink, ResourceLink
from bot.features.library.rules import BadTopics, Typed
from bot.features.library.sharing import views
from bot.ui import Form, FormErrors, Reply, ToCommunity
from bot.ui.markup import esc
from storage.communities import programs
from storage.library import resources
from storage.library.resources import COMMUNITY, PROGRAM, Content, Resource
from storage.operations import drafts

# The name of drafts that hold a note on a link that turned out to be in the library already.
NOTE = "resources.note"
# The kind of draft that holds what someone wrote about a link that the library seems to have.
COPY = "resources.copy"


@dataclass(frozen=True)
class Refused:
    """What someone shared, or changed a resource to, when its link seemed to be that of the resource `of`.

    `editing` is the id of the resource being edited, "" for a new one.
    """

    typed: Typed
    of: int
    editing: str = ""


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
    typed = Typed(title, link.typed if link else "", note)
    if link and (copy := find_copy(ctx, link)):
        return _already(ctx, copy, typed, link)
    return views.form(typed, program=_program(ctx, None))


def _already(ctx: Context, copy: Resource, typed: Typed, link: ResourceLink, editing: str = "") -> Reply:
    if typed.note and not editing:
        drafts.save(ctx.session, ctx.me, f"{NOTE}.{copy.id}", typed.note, ctx.now)
    drafts.drop(ctx.session, ctx.me, COPY)
    refused = json.dumps(asdict(Refused(typed, resources.key(copy), editing)), ensure_ascii=False)
    draft = drafts.save(ctx.session, ctx.me, COPY, refused, ctx.now)
    return curation_views.already(
        shown(ctx, copy),
        mine=copy.person_id == ctx.me,
        note=typed.note,
        draft=str(draft),
        is_same_address=is_same_address(copy, link),
    )


def _refused(ctx: Context, id: str) -> Refused:
    draft = drafts.find(ctx.session, ctx.me, COPY, parse_id(id))
    if draft is None:
        raise Refusal(views.refused_no_more())
    body = json.loads(draft.body)
    return Refused(Typed(**body["typed"]), body["of"], body["editing"])


@feature.click("another")
def share_as_another_page(ctx: Context, event: Click) -> Reply:
    """Save what was refused as a copy. Opens the form if something else is missing."""
    refused = _refused(ctx, event.value)
    row = editable(ctx, refused.editing) if refused.editing else None
    return _save(ctx, refused.typed, row, another_than=refused.of, from_button=True)


@feature.click("correct_link")
def correct_link(ctx: Context, event: Click) -> Reply:
    refused = _refused(ctx, event.value)
    row = editable(ctx, refused.editing) if refused.editing else None
    return views.form(refused.typed, program=_program(ctx, row), editing=refused.editing)


@feature.form("keep", shared=("title", "note"))
def save_resource(ctx: Context, event: Submission) -> Reply:
    """Save a new resource and post its card."""
    return _save(ctx, _typed(event), None, another_than=parse_id(event.value))


@feature.click("edit")
def ask_for_changes(ctx: Context, event: Click) -> Reply:
    return form_for(ctx, editable(ctx, event.value))


def form_for(ctx: Context, row: Resource) -> Form:
    """Return the form that changes a resource."""
    topics = ", ".join(resources.topics(ctx.session, resources.key(row)))
    typed = Typed(row.title, row.link, row.note, topics, row.audience)
    return views.form(typed, program=_program(ctx, row), editing=str(row.id))


@feature.form("edit", shared=("title", "note"))
def save_changes(ctx: Context, event: Submission) -> Reply:
    id, _slash, of = event.value.partition("/")
    return _save(ctx, _typed(event), editable(ctx, id), another_than=parse_id(of))


def _save(ctx: Context, typed: Typed, row: Resource | None, *, another_than: int, from_button: bool = False) -> Reply:
    """Save a new resource, or what `row` is changed to.

    `another_than` is the id of the resource whose link this one's is not, though it looks like it; 0 for none. Where a
    button was pressed instead of a form submitted, the form opens if something is wrong.
    """
    content, problems = _read(ctx, typed, row, another_than)
    if problems:
        form = _refilled_form(ctx, typed, content, row, another_than)
        return form if from_button else FormErrors(form, problems)
    if content.link_key and not is_exact(content.link_key):
        link = links.read(content.link)
        if copy := find_copy(ctx, link, besides=row):
            return _already(ctx, copy, typed, link, str(row.id) if row else "")
    drafts.drop(ctx.session, ctx.me, COPY)
    if row is None:
        row = resources.add(ctx.session, ctx.community, ctx.me, content, ctx.now)
        ctx.post(ToCommunity(), card_key(row), card_of, ctx, row)
        return views.saved(shown(ctx, row))
    if row.person_id != ctx.me:
        ctx.audit("resources.edit", f"resource {row.id}")
    resources.change(ctx.session, ctx.community, row, content, ctx.now)
    rewrite_card(ctx, row)
    return views.saved(shown(ctx, row), changed=True)


@feature.timer(signals.PROGRAM_ENDED)
def end_program_sharing(ctx: Context, event: TimerFired) -> Reply:
    """Leave what was shared with the program to this community, and say so on the cards."""
    for row in resources.end_program_sharing(ctx.session, ctx.community_id):
        rewrite_card(ctx, row)
    return None


def _program(ctx: Context, row: Resource | None) -> str:
    """Return the program whose communities the person may share this with; "" if it is someone else's resource."""
    return programs.name_of(ctx.session, ctx.community_id) if row is None or row.person_id == ctx.me else ""


def _typed(event: Submission) -> Typed:
    given = event.answers
    return Typed(*(given.get(name, "") for name in ("title", "link", "note", "topics", "audience")))


def _read(ctx: Context, typed: Typed, row: Resource | None, another_than: int) -> tuple[Content, dict[str, str]]:
    """Parse the form into what is stored, and problems by field. `row` is the resource being edited, if any.

    The link of the resource `another_than` is no copy of this one.
    """
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
    link_key = _link_key(ctx, link, row, another_than) if link else None
    kind = {"kind": row.kind} if row else {}
    content = Content(
        title or (links.suggest_title(link) if link else ""),
        typed.note,
        topics,
        link.typed if link else "",
        link_key,
        audience=_audience(ctx, typed, row),
        link_rules=RULES,
        **kind,
    )
    return content, problems


def _link_key(ctx: Context, link: ResourceLink, row: Resource | None, another_than: int) -> str:
    """Return the key that a link is saved with: the exact one if someone said that it's another page."""
    if row and row.link_key and is_exact(row.link_key) and is_same_address(row, link):
        return row.link_key
    copy = find_copy(ctx, link, besides=row)
    is_another = copy is not None and copy.id == another_than and not is_same_address(copy, link)
    return exact_key(link.opens) if is_another else link.key


def _audience(ctx: Context, typed: Typed, row: Resource | None) -> str:
    if not _program(ctx, row):
        return row.audience if row else COMMUNITY
    return PROGRAM if typed.audience == PROGRAM else COMMUNITY


def _refilled_form(ctx: Context, typed: Typed, content: Content, row: Resource | None, another_than: int) -> Form:
    """Return the form as it was filled in, with a suggested title if that is missing."""
    filled = Typed(typed.title or content.title, typed.link, typed.note, typed.topics, typed.audience)
    return views.form(
        filled,
        program=_program(ctx, row),
        editing=str(row.id) if row else "",
        another_than=str(another_than) if another_than else "",
    )
