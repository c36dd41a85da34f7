"""Handlers for rounds, in the order it happens: opening, the nudge, closing, reading, themes. `answering` has the rest.

Other features open a round in the database and set a timer; this one posts it and takes it from there. Nobody but
facilitators reads an answer before the round closes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import cadence
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import themes
from bot.domain.answer_words import words_of
from bot.domain.between_meetings import CHECKIN as CHECKIN_DUE
from bot.domain.between_meetings import REFLECTION_PROMPT
from bot.domain.progress import progress
from bot.domain.questionnaires import defined, one_question
from bot.domain.questions import LONGEST_ANSWER, Questionnaire, QuestionType, Value
from bot.domain.touchpoints import OWN, Touchpoint
from bot.features.rounds import (
    anonymous_views,
    answer_views,
    question_summary,
    reminders,
    rules,
    summary_views,
    tallies,
    views,
)
from bot.features.rounds.feature import feature
from bot.ui import MAX_PARTS, Button, Message, Part, Reply, ToCommunity, ToFacilitators, ToPerson, ToThread, showing
from bot.ui.markup import mention
from storage.communities import communities, schedules
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NAMED, NOBODY_CAN_TELL
from storage.learning.rounds import FACILITATORS, GROUP, ONLY, PRIVATE_CHECKIN, REFLECTION, Response, Round
from storage.library import text_analysis
from storage.messaging import outbox
from storage.people import absences, people
from storage.people.people import Membership

MOST = LONGEST_ANSWER  # characters of an answer
# The key of a round's card, without "." and the round at the end.
CARD = signals.ROUND_CARD
NOTHING = (0, 0)
# The card of an anonymous round counts in steps of so many.
COUNTED_BY = 5


def find(ctx: Context, id: str) -> Round:
    row = rounds.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None:
        raise Refusal(views.not_found())
    return row


def asked(session: Session, round: Round) -> Questionnaire:
    """Return what the round asks: the questions of its version or, without one, its own."""
    if version := rounds.version_of(session, round):
        return defined(version.definition)
    return one_question(ONLY, round.question, round.starter, round.minutes)


def post_card(ctx: Context, round: Round) -> None:
    if round.kind != PRIVATE_CHECKIN:
        ctx.post(ToCommunity(), f"{CARD}.{round.id}", _card, ctx, round)


def _card(ctx: Context, round: Round) -> Message:
    if round.level == NOBODY_CAN_TELL:
        return _anonymous_card(ctx, round)
    answered_by = rounds.answered_by(ctx.session, key(round))
    takes_answers = rules.may_answer(round.closed_at, ctx.now)
    listed, choices = "", tuple[Button, ...]()
    if round.version_id:
        questions = asked(ctx.session, round)
        listed, choices = answer_views.question_list(questions), answer_views.press_buttons(round, questions)
    drawn = views.card_of(round, len(answered_by), takes_answers=takes_answers, questions=listed, choices=choices)
    return showing(drawn, answered_by)


def _anonymous_card(ctx: Context, round: Round) -> Message:
    """Say how many have answered in steps, since a count that grows by one says when somebody did."""
    count = round.anonymous_count
    if round.closed_at is None:
        count = anonymous_answers.count(ctx.session, key(round)) // COUNTED_BY * COUNTED_BY
    return anonymous_views.card_of(round, answer_views.question_list(asked(ctx.session, round)), count)


def key(round: Round) -> int:
    assert round.id is not None
    return round.id


@feature.timer(signals.ROUND_OPENED)
def put_before_community(ctx: Context, event: TimerFired) -> Reply:
    """Post a round that a feature has opened, and set the timers of its nudge and its close."""
    round = find(ctx, event.value)
    if round.level == NOBODY_CAN_TELL and not _may_be_anonymous(ctx, round):
        return None
    post_card(ctx, round)
    c, closed = ctx.community, communities.closures(ctx.session, ctx.community_id)

    def is_closed(day: date) -> bool:
        return cadence.is_closed(day, country=c.country, region=c.region, closed=closed)

    nudge_at = rules.nudge_at(round.opened_at, round.closes_at, c.zone, is_closed)
    ctx.schedule_timer("rounds.nudge", event.value, at=nudge_at)
    ctx.schedule_timer("rounds.close", event.value, at=round.closes_at)
    return None


def _may_be_anonymous(ctx: Context, round: Round) -> bool:
    """Save who is asked; or where they are too few, close the round before anybody sees it, and tell facilitators."""
    members = [people.key(person) for _member, person in people.members(ctx.session, ctx.community_id)]
    if len(members) >= anonymous_answers.FEWEST:
        anonymous_answers.ask(ctx.session, key(round), members)
        return True
    round.closed_at = ctx.now
    ctx.session.flush()
    ctx.post(ToFacilitators(), f"rounds.too_few.{round.id}", anonymous_views.nobody_asked, round, len(members))
    return False


def save(ctx: Context, round: Round, earlier: Response | None, answers: Mapping[str, Value], audience: str) -> Response:
    """Save the answers of the person who acts, spare them the nudge, and show on posts that they have answered."""
    body = answers.get(ONLY, "")
    assert isinstance(body, str)
    response = rounds.save_answer(
        ctx.session,
        key(round),
        ctx.me,
        earlier,
        body=body,
        answers={name: value for name, value in answers.items() if name != ONLY},
        audience=audience,
        now=ctx.now,
        is_late=round.closed_at is not None,
    )
    # Whoever had answered or skipped was spared then.
    if earlier is None:
        spare_nudge(ctx, round)
    refresh_posts(ctx, round)
    return response


def spare_nudge(ctx: Context, round: Round) -> None:
    """Take back a nudge to the person who acts that still waits, such as for the end of their quiet hours."""
    outbox.cancel_unsent(ctx.session, f"rounds.nudge.{round.id}", f"p{ctx.me}")
    reminders.spare(ctx, round)


def refresh_posts(ctx: Context, round: Round) -> None:
    """Rewrite the card, and if the round has closed, the summary and what facilitators were told."""
    post_card(ctx, round)
    if round.closed_at:
        post_summary(ctx, round)
        ctx.redraw(f"rounds.quiet.{round.id}")


@feature.timer("nudge")
def nudge(ctx: Context, event: TimerFired) -> Reply:
    """Send one direct message to each member who allows it and has neither answered nor skipped, nor put it off."""
    round = find(ctx, event.value)
    if ctx.community.paused or round.closed_at or round.closes_at <= ctx.now:
        return None
    what = touchpoint_of(ctx, round)
    if not _nudges(ctx, what):
        return None
    spared = rounds.respondents(ctx.session, key(round)) | reminders.asked_for(ctx, round)
    # Who was away when it opened reads about it once, when they are back.
    spared |= absences.absent_at(ctx.session, ctx.community_id, round.opened_at, (absences.AWAY,))
    spared |= absences.absent_at(ctx.session, ctx.community_id, ctx.now)
    spared |= schedules.muted_by(ctx.session, ctx.community_id, what)
    was_asked = outbox.receivers(ctx.session, f"rounds.ask.{round.id}")
    so_far = _drafts(ctx, round)
    nudge_key, is_anonymous = f"rounds.nudge.{round.id}", round.level == NOBODY_CAN_TELL
    if is_anonymous:
        spared |= _answered_anonymously(ctx, round)
    for member, person in people.members(ctx.session, ctx.community_id):
        id = people.key(person)
        is_meant = round.kind != PRIVATE_CHECKIN or id in was_asked
        if member.nudges and is_meant and id not in spared and id != round.opened_by:
            to = ToPerson(id, is_request=True)
            if is_anonymous:
                ctx.post(to, nudge_key, anonymous_views.nudge, round, ctx.community.name)
            else:
                ctx.post(to, nudge_key, views.nudge, round, ctx.community.name, so_far.get(id, NOTHING))
    return None


def _answered_anonymously(ctx: Context, round: Round) -> frozenset[int]:
    """Return who is known to have answered, and who joined since and wasn't asked."""
    marked = anonymous_answers.asked(ctx.session, key(round))
    members = [people.key(person) for _member, person in people.members(ctx.session, ctx.community_id)]
    unmarked = anonymous_answers.subject(round)
    return frozenset(id for id in members if marked.get(id, True) or ctx.unmarked.has(unmarked, id))


