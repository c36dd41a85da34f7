"""Handlers for free text: what somebody writes to the bot, or in reply to a card, as their answer.

Nothing is saved as an answer before the person has said that it is one. What the bot says of a direct message stands
below it and is posted, not only answered, so that it can be rewritten when the person edits or deletes the message.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, MessageChanged
from bot.core.identity import AmbiguousCommunity, act_in
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import Posted
from bot.features.rounds import anonymous_views, answer_views, answering, free_text_views, lookup, posts, rules, views
from bot.features.rounds.feature import feature
from bot.operations import open_questions
from bot.ui import Message, Reply, ToPerson, card
from bot.ui.markup import esc
from storage.communities import communities
from storage.learning import rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import ONLY, Round
from storage.messaging import answer_messages, outbox
from storage.messaging.answer_messages import AnswerMessage
from storage.operations import drafts
from storage.operations.drafts import Draft
from storage.people import people

# The kind of draft that holds free text until the person has said what it is.
FREE_TEXT = "rounds.free_text"
# The key of what stands below a direct message, without "." and the id of the message's row at the end.
BELOW = "rounds.below"


@feature.reply
def ask_whether_it_is_an_answer(ctx: Context, event: Command) -> Reply:
    """Ask a member who wrote to the bot in reply to a card whether that is their answer. None if it is no such card."""
    card_keys = [row.key for row in outbox.with_receipts(ctx.session, ctx.community_id, event.replies_to)]
    ids = [id for key in card_keys if (id := key.partition("@")[0].removeprefix(f"{posts.CARD}.")).isdecimal()]
    round = rounds.get(ctx.session, ctx.community_id, parse_id(ids[0])) if ids else None
    if round is None or not people.is_member(ctx.membership):
        return None
    if not rules.may_answer(round.closed_at, ctx.now):
        return card(views.round_closed(round)) if event.is_addressed else None
    if round.level == NOBODY_CAN_TELL:
        return None if event.is_overheard else anonymous_views.only_by_button(round)
    mine = rounds.answer_of(ctx.session, lookup.key(round), ctx.me)
    # Who has answered and goes on talking in the thread is left alone.
    if event.is_overheard and mine:
        return None
    body = event.line.strip()
    return _ask_whether_to_keep(ctx, round, body, None, is_seen=True) if body else None


@feature.free_text
def ask_which_question_it_answers(ctx: Context, event: Command) -> Reply | Posted:
    """Ask a member who wrote to the bot alone which open question that answers. None if none is open."""
    own = ctx.community_or_none
    if own and not people.is_member(ctx.membership):
        return None
    waiting = _waiting(ctx, [ctx.community_id] if own else people.communities_of(ctx.session, ctx.me))
    if not waiting:
        return None
    if own is None:
        among = [c for id in sorted({r.community_id for r in waiting}) if (c := communities.get(ctx.session, id))]
        if len(among) > 1:
            raise AmbiguousCommunity(among)
        act_in(ctx, event, among[0])
    # A message carries its writer's name for ever.
    anonymous = [round for round in waiting if round.level == NOBODY_CAN_TELL]
    waiting = [round for round in waiting if round not in anonymous]
    if not waiting:
        return anonymous_views.only_by_button(anonymous[0])
    body = event.line.strip()
    row = None
    if event.message:
        row = answer_messages.add(ctx.session, ctx.me, ctx.here.platform, event.message, ctx.now)
    if len(waiting) == 1:
        return _say_below(ctx, row, _ask_whether_to_keep(ctx, waiting[0], body, row))
    return _say_below(ctx, row, free_text_views.which_question(waiting, _save_text(ctx, body, None, row)))


def _waiting(ctx: Context, among: Sequence[int]) -> Sequence[Round]:
    """Return the open questions that the person hasn't answered or, if they have answered all, every open one."""
    return open_questions.waiting_for(ctx, ctx.me, among) or [
        row for community in among for row in rounds.open_in(ctx.session, community)
    ]


