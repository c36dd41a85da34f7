"""The after-meeting card and its form: how the meeting was, one commitment, one takeaway."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission, TimerFired
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain.between_meetings import FEEDBACK_WINDOW, has_room, is_stale
from bot.domain.meeting_types import DEFAULT_QUESTIONS, meeting_type
from bot.features.feedback import rules, survey_views
from bot.features.feedback.feature import feature
from bot.features.feedback.lookup import find, held_or_none, organization
from bot.ui import FormErrors, Message, Reply, ToCommunity, showing
from storage.communities import request_quota, schedules
from storage.learning import commitments
from storage.meetings import feedback, meetings
from storage.meetings.meetings import PLANNED, Meeting


@feature.timer("ask")
def open_survey(ctx: Context, event: TimerFired) -> Reply:
    """Post the card after a meeting, unless the community is paused, or had one for another meeting in this week.

    It comes even if something else was asked this week: feedback on a meeting is not traded for a question.
    """
    meeting = held_or_none(ctx, event.value)
    if ctx.community.paused or meeting is None or is_stale(event.at, ctx.now):
        return None
    week, own = request_quota.week_of(ctx.now, ctx.community.zone), f"feedback.ask {event.value}"
    made = request_quota.made(ctx.session, ctx.community_id, week)
    if has_room(own, made, schedules.limits(ctx.session, ctx.community_id).requests):
        request_quota.record(ctx.session, ctx.community_id, week, own, ctx.now)
        _post_card(ctx, meeting)
        _close_in_time(ctx, meeting)
    return None


@feature.preview("ask")
def preview(ctx: Context, value: str) -> Message | None:
    row = meetings.get(ctx.session, ctx.community_id, parse_id(value))
    return survey_views.card_of(row, 0, is_open=True) if row and row.status == PLANNED else None


def _close_in_time(ctx: Context, meeting: Meeting) -> None:
    ctx.schedule_timer("feedback.closed", str(meeting.id), at=meeting.starts_at + FEEDBACK_WINDOW)


def _post_card(ctx: Context, meeting: Meeting) -> None:
    """Post the card, or rewrite it with the present number of answers."""
    id, is_open = meetings.key(meeting), rules.is_open(meeting.starts_at, ctx.now)
    answered_by = [answer.person_id for answer in feedback.about(ctx.session, id)]

    def card() -> Message:
        return showing(survey_views.card_of(meeting, len(answered_by), is_open=is_open), answered_by)

    ctx.post(ToCommunity(), f"feedback.card.{id}", card)


def show_count(ctx: Context, meeting: Meeting) -> None:
    """Rewrite the card, if there is one, with the present number of answers."""
    ctx.redraw(f"feedback.card.{meeting.id}")


@feature.redraw("card")
def redraw_card(ctx: Context, value: str) -> None:
    if meeting := held_or_none(ctx, value):
        _post_card(ctx, meeting)


@feature.click(signals.ANSWER_FEEDBACK, reads=True)
def ask_for_words(ctx: Context, event: Click) -> Reply:
    meeting = find(ctx, event.value)
    _check_open(ctx, meeting)
    return survey_views.form(meeting, _saved_answers(ctx, meeting), ctx.zone)


def _check_open(ctx: Context, meeting: Meeting) -> None:
    if not rules.is_open(meeting.starts_at, ctx.now):
        raise Refusal(survey_views.survey_closed(meeting.starts_at + FEEDBACK_WINDOW))


def _saved_answers(ctx: Context, meeting: Meeting) -> dict[str, str]:
    """Return what the person has saved about the meeting so far, by the name of the question."""
    id = meetings.key(meeting)
    mine = feedback.get(ctx.session, id, ctx.me)
    plan = commitments.commitment_of(ctx.session, id, ctx.me)
    home = commitments.takeaway_of(ctx.session, id, ctx.me)
    return feedback.type_answers_of(ctx.session, id, ctx.me) | {
        "worked": mine.worked if mine else "",
        "change": mine.change if mine else "",
        "useful": str(mine.useful) if mine and mine.useful else "",
        "commitment": plan.words if plan else "",
        "home": home.words if home else "",
    }


@feature.form("answer", shared=EVERY)
def save(ctx: Context, event: Submission) -> Reply:
    """Save the answers in place of earlier ones. A form that is all empty deletes what was saved."""
    meeting = find(ctx, event.value)
    _check_open(ctx, meeting)
    asked = meeting_type(meeting.meeting_type).after
    answers = {name: event.answers.get(name, "") if name in asked else "" for name in {*DEFAULT_QUESTIONS, *asked}}
    long = [name for name in asked if len(answers[name]) > rules.LONGEST]
    if long:
        cut = {name: words[: rules.LONGEST] for name, words in answers.items()}
        return FormErrors(
            survey_views.form(meeting, cut, ctx.zone), {name: survey_views.too_long(rules.LONGEST) for name in long}
        )
    id = meetings.key(meeting)
    if not any(answers.values()):
        if not any(_saved_answers(ctx, meeting).values()):
            return FormErrors(survey_views.form(meeting, answers, ctx.zone), {asked[0]: survey_views.empty()})
        feedback.withdraw(ctx.session, id, ctx.me)
        commitments.withdraw(ctx.session, id, ctx.me)
        show_count(ctx, meeting)
        return survey_views.withdrawn(meeting)
    useful = int(answers["useful"]) if answers["useful"] in map(str, rules.RATINGS) else 0
    own = {name: answers[name] for name in asked if name not in DEFAULT_QUESTIONS}
    feedback.save_type_answers(ctx.session, id, ctx.me, own, ctx.now)
    feedback.save(
        ctx.session, id, ctx.me, worked=answers["worked"], change=answers["change"], useful=useful, now=ctx.now
    )
    commitments.save_commitment(ctx.session, ctx.community_id, id, ctx.me, answers["commitment"], ctx.now)
    home = commitments.save_takeaway(ctx.session, ctx.community_id, id, ctx.me, answers["home"], ctx.now)
    show_count(ctx, meeting)
    # Also where the card of the meeting itself asked, because another meeting had the after-meeting card this week.
    _close_in_time(ctx, meeting)
    return survey_views.thanks(meeting, home, organization(ctx), committed=bool(answers["commitment"]))