def _drafts(ctx: Context, round: Round) -> Mapping[int, tuple[int, int]]:
    """Return how many questions each person has answered and not sent, of how many. {} for a single question."""
    if round.version_id is None:
        return {}
    questions = asked(ctx.session, round)
    return {row.person_id: progress(questions, row.by_question) for row in rounds.drafts(ctx.session, key(round))}


def touchpoint_of(ctx: Context, round: Round) -> str:
    """Return what the round is called in the community's schedule."""
    version = rounds.version_of(ctx.session, round)
    if version:
        return f"{OWN}{version.checkin_id}"
    return REFLECTION_PROMPT if round.kind == REFLECTION else CHECKIN_DUE


def _nudges(ctx: Context, what: str) -> bool:
    """Whether the community's schedule nudges about it. A check-in that is not in the schedule does."""
    rows = schedules.touchpoints(ctx.session, ctx.community_id)
    return all(Touchpoint.of_row(row).nudges for row in rows if row.what == what)


@feature.timer("close")
def close_round(ctx: Context, event: TimerFired) -> Reply:
    round = find(ctx, event.value)
    if round.closed_at is None:
        close(ctx, round)
    return None


@feature.click("close", needs=Role.FACILITATOR)
def close_by_hand(ctx: Context, event: Click) -> Reply:
    round = find(ctx, event.value)
    ctx.audit("rounds.close", f"round {round.id}")
    if round.closed_at is None:
        close(ctx, round)
    return summary_views.closed_now(round, answered=rounds.answer_count(ctx.session, key(round)) > 0)