def _say_below(ctx: Context, row: AnswerMessage | None, message: Message) -> Message | Posted:
    """Post a message below the direct message that it is about; return it as the answer if there is none."""
    if row is None:
        return message
    to = ToPerson(ctx.me, ignores_quiet_hours=True)
    ctx.post(to, f"{BELOW}.{row.id}", lambda: message)
    return Posted()


def _ask_whether_to_keep(
    ctx: Context,
    round: Round,
    body: str,
    row: AnswerMessage | None,
    *,
    edited_at: datetime | None = None,
    is_seen: bool = False,
) -> Message:
    """Ask whether what somebody wrote is their answer. `is_seen`: it stands in the card's thread."""
    if len(body) > lookup.MOST:
        # A message that is too long can be shortened where it is.
        if row:
            _save_text(ctx, "", round, row)
        return card(esc(views.too_long(len(body), lookup.MOST)))
    draft = _save_text(ctx, body, round, row)
    mine = rounds.answer_of(ctx.session, lookup.key(round), ctx.me)
    # Below the message itself, nobody needs to read it again.
    return free_text_views.is_this_your_answer(
        round, "" if row else body, mine, draft, edited_at=edited_at, is_seen=is_seen
    )


def _save_text(ctx: Context, body: str, round: Round | None, row: AnswerMessage | None) -> str:
    """Save what somebody typed, in place of what they typed before, and return the draft's id."""
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    answer_messages.drop_undecided(ctx.session, ctx.me, but=[answer_messages.key(row)] if row else [])
    typed = {"round": round.id if round else None, "body": body, "message": row.id if row else None}
    return str(drafts.save(ctx.session, ctx.me, FREE_TEXT, json.dumps(typed, ensure_ascii=False), ctx.now))


def _typed(ctx: Context, id: str) -> dict[str, Any]:
    """Return what somebody typed and a button of theirs names. Raises Refusal."""
    draft = drafts.find(ctx.session, ctx.me, FREE_TEXT, parse_id(id))
    if draft is None:
        raise Refusal(free_text_views.free_text_gone())
    typed: dict[str, Any] = json.loads(draft.body)
    if not typed["body"]:
        raise Refusal(free_text_views.free_text_gone())
    return typed


def _message(ctx: Context, typed: dict[str, Any]) -> AnswerMessage | None:
    id = typed.get("message")
    return answer_messages.owned(ctx.session, ctx.me, id) if id else None


@feature.click("free_text_for", needs=Role.MEMBER)
def choose_question(ctx: Context, event: Click) -> Reply:
    """Ask whether to keep what somebody typed as their answer to the question that they chose."""
    id, _dot, chosen = event.value.partition(".")
    typed = _typed(ctx, id)
    round = lookup.find(ctx, chosen)
    if not rules.may_answer(round.closed_at, ctx.now):
        raise Refusal(views.round_closed(round))
    return replace(_ask_whether_to_keep(ctx, round, typed["body"], _message(ctx, typed)), replace=True)


@feature.click("keep_free_text", needs=Role.MEMBER)
def keep_text(ctx: Context, event: Click) -> Reply:
    """Save what somebody wrote in reply to a card as their answer, for the readers that the form would suggest."""
    typed = _typed(ctx, event.value)
    round = lookup.find(ctx, str(typed["round"]))
    if not rules.may_answer(round.closed_at, ctx.now):
        raise Refusal(views.round_closed(round))
    mine = rounds.answer_of(ctx.session, lookup.key(round), ctx.me)
    taken = answering.take_words(ctx, round, typed["body"], mine)
    answer = rounds.answer_of(ctx.session, lookup.key(round), ctx.me)
    if answer and (row := _message(ctx, typed)):
        row.round_id, row.given_at = round.id, answer.given_at
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    return replace(taken, replace=True) if isinstance(taken, Message) else taken


@feature.click("drop_free_text", needs=Role.MEMBER)
def drop_text(ctx: Context, event: Click) -> Reply:
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    answer_messages.drop_undecided(ctx.session, ctx.me)
    return free_text_views.free_text_not_kept()


