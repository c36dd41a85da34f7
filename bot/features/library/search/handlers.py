"""Handlers for search, paging through results, the latest resources, and one resource in full."""

from collections.abc import Sequence

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.resolver import parse_id
from bot.features.library import rules
from bot.features.library.curation import views as curation_views
from bot.features.library.details import all_shown, may_edit, shown, visible
from bot.features.library.feature import feature
from bot.features.library.rules import BadTopics, Question
from bot.features.library.search import views as search_views
from bot.features.library.sharing import views
from bot.ui import MAX_CHOICES, Reply
from bot.ui.markup import esc, mention
from storage.library import endorsements, resources
from storage.operations import drafts
from storage.people import people

# The name of the draft that holds a search, so that a button can show its next page.
SOUGHT = "resources.find"
# Topics that a search which found nothing is compared with.
MANY = 500
LONGEST_SUGGESTION = 100  # characters (Discord)


def suggest(ctx: Context, typed: str) -> Sequence[str]:
    """Complete the topic that is being typed; each suggestion is the whole line."""
    split = rules.last_topic(typed)
    if split is None:
        return []
    before, beginning = split
    used = resources.topics_used(ctx.session, ctx.community, starting=beginning, limit=MAX_CHOICES)
    lines = [f"{before}#{name}" for name, _times in used]
    return [line for line in lines if len(line) <= LONGEST_SUGGESTION]


@feature.command(
    "find",
    help="Find what helped others, by words or by topic; only you see the results",
    argument="<words or #topic>",
    example="find homework #coaching",
    complete=suggest,
)
def find(ctx: Context, event: Command) -> Reply:
    return _page(ctx, event.text, 1, replace=False)


@feature.click("page")
def turn_page(ctx: Context, event: Click) -> Reply:
    id, _dot, page = event.value.partition(".")
    draft = drafts.find(ctx.session, ctx.me, SOUGHT, parse_id(id))
    if draft is None:
        raise Refusal(search_views.draft_expired())
    return _page(ctx, draft.body, parse_id(page), draft.id or 0, replace=True)


@feature.click("topic")
def find_topic(ctx: Context, event: Click) -> Reply:
    return _page(ctx, f"#{event.chosen[0] if event.chosen else event.value}", 1, replace=True)


def _page(ctx: Context, typed: str, wanted: int, draft: int = 0, *, replace: bool) -> Reply:
    try:
        question = rules.read_question(typed)
    except BadTopics as fault:
        raise Refusal(esc(views.topics_problem(fault))) from fault
    if not question.words and not question.topics:
        raise Refusal(search_views.nothing_asked())
    found = _search(ctx, question, max(wanted, 1))
    at_page = min(max(wanted, 1), rules.pages(found.total))
    # Resources may have been removed since the button was shown, so that its page no longer exists.
    if found.total and not found.resources:
        found = _search(ctx, question, at_page)
    menu = rules.most_used(resources.topics_used(ctx.session, ctx.community, limit=MAX_CHOICES))
    if not found.total:
        used = [name for name, _times in resources.topics_used(ctx.session, ctx.community, limit=MANY)]
        return search_views.nothing(question, rules.close_topics(question, used), menu, replace=replace)
    if found.total > rules.PAGE and not draft:
        draft = drafts.save(ctx.session, ctx.me, SOUGHT, typed, ctx.now)
    at = search_views.Position(at_page, found.total, draft)
    return search_views.results(question, found.corrected, all_shown(ctx, found.resources), at, menu, replace=replace)


def _search(ctx: Context, question: Question, page: int) -> resources.ResourcePage:
    return resources.find(
        ctx.session,
        ctx.community,
        question.words,
        question.topics,
        limit=rules.PAGE,
        offset=(page - 1) * rules.PAGE,
        language=ctx.person.locale,
    )


@feature.command("recent", help="The latest resources that were shared", reads=True)
def recent(ctx: Context, event: Command) -> Reply:
    rows = resources.latest(ctx.session, ctx.community, rules.LATEST)
    if not rows:
        return search_views.none_yet()
    menu = rules.most_used(resources.topics_used(ctx.session, ctx.community, limit=MAX_CHOICES))
    return search_views.latest(all_shown(ctx, rows), menu)


@feature.click("show", reads=True)
def show(ctx: Context, event: Click) -> Reply:
    row = visible(ctx, event.chosen[0] if event.chosen else event.value)
    id = resources.key(row)
    notes = []
    for mark in endorsements.notes(ctx.session, id, 2):
        person = people.get(ctx.session, mark.person_id)
        name = person.name if person else ""
        by = esc(name) if row.community_id != ctx.community_id else mention(mark.person_id, name)
        notes.append((by, mark.note))
    return curation_views.one(
        shown(ctx, row),
        notes,
        mine=row.person_id == ctx.me,
        marked=endorsements.get(ctx.session, id, ctx.me) is not None,
        may_edit=may_edit(ctx, row),
    )