def close(ctx: Context, round: Round) -> None:
    """Close a round and post its summary. Facilitators are told if nobody answered."""
    round.closed_at = ctx.now
    ctx.session.flush()
    if round.level == NOBODY_CAN_TELL:
        anonymous_answers.seal(ctx.session, round)
    ctx.cancel_timer("rounds.nudge", str(round.id))
    ctx.cancel_timer("rounds.close", str(round.id))
    outbox.cancel_unsent(ctx.session, f"rounds.nudge.{round.id}")
    if round.version_id:
        ctx.schedule_timer("rounds.drafts", str(round.id), at=rules.drafts_until(ctx.now))
    ctx.redraw(f"rounds.nudge.{round.id}")
    outbox.cancel_unsent(ctx.session, f"rounds.ask.{round.id}")
    ctx.redraw(f"rounds.ask.{round.id}")
    reminders.close(ctx, round)
    post_card(ctx, round)
    _wait_for_review(ctx, round)
    post_summary(ctx, round)
    if not rounds.answer_count(ctx.session, key(round)):
        ctx.post(ToFacilitators(), f"rounds.quiet.{round.id}", summary_views.quiet_round, round)


@feature.timer("drafts")
def delete_drafts(ctx: Context, event: TimerFired) -> Reply:
    """Delete what members had answered and not sent, some time after the close."""
    round = find(ctx, event.value)
    rounds.drop_drafts(ctx.session, key(round))
    ctx.redraw(f"rounds.nudge.{round.id}")
    return None


def _wait_for_review(ctx: Context, round: Round) -> None:
    """Show facilitators the summary first, if they want it, until the next working morning."""
    checkin = rounds.checkin_of(ctx.session, round)
    if checkin is None or not checkin.is_reviewed or not rounds.answer_count(ctx.session, key(round)):
        return
    c, closed = ctx.community, communities.closures(ctx.session, ctx.community_id)
    today = ctx.now.astimezone(ZoneInfo(c.zone)).date()
    day = cadence.add_working_days(today, 1, country=c.country, region=c.region, closed=closed)
    round.summary_at = datetime.combine(day, time(rules.SUMMARY_HOUR), ZoneInfo(c.zone)).astimezone(UTC)
    ctx.session.flush()
    ctx.schedule_timer("rounds.summary_due", str(round.id), at=round.summary_at)


@feature.timer("summary_due")
def post_reviewed_summary(ctx: Context, event: TimerFired) -> Reply:
    _end_review(ctx, find(ctx, event.value))
    return None


@feature.click("post_summary", needs=Role.FACILITATOR)
def post_summary_now(ctx: Context, event: Click) -> Reply:
    round = _closed(ctx, event.value)
    ctx.audit("rounds.themes", f"round {round.id}")
    _end_review(ctx, round)
    return summary_views.posted_now()


def _end_review(ctx: Context, round: Round) -> None:
    if round.summary_at is None:
        return
    round.summary_at = None
    ctx.session.flush()
    ctx.cancel_timer("rounds.summary_due", str(round.id))
    post_summary(ctx, round)
    ctx.redraw(f"rounds.review.{round.id}")


