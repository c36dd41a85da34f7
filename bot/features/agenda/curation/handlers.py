"""Handlers for facilitators' work on topics: overview, adding without a vote, merging, notes, last year’s topics."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.agenda import cards, rules
from bot.features.agenda.curation import views as curation_views
from bot.features.agenda.feature import feature
from bot.features.agenda.publishing import views as publishing_views
from bot.features.agenda.topics import news, views
from bot.ui import FormErrors, Reply
from storage.agenda import topic_merges, topics, votes
from storage.agenda.topics import TOPIC, Topic
from storage.meetings import meetings


@feature.command("agenda show", help="Every topic that waits for the next meeting", needs=Role.FACILITATOR, reads=True)
def show(ctx: Context, event: Command) -> Reply:
    meeting = cards.next_meeting(ctx)
    chosen = topics.chosen(ctx.session, meetings.key(meeting)) if meeting else ()
    vote = votes.on(ctx.session, meetings.key(meeting)) if meeting else None
    waiting = topics.waiting(ctx.session, ctx.community_id)
    notes = topics.notes(ctx.session, ctx.community_id) if ctx.access.is_facilitator else {}
    close = rules.alike(waiting[: rules.MOST_ON_BALLOT], lambda topic: topic.title)
    return curation_views.overview(meeting, chosen, waiting, vote, close, notes)


# --- adding without a vote


@feature.command(
    "agenda add",
    help="Put a topic on the next meeting’s agenda, and say why",
    needs=Role.FACILITATOR,
    argument="[title]",
    example="agenda add Plan the spring visit",
    reads=True,
)
def add_with_reason(ctx: Context, event: Command) -> Reply:
    if len(event.text) > rules.LONGEST:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST))
    return curation_views.place_form(event.text)


@feature.click("place", needs=Role.FACILITATOR, reads=True)
def ask_for_reason(ctx: Context, event: Click) -> Reply:
    return curation_views.place_form()


@feature.form("place", shared=EVERY, needs=Role.FACILITATOR)
def place(ctx: Context, event: Submission) -> Reply:
    """Add a topic that needs no vote. The reason is required, since everyone reads it beside the topic."""
    title, reason = event.answers.get("title", ""), event.answers.get("reason", "")
    problems = {}
    if not title:
        problems["title"] = views.empty()
    elif len(title) > rules.LONGEST:
        problems["title"] = views.too_long(len(title), rules.LONGEST)
    if not reason:
        problems["reason"] = curation_views.no_reason()
    elif len(reason) > rules.LONGEST_REASON:
        problems["reason"] = views.too_long(len(reason), rules.LONGEST_REASON)
    if problems:
        form = curation_views.place_form(title[: rules.LONGEST], reason[: rules.LONGEST_REASON])
        return FormErrors(form, problems)
    topic = _place(ctx, TOPIC, title, reason)
    if topic is None:
        raise Refusal(views.there_already(title))
    ctx.audit("agenda.add", f"topic {topic.id}")
    meeting = cards.next_meeting(ctx)
    cards.refresh(ctx, meeting)
    return curation_views.placed(topic, meeting)


def _place(ctx: Context, kind: str, title: str, reason: str) -> Topic | None:
    """Add a topic that needs no vote. None if a topic with this title is waiting already.

    Where the next meeting's agenda is published, the topic goes to the end of it.
    """
    if topics.same(ctx.session, ctx.community_id, title):
        return None
    topic = topics.add(ctx.session, ctx.community_id, ctx.me, kind, title, ctx.now, reason=reason)
    meeting = cards.next_meeting(ctx)
    if meeting and (chosen := topics.chosen(ctx.session, meetings.key(meeting))):
        topics.choose(ctx.session, meetings.key(meeting), [*chosen, topic])
    return topic


# --- merging topics that say the same


@feature.command("agenda merge", help="Put two topics together that say the same", needs=Role.FACILITATOR, reads=True)
def ask_which_two(ctx: Context, event: Command) -> Reply:
    return _ask_which_two(ctx)


@feature.click("group", needs=Role.FACILITATOR, reads=True)
def ask_which_two_by_button(ctx: Context, event: Click) -> Reply:
    return _ask_which_two(ctx)


def _ask_which_two(ctx: Context) -> Reply:
    waiting = topics.waiting(ctx.session, ctx.community_id)
    if len(waiting) < 2:
        raise Refusal(curation_views.too_few())
    return curation_views.merge_form(waiting)


@feature.form("group", shared=EVERY, needs=Role.FACILITATOR)
def merge_chosen(ctx: Context, event: Submission) -> Reply:
    into, other = event.answers.get("into", ""), event.answers.get("topic", "")
    waiting = topics.waiting(ctx.session, ctx.community_id)
    if into == other and len(waiting) > 1:
        return FormErrors(curation_views.merge_form(waiting), {"topic": curation_views.same_twice()})
    return _merge(ctx, into, other)


@feature.click("merge", needs=Role.FACILITATOR)
def merge_these(ctx: Context, event: Click) -> Reply:
    into, _dot, other = event.value.partition(".")
    return _merge(ctx, into, other)


def _merge(ctx: Context, into: str, other: str) -> Reply:
    waiting = {topic.id: topic for topic in topics.waiting(ctx.session, ctx.community_id)}
    target, merged = waiting.get(parse_id(into)), waiting.get(parse_id(other))
    if target is None or merged is None or target is merged:
        raise Refusal(views.not_found())
    news.merge(ctx, target, merged)
    ctx.audit("agenda.merge", f"topic {target.id} and {merged.id}")
    cards.refresh(ctx, cards.next_meeting(ctx))
    return curation_views.merged(target, merged)


@feature.click("apart", needs=Role.FACILITATOR)
def take_apart(ctx: Context, event: Click) -> Reply:
    topic = cards.find(ctx, event.value)
    apart = news.take_apart(ctx, topic)
    if not apart:
        raise Refusal(views.not_found())
    ctx.audit("agenda.apart", f"topic {topic.id}")
    cards.refresh(ctx, cards.next_meeting(ctx))
    return curation_views.apart(len(apart))


# --- one topic


@feature.click("one", needs=Role.FACILITATOR, reads=True)
def show_topic(ctx: Context, event: Click) -> Reply:
    topic = cards.find(ctx, event.chosen[0] if event.chosen else event.value)
    return curation_views.one(topic, topic_merges.merged(ctx.session, topic))


# --- notes that only facilitators read


@feature.click("note", needs=Role.FACILITATOR, reads=True)
def ask_for_note(ctx: Context, event: Click) -> Reply:
    topic = cards.find(ctx, event.chosen[0] if event.chosen else event.value)
    _check_facilitates(ctx)
    note = topics.note_on(ctx.session, topics.key(topic))
    return curation_views.note_form(topic, note.words if note else "")


@feature.form("note", shared=EVERY, needs=Role.FACILITATOR)
def keep_note(ctx: Context, event: Submission) -> Reply:
    topic = cards.find(ctx, event.value)
    _check_facilitates(ctx)
    words = event.answers.get("words", "")
    if len(words) > rules.LONGEST_NOTE:
        return FormErrors(
            curation_views.note_form(topic, words[: rules.LONGEST_NOTE]), {"words": curation_views.note_too_long()}
        )
    topics.write_note(ctx.session, topic, ctx.me, words, ctx.now)
    ctx.audit("agenda.note", f"topic {topic.id}")
    return curation_views.noted(topic, words)


def _check_facilitates(ctx: Context) -> None:
    # The route admits every role above facilitator, and an admin does not read facilitators' notes.
    if not ctx.access.is_facilitator:
        raise Refusal(curation_views.for_facilitators())


# --- last year's topics


@feature.command(
    "agenda clone", help="Bring back what the same meeting had a year ago", needs=Role.FACILITATOR, reads=True
)
def ask_what_comes_back(ctx: Context, event: Command) -> Reply:
    meeting = cards.next_meeting(ctx)
    if meeting is None:
        raise Refusal(publishing_views.no_meeting())
    then = topics.year_before(ctx.session, meeting)
    if then is None:
        raise Refusal(publishing_views.nothing_a_year_ago(meeting))
    return publishing_views.clone_form(
        meeting, then, topics.chosen(ctx.session, meetings.key(then)), ctx.community.zone
    )


@feature.form("clone", shared=(), needs=Role.FACILITATOR)
def bring_back(ctx: Context, event: Submission) -> Reply:
    """Add chosen topics of last year's agenda to the next. Those that wait already are left as they are."""
    id, _dot, year_ago = event.value.partition(".")
    meeting, then = cards.coming(ctx, id), meetings.get(ctx.session, ctx.community_id, parse_id(year_ago))
    if meeting is None or then is None:
        raise Refusal(publishing_views.no_meeting())
    old = topics.chosen(ctx.session, meetings.key(then))
    picked = [topic for topic in old if str(topic.id) in event.answers.get("topics", "").split()]
    reason = event.answers.get("reason", "")
    problems = {} if picked else {"topics": publishing_views.pick_one()}
    if not 0 < len(reason) <= rules.LONGEST_REASON:
        problems["reason"] = curation_views.no_reason()
    if problems:
        return FormErrors(publishing_views.clone_form(meeting, then, old, ctx.community.zone), problems)
    brought = sum(_bring_back(ctx, topic, reason) for topic in picked)
    ctx.audit("agenda.clone", f"meeting {meeting.id}")
    cards.refresh(ctx, meeting)
    return publishing_views.cloned(meeting, brought, len(picked) - brought)


def _bring_back(ctx: Context, old: Topic, reason: str) -> bool:
    """Copy a topic with its note. False if it is waiting already."""
    topic = _place(ctx, old.kind, old.title, reason)
    note = topics.note_on(ctx.session, topics.key(old))
    if topic and note:
        topics.write_note(ctx.session, topic, note.person_id, note.words, ctx.now)
    return topic is not None
