"""Handlers for reflection prompts: sending one now, the queue, and the timer that sends the next.

The timer ROUND_OPENED leads to the asking and answering.
"""

import json
from datetime import datetime, timedelta

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain import round_controls
from bot.domain.between_meetings import REFLECTION_PROMPT, displaced, has_room
from bot.features.prompts import rotation, views
from bot.features.prompts.bank import Prompt
from bot.features.prompts.feature import feature
from bot.operations.backlog import is_overtaken
from bot.ui import FormErrors, Message, Reply, ToFacilitators, ToPerson
from bot.ui.markup import moment
from storage.communities import request_quota, schedules
from storage.learning import prompts, rounds
from storage.learning.rounds import REFLECTION, Round
from storage.messaging import timers
from storage.messaging.timers import Timer
from storage.operations import drafts

LONGEST = 500  # characters of a facilitator's own prompt
# The kind of draft that holds a prompt that waits already, until the person says that it is to be queued again.
AGAIN = "prompt again"


@feature.command(
    "prompt now",
    help="Send a reflection prompt to the channel",
    needs=Role.FACILITATOR,
    argument="[question]",
    example="prompt now What surprised you this week?",
)
def send_by_hand(ctx: Context, event: Command) -> Reply:
    _refuse_if_busy(ctx)
    running = rounds.open_in(ctx.session, ctx.community_id, REFLECTION)
    if running:
        return views.open_already(running[0])
    if not event.text:
        return _offer(ctx, 0)
    _check_length(event.text)
    return _send(ctx, rotation.open_own(ctx, event.text, ctx.me))


@feature.click("send", needs=Role.FACILITATOR)
def send_chosen(ctx: Context, event: Click) -> Reply:
    _refuse_if_busy(ctx)
    running = rounds.open_in(ctx.session, ctx.community_id, REFLECTION)
    # The button may be pressed twice, or another facilitator may have been quicker.
    if running:
        return views.open_already(running[0])
    return _send(ctx, rotation.open_prompt(ctx, _prompt(ctx, event.value), ctx.me))


@feature.click("another", needs=Role.FACILITATOR)
def show_another(ctx: Context, event: Click) -> Reply:
    return _offer(ctx, parse_id(event.value))


def _offer(ctx: Context, place: int) -> Reply:
    """Offer one of the prompts that would come next, from the first on, and round again."""
    coming = rotation.suggestions(ctx)
    if not coming:
        raise Refusal(views.none_left())
    return views.confirm(coming[place % len(coming)], place + 1)


def _send(ctx: Context, round: Round) -> Reply:
    # A facilitator's question is posted even if the week is taken. Claiming it stops the bot's own requests this week.
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    request_quota.record(ctx.session, ctx.community_id, week, f"rounds {round.id}", ctx.now)
    ctx.audit("prompts.send", f"round {round.id}")
    return views.sent(round, _left_out(ctx, round))


def _left_out(ctx: Context, round: Round) -> list[tuple[str, datetime]]:
    """Return what the bot would have posted, by title and moment, and leaves out because of this prompt."""
    limits = schedules.limits(ctx.session, ctx.community_id)
    coming = timers.upcoming(
        ctx.session, ctx.community_id, max(round.closes_at, ctx.now + timedelta(weeks=limits.weeks))
    )
    timed = [(timer.kind, timer.value, timer.at) for timer in coming]
    found = displaced(
        timed,
        f"rounds {round.id}",
        ctx.now,
        ctx.community.zone,
        beside=REFLECTION_PROMPT,
        open_until=round.closes_at,
        ceiling=limits.requests,
        weeks=limits.weeks,
    )
    return [(ctx.timer_labels[kind].titled(value), at) for kind, value, at in found]


def _refuse_if_busy(ctx: Context) -> None:
    if ctx.community.paused:
        raise Refusal(round_controls.paused())


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise Refusal(views.too_long(len(text), LONGEST))


def _prompt(ctx: Context, id: str) -> Prompt:
    prompt = rotation.find(ctx, id)
    if prompt is None:
        raise Refusal(views.unknown())
    return prompt