@feature.redraw("review")
def redraw_review(ctx: Context, value: str) -> None:
    """Show facilitators a summary that waits as it is now, or that it is posted."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round and round.closed_at:
        for person in outbox.receivers(ctx.session, told := f"rounds.review.{round.id}"):
            ctx.post(ToPerson(person), told, _review, ctx, round)


def _review(ctx: Context, round: Round) -> Message:
    drawn = _summary(ctx, round)
    return summary_views.review(round, drawn) if round.summary_at else summary_views.reviewed(drawn)


def post_summary(ctx: Context, round: Round) -> None:
    """Post or rewrite the summary in the card's thread; in the channel if the question was asked in private.

    While it waits for the facilitators, only they see it.
    """
    if round.summary_at:
        ctx.post(ToFacilitators(), f"rounds.review.{round.id}", _review, ctx, round)
        return
    to = ToCommunity() if round.kind == PRIVATE_CHECKIN else ToThread(f"{CARD}.{round.id}")
    ctx.post(to, f"rounds.summary.{round.id}", _summary, ctx, round)


def _summary(ctx: Context, round: Round) -> Message:
    """Sum up the answers that are for everyone."""
    if round.level == NOBODY_CAN_TELL:
        values = anonymous_answers.of_round(ctx.session, key(round))
        given = {name: [("", value) for value in each] for name, each in values.items()}
        if not given:
            return anonymous_views.no_summary(round)
        return _by_question(ctx, round, given, round.anonymous_count, (), takes_answers=False)
    answers = _attributed_answers(ctx, round, (GROUP,), is_signed=round.level == NAMED)
    answered_by = rounds.answered_by(ctx.session, key(round))
    takes_answers = rules.may_answer(round.closed_at, ctx.now)
    if round.version_id:
        given = {
            question.key: [(each.by, value) for each in answers if (value := each.answer.by_question.get(question.key))]
            for question in asked(ctx.session, round).questions
        }
        count = len(answers) if answers else len(answered_by)
        return _by_question(ctx, round, given, count, answered_by, takes_answers=takes_answers)
    bodies = [each.answer.body for each in answers]
    phrases = themes.find(bodies, [round.question], ctx.community.locale, text_analysis.stem)
    moods = rules.moods(each.answer.mood for each in answers)
    summary = summary_views.summary(round, answers, len(answered_by), moods, phrases, takes_answers=takes_answers)
    return showing(summary, answered_by)


def _by_question(
    ctx: Context,
    round: Round,
    given: Mapping[str, Sequence[tuple[str, Value]]],
    count: int,
    shows: Sequence[int],
    *,
    takes_answers: bool,
) -> Message:
    """Sum up a check-in by question. `given` holds (who, answer) by question, `shows` the people it shows."""
    before = rounds.before(ctx.session, round)
    last = _last_time(ctx, before) if before else LastTime({}, None, ())
    parts = _summed(ctx, round, given, last.tallies) if any(given.values()) else []
    drawn = summary_views.by_question(round, parts, count, last.count, takes_answers=takes_answers)
    return showing(drawn, (*shows, *last.shows))


@dataclass(frozen=True)
class LastTime:
    """What the round before came to: its tallies by question, how many shared their answers, and who."""

    tallies: Mapping[str, tallies.Tally]
    count: int | None
    shows: Sequence[int]


def _last_time(ctx: Context, before: Round) -> LastTime:
    questions = asked(ctx.session, before).questions
    if before.level == NOBODY_CAN_TELL:
        values = anonymous_answers.of_round(ctx.session, key(before))
        tallied = {each.key: tallies.tally(each, values.get(each.key, ())) for each in questions}
        return LastTime(tallied, before.anonymous_count, ())
    rows = rounds.answers(ctx.session, key(before), (GROUP,))
    answers = [row.by_question for row in rows]
    tallied = {each.key: tallies.tally(each, [given.get(each.key, "") for given in answers]) for each in questions}
    return LastTime(tallied, len(rows), [row.person_id for row in rows])


def _summed(
    ctx: Context,
    round: Round,
    given: Mapping[str, Sequence[tuple[str, Value]]],
    last: Mapping[str, tallies.Tally],
) -> list[Part]:
    summed = []
    for question in asked(ctx.session, round).questions:
        answers = given.get(question.key, ())
        tally = tallies.tally(question, [value for _by, value in answers])
        takes_words = question.type in (QuestionType.SHORT, QuestionType.LONG)
        words = [(by, value) for by, value in answers if takes_words and isinstance(value, str)]
        said = [value for _by, value in words]
        phrases = themes.find(said, [words_of(question)], ctx.community.locale, text_analysis.stem) if said else []
        change = tallies.change(last.get(question.key), tally)
        summed.append(question_summary.Summed(tally, change, phrases, words))
    taken = len(round.question) + len(round.themes) + summary_views.HEAD
    return question_summary.parts(summed, summary_views.ROOM - taken, MAX_PARTS - 4)


@feature.redraw("card")
def redraw_card(ctx: Context, value: str) -> None:
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round is None:
        return
    if round.closed_at is None and round.closes_at <= ctx.now and not ctx.drawing:
        # The timer for it is due as well, and closes the round if this doesn't come before.
        ctx.schedule_timer("rounds.close", value, at=ctx.now)
    else:
        post_card(ctx, round)


@feature.redraw("summary")
def redraw_summary(ctx: Context, value: str) -> None:
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round and round.closed_at:
        post_summary(ctx, round)


@feature.redraw("nudge")
def redraw_nudges(ctx: Context, value: str) -> None:
    redraw_asked(ctx, value, f"rounds.nudge.{value}")


def redraw_asked(ctx: Context, id: str, asked: str) -> None:
    """Say in what was sent with the key `asked` that the question is closed.

    Who has answered isn't asked for a late answer.
    """
    round = rounds.get(ctx.session, ctx.community_id, parse_id(id))
    if round is None or round.closed_at is None:
        return
    if round.level == NOBODY_CAN_TELL:
        for person in outbox.receivers(ctx.session, f"rounds.nudge.{round.id}"):
            ctx.post(ToPerson(person), f"rounds.nudge.{round.id}", anonymous_views.nudge_closed, round)
        return
    still_open = rules.may_answer(round.closed_at, ctx.now)
    respondents, so_far = rounds.respondents(ctx.session, key(round)), _drafts(ctx, round)
    for person in outbox.receivers(ctx.session, asked):
        takes_answers = still_open and person not in respondents
        ctx.post(
            ToPerson(person),
            asked,
            views.nudge_closed,
            round,
            round.closed_at,
            takes_answers=takes_answers,
            so_far=so_far.get(person, NOTHING),
        )


@feature.redraw("quiet")
def redraw_quiet(ctx: Context, value: str) -> None:
    """Tell the facilitators who were told that nobody answered, if somebody has since."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    answered_by = rounds.answered_by(ctx.session, key(round)) if round else ()
    if round and answered_by:
        for person in outbox.receivers(ctx.session, told := f"rounds.quiet.{round.id}"):
            ctx.post(ToPerson(person), told, _no_longer_quiet, round, answered_by)