@feature.message_changed
def follow_message(ctx: Context, event: MessageChanged) -> Reply:
    """Take an edit of a direct message into what it became. If it was deleted, ask what becomes of the answer.

    Words that would be a command are the answer's words here: an edit is never a new message.
    """
    row = answer_messages.find(ctx.session, ctx.here.platform, event.message)
    if row is None or row.person_id != ctx.me:
        return None
    # Reported again, or after a later one.
    if row.edited_at and event.at <= row.edited_at and not event.is_deleted:
        return None
    row.edited_at = event.at
    body = "" if event.is_deleted else event.text.strip()
    draft = drafts.find(ctx.session, ctx.me, FREE_TEXT)
    if draft and json.loads(draft.body).get("message") == row.id:
        _follow_undecided(ctx, event, row, draft, body)
    elif row.round_id:
        _follow_answer(ctx, event, row, row.round_id, body)
    if event.is_deleted:
        ctx.session.delete(row)
    return None


def _follow_undecided(ctx: Context, event: MessageChanged, row: AnswerMessage, draft: Draft, body: str) -> None:
    typed = json.loads(draft.body)
    if not body:
        ctx.session.delete(draft)
        _say_below(ctx, row, free_text_views.free_text_not_kept())
    elif round := _act_where_asked(ctx, event, typed["round"]):
        _say_below(ctx, row, _ask_whether_to_keep(ctx, round, body, row, edited_at=event.at))
    # They have not said yet which question it answers.
    else:
        draft.body = json.dumps(typed | {"body": body}, ensure_ascii=False)


def _act_where_asked(ctx: Context, event: MessageChanged, id: int | None) -> Round | None:
    """Return a round, and act in its community, where the person is still a member."""
    round = rounds.anywhere(ctx.session, id) if id else None
    if round:
        act_in(ctx, event, communities.get(ctx.session, round.community_id))
        ctx.serialise()
    return round


def _follow_answer(ctx: Context, event: MessageChanged, row: AnswerMessage, round_id: int, body: str) -> None:
    round = _act_where_asked(ctx, event, round_id)
    assert round, "its rows go with it"
    mine = rounds.answer_of(ctx.session, round_id, ctx.me)
    has_its_words = mine is not None and not mine.skipped and mine.given_at == row.given_at
    if not body:
        if has_its_words:
            _say_below(ctx, row, free_text_views.answer_stays(round))
    elif mine and mine.body == body:
        pass
    elif not rules.may_answer(round.closed_at, ctx.now):
        _say_below(ctx, row, card(views.round_closed(round)))
    elif round.version_id or not has_its_words or len(body) > lookup.MOST:
        _say_below(ctx, row, _ask_whether_to_keep(ctx, round, body, row, edited_at=event.at))
    else:
        assert mine
        answer = answering.save(ctx, round, mine, {**mine.by_question, ONLY: body}, mine.audience)
        row.given_at = answer.given_at
        _say_below(ctx, row, free_text_views.answer_edited(round, answer, event.at, ctx.now))


@feature.redraw("below")
def redraw_below(ctx: Context, value: str) -> None:
    """Draw what stands below an edited message anew, once its question closes, and once no answer can change."""
    row = answer_messages.get(ctx.session, parse_id(value))
    round = rounds.get(ctx.session, ctx.community_id, row.round_id) if row and row.round_id else None
    answer = rounds.answer_of(ctx.session, lookup.key(round), row.person_id) if row and round else None
    if row and round and answer and row.edited_at:
        to = ToPerson(row.person_id, ignores_quiet_hours=True)
        view = free_text_views.answer_edited
        ctx.post(to, f"{BELOW}.{row.id}", view, round, answer, row.edited_at, ctx.now)


@feature.click("keep_answer", needs=Role.MEMBER, reads=True)
def keep_answer(ctx: Context, event: Click) -> Reply:
    """Say that an answer stays whose message was deleted."""
    round = lookup.find(ctx, event.value)
    mine = rounds.answer_of(ctx.session, lookup.key(round), ctx.me)
    if mine is None or mine.skipped:
        raise Refusal(views.nothing_to_withdraw())
    return replace(answer_views.thanks(round, lookup.asked(ctx.session, round), mine), replace=True)
