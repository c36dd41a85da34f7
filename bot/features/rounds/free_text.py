"""Handlers for free text: what somebody writes to the bot, or in reply to a card, as their answer.

Nothing is saved as an answer before the person has said that it is one.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.identity import AmbiguousCommunity, act_in
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.rounds import handlers, rules, views
from bot.features.rounds.feature import feature
from bot.ui import Message, Reply, card
from bot.ui.markup import esc
from storage.communities import communities
from storage.learning import rounds
from storage.learning.rounds import Round
from storage.messaging import outbox
from storage.operations import drafts
from storage.people import people

# The kind of draft that holds free text until the person has said what it is.
FREE_TEXT = "rounds.free_text"


@feature.reply
def ask_whether_it_is_an_answer(ctx: Context, event: Command) -> Reply:
    """Ask a member who wrote to the bot in reply to a card whether that is their answer. None if it is no such card."""
    card_keys = [row.key for row in outbox.with_receipts(ctx.session, ctx.community_id, event.replies_to)]
    ids = [id for key in card_keys if (id := key.partition("@")[0].removeprefix(f"{handlers.CARD}.")).isdecimal()]
    round = rounds.get(ctx.session, ctx.community_id, parse_id(ids[0])) if ids else None
    if round is None or not people.is_member(ctx.membership):
        return None
    if not rules.may_answer(round.closed_at, ctx.now):
        return card(views.round_closed(round)) if event.is_addressed else None
    body = event.line.strip()
    return _ask_whether_to_keep(ctx, round, body) if body else None


def _ask_whether_to_keep(ctx: Context, round: Round, body: str) -> Message:
    if len(body) > handlers.MOST:
        return card(esc(views.too_long(len(body), handlers.MOST)))
    draft = _save_text(ctx, body, round)
    mine = rounds.answer_of(ctx.session, handlers.key(round), ctx.me)
    return views.is_this_your_answer(round, body, mine, draft)


def _save_text(ctx: Context, body: str, round: Round | None) -> str:
    """Save what somebody typed, in place of what they typed before, and return the draft's id."""
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    typed = json.dumps({"round": round.id if round else None, "body": body}, ensure_ascii=False)
    return str(drafts.save(ctx.session, ctx.me, FREE_TEXT, typed, ctx.now))


@feature.free_text
def ask_which_question_it_answers(ctx: Context, event: Command) -> Reply:
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
    body = event.line.strip()
    if len(waiting) == 1:
        return _ask_whether_to_keep(ctx, waiting[0], body)
    return views.which_question(waiting, _save_text(ctx, body, None))


def _waiting(ctx: Context, among: Sequence[int]) -> Sequence[Round]:
    """Return the open questions that the person hasn't answered or, if they have answered all, every open one."""
    return rounds.unanswered(ctx.session, ctx.me, among) or [
        row for community in among for row in rounds.open_in(ctx.session, community)
    ]


@feature.click("free_text_for", needs=Role.MEMBER)
def choose_question(ctx: Context, event: Click) -> Reply:
    """Ask whether to keep what somebody typed as their answer to the question that they chose."""
    id, _dot, chosen = event.value.partition(".")
    draft = drafts.find(ctx.session, ctx.me, FREE_TEXT, parse_id(id))
    if draft is None:
        raise Refusal(views.free_text_gone())
    round = handlers.find(ctx, chosen)
    if not rules.may_answer(round.closed_at, ctx.now):
        raise Refusal(views.round_closed(round))
    return replace(_ask_whether_to_keep(ctx, round, json.loads(draft.body)["body"]), replace=True)


@feature.click("keep_free_text", needs=Role.MEMBER)
def keep_text(ctx: Context, event: Click) -> Reply:
    """Save what somebody wrote in reply to a card as their answer, for the readers that the form would suggest."""
    draft = drafts.find(ctx.session, ctx.me, FREE_TEXT, parse_id(event.value))
    if draft is None:
        raise Refusal(views.free_text_gone())
    typed = json.loads(draft.body)
    round = handlers.find(ctx, str(typed["round"]))
    if not rules.may_answer(round.closed_at, ctx.now):
        raise Refusal(views.round_closed(round))
    mine = rounds.answer_of(ctx.session, handlers.key(round), ctx.me)
    audience = views.suggested_audience(round, mine)
    answer = handlers.save(ctx, round, mine, body=typed["body"], mood=mine.mood if mine else 0, audience=audience)
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    return replace(views.thanks(round, answer), replace=True)


@feature.click("drop_free_text", needs=Role.MEMBER)
def drop_text(ctx: Context, event: Click) -> Reply:
    drafts.drop(ctx.session, ctx.me, FREE_TEXT)
    return views.free_text_not_kept()