@feature.command(
    "prompt queue",
    help="Put a reflection prompt in line for the next reflection week",
    needs=Role.FACILITATOR,
    argument="[question]",
    example="prompt queue What surprised you this week?",
)
def queue_by_command(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.queue_form(rotation.suggestions(ctx))
    _check_length(event.text)
    return _queue(ctx, text=event.text)


@feature.click("queue", needs=Role.FACILITATOR)
def ask_what_to_queue(ctx: Context, event: Click) -> Reply:
    return views.queue_form(rotation.suggestions(ctx))


@feature.form("queue", shared=EVERY, needs=Role.FACILITATOR)
def queue_from_form(ctx: Context, event: Submission) -> Reply:
    chosen, text = event.answers.get("prompt", ""), event.answers.get("text", "")
    form = views.queue_form(rotation.suggestions(ctx), text[:LONGEST])
    if not chosen and not text:
        return FormErrors(form, {"text": views.choose_or_write()})
    if chosen and text:
        return FormErrors(form, {"text": views.one_of_them()})
    if len(text) > LONGEST:
        return FormErrors(form, {"text": views.too_long(len(text), LONGEST)})
    return _queue(ctx, prompt=_prompt(ctx, chosen)) if chosen else _queue(ctx, text=text)


def _queue(ctx: Context, *, prompt: Prompt | None = None, text: str = "") -> Reply:
    """Queue a prompt. One that waits already is queued once more only if the person says so."""
    id, asked = (prompt.id, prompt.text) if prompt else ("", text)
    same = asked.casefold().split()
    if any(text.casefold().split() == same for _row, text in rotation.queue(ctx)):
        draft = drafts.save(ctx.session, ctx.me, AGAIN, json.dumps({"prompt": id, "text": text}), ctx.now)
        return views.queued_already(asked, str(draft))
    return _add_to_queue(ctx, id, text)


@feature.click("queue_again", needs=Role.FACILITATOR)
def queue_again(ctx: Context, event: Click) -> Reply:
    draft = drafts.find(ctx.session, ctx.me, AGAIN, parse_id(event.value))
    if draft is None:
        raise Refusal(views.gone())
    ctx.session.delete(draft)
    typed = json.loads(draft.body)
    return _add_to_queue(ctx, typed["prompt"], typed["text"])


def _add_to_queue(ctx: Context, id: str, text: str) -> Reply:
    asked = _prompt(ctx, id).text if id else text
    prompts.queue(ctx.session, ctx.community_id, ctx.me, ctx.now, prompt_id=id, text=text)
    ctx.audit("prompts.queue", id)
    return views.queued(asked, len(rotation.queue(ctx)))


@feature.click("unqueue", needs=Role.FACILITATOR)
def take_out(ctx: Context, event: Click) -> Reply:
    rows = [prompts.get_queued(ctx.session, ctx.community_id, parse_id(id)) for id in event.chosen]
    removed = [row for row in rows if row]
    if not removed:
        raise Refusal(views.not_in_queue())
    for row in removed:
        if row.person_id != ctx.me and (text := rotation.queued_text(ctx, row)):
            ctx.post(ToPerson(row.person_id), f"prompts.unqueued.{row.id}", views.was_unqueued, text)
        ctx.session.delete(row)
        ctx.audit("prompts.unqueue", row.prompt_id)
    return views.unqueued()


@feature.command("prompt list", help="Show the prompts to come", needs=Role.FACILITATOR)
def list_coming(ctx: Context, event: Command) -> Reply:
    queue = rotation.queue(ctx)
    due = timers.soonest(ctx.session, ctx.community_id, "prompts.due")
    when = views.next_due(moment(due.at), posted=_has_room(ctx, due)) if due else views.none_due()
    return views.coming(queue, rotation.next_prompt(ctx), when)


def _has_room(ctx: Context, due: Timer) -> bool:
    """Whether the next prompt will be sent, as far as is known now: its week is free, and no prompt is open then."""
    made = request_quota.made(ctx.session, ctx.community_id, request_quota.week_of(due.at, ctx.community.zone))
    running = rounds.open_in(ctx.session, ctx.community_id, REFLECTION)
    is_free = has_room(f"{due.kind} {due.value}", made, schedules.limits(ctx.session, ctx.community_id).requests)
    return is_free and not any(round.closes_at > due.at for round in running)


@feature.timer("due")
def send_by_rhythm(ctx: Context, event: TimerFired) -> Reply:
    """Send the next prompt, from the queue or else by rotation.

    Does nothing if the community is paused, a prompt is open, or the week already has its request. If nothing is left
    that members haven't been asked, facilitators are told, and the week stays free.
    """
    if ctx.community.paused or is_overtaken(ctx, event):
        return None
    if rounds.open_in(ctx.session, ctx.community_id, REFLECTION):
        return None
    if not rotation.has_next(ctx):
        ctx.post(ToFacilitators(), f"prompts.none_left.{event.value}", views.told_none_left, ctx.community.name)
        return None
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    if request_quota.claim(ctx.session, ctx.community_id, week, f"prompts.due {event.value}", ctx.now):
        rotation.open_next(ctx)
    return None


@feature.preview("due")
def preview_due(ctx: Context, value: str) -> Message | None:
    if queue := rotation.queue(ctx):
        return views.preview(queue[0][1], "")
    prompt = rotation.next_prompt(ctx)
    return views.preview(prompt.text, prompt.starter) if prompt else None