def _no_longer_quiet(round: Round, answered_by: Sequence[int]) -> Message:
    return showing(summary_views.no_longer_quiet(round, len(answered_by)), answered_by)


def _attributed_answers(
    ctx: Context, round: Round, audiences: tuple[str, ...], *, is_signed: bool
) -> list[summary_views.AttributedAnswer]:
    """Return the answers to these audiences, with who wrote them only if `is_signed`."""
    rows = rounds.answers(ctx.session, key(round), audiences)
    names = people.names(ctx.session, [row.person_id for row in rows]) if is_signed else {}
    return [
        summary_views.AttributedAnswer(mention(id, names.get(id, "")) if is_signed else "", row)
        for row in rows
        for id in (row.person_id,)
    ]


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
    if round.closed_at is None and not facilitates:
        raise Refusal(summary_views.not_yet(round))
    answers = [
        each
        for each in _attributed_answers(
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
    may_weave = facilitates and round.closed_at is not None and bool(answers)
    return _one_page(round, items, wanted, note, may_weave=may_weave)


def _one_page(round: Round, items: Sequence[Part], wanted: int, note: str, *, may_weave: bool) -> Message:
    pages = rules.pages([Message((part,)).size for part in items], summary_views.PAGE) or [[]]
    shown = min(max(wanted, 1), len(pages))
    here = [items[i] for i in pages[shown - 1]]
    return summary_views.reading(round, here, shown, len(pages), note, may_weave=may_weave)


@feature.click("themes", needs=Role.FACILITATOR)
def ask_for_themes(ctx: Context, event: Click) -> Reply:
    return summary_views.themes_form(_closed(ctx, event.value))


def _closed(ctx: Context, id: str) -> Round:
    """Return a closed round, or refuse: themes are shown in the summary, which is posted when a round closes."""
    round = find(ctx, id)
    if round.closed_at is None:
        raise Refusal(summary_views.not_yet(round))
    return round


@feature.form("themes", needs=Role.FACILITATOR)
def add_themes(ctx: Context, event: Submission) -> Reply:
    round = _closed(ctx, event.value)
    round.themes = event.answers.get("themes", "")[:800]
    ctx.session.flush()
    ctx.audit("rounds.themes", f"round {round.id}")
    post_summary(ctx, round)
    return summary_views.themes_added()


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
