"""Handlers for reading answers.

Nobody but facilitators reads one before the round closes; where a check-in says so, whoever has answered does too.
"""

from collections.abc import Sequence

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.rounds import anonymous_views, rules, summaries, summary_views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import asked, find, key
from bot.ui import Message, Part, Reply
from bot.ui.markup import mention
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NAMED, NOBODY_CAN_TELL, UNTIL_ANSWERED
from storage.learning.rounds import FACILITATORS, GROUP, Round
from storage.people import people
from storage.people.people import Membership


@feature.click("read", needs=Role.MEMBER, reads=True)
def read(ctx: Context, event: Click) -> Reply:
    return _page(ctx, find(ctx, event.value), 1)


@feature.click("page", needs=Role.MEMBER, reads=True)
def turn_page(ctx: Context, event: Click) -> Reply:
    id, _dot, page = event.value.partition(".")
    return _page(ctx, find(ctx, id), parse_id(page))


def _page(ctx: Context, round: Round, wanted: int) -> Reply:
    facilitates = ctx.access.is_facilitator
    if round.level == NOBODY_CAN_TELL:
        if round.closed_at is None:
            raise Refusal(anonymous_views.not_yet(round))
        given = anonymous_answers.of_round(ctx.session, key(round))
        items = anonymous_views.items(asked(ctx.session, round), given)
        return _one_page(round, items, wanted, anonymous_views.for_everyone(), may_weave=facilitates and bool(given))
    is_early = round.closed_at is None and not facilitates
    if is_early and not _reads_early(ctx, round):
        raise Refusal(summary_views.not_yet(round))
    answers = [
        each
        for each in summaries.attributed_answers(
            ctx,
            round,
            (GROUP, FACILITATORS) if facilitates else (GROUP,),
            is_signed=facilitates or round.level == NAMED,
        )
        if each.answer.audience == GROUP or ctx.reads_given(each.answer.given_at)
    ]
    items = summary_views.items(round, asked(ctx.session, round), answers)
    total = rounds.answer_count(ctx.session, key(round))
    note = summary_views.for_facilitators(total, len(answers)) if facilitates else summary_views.for_members()
    if is_early:
        note = summary_views.so_far(round)
    may_weave = facilitates and round.closed_at is not None and bool(answers)
    return _one_page(round, items, wanted, note, may_weave=may_weave)


def _reads_early(ctx: Context, round: Round) -> bool:
    """Return whether the person who acts has answered where that lets them read what others shared.

    Only where answers have names, since whoever reads them one by one can tell who wrote the newest.
    """
    if round.answer_first != UNTIL_ANSWERED or round.level != NAMED:
        return False
    mine = rounds.answer_of(ctx.session, key(round), ctx.me)
    return mine is not None and not mine.skipped


def _one_page(round: Round, items: Sequence[Part], wanted: int, note: str, *, may_weave: bool) -> Message:
    pages = rules.pages([Message((part,)).size for part in items], summary_views.PAGE) or [[]]
    shown = min(max(wanted, 1), len(pages))
    here = [items[i] for i in pages[shown - 1]]
    return summary_views.reading(round, here, shown, len(pages), note, may_weave=may_weave)


def _joined_after(member: Membership, round: Round) -> bool:
    return bool(round.closed_at and member.joined_at and member.joined_at > round.closed_at)


@feature.click("unheard", needs=Role.FACILITATOR, reads=True)
def show_unheard(ctx: Context, event: Click) -> Reply:
    """Show facilitators how many have answered, and by name who has not, only among members who agreed to that.

    Whoever joined after a round closed was not asked.
    """
    round = find(ctx, event.value)
    if round.level == NOBODY_CAN_TELL:
        raise Refusal(anonymous_views.nobody_knows_who())
    respondents = rounds.respondents(ctx.session, key(round))
    members = [
        (member, person)
        for member, person in people.members(ctx.session, ctx.community_id)
        if people.key(person) in respondents or not _joined_after(member, round)
    ]
    missing = [
        mention(people.key(person), person.name)
        for member, person in members
        if ctx.access.is_facilitator and member.visible and people.key(person) not in respondents
    ]
    few = len(members) < rules.FEW
    return summary_views.not_heard_from(
        round, rounds.answer_count(ctx.session, key(round)), len(members), missing[:20], few
    )
