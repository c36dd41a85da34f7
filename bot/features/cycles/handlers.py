"""Handlers for improvement cycles. Only their author reads them."""

from datetime import time

from bot.cadence import Unreadable
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.resolver import parse_id
from bot.domain.day_words import read_day
from bot.domain.touchpoints import local_moment
from bot.features.cycles import views
from bot.features.cycles.feature import feature
from bot.ui import FormErrors, Message, NextForm, Reply, ToPerson
from storage.communities import communities
from storage.learning import cycles
from storage.learning.cycles import ADAPTED, ADOPTED, LET_GO, ImprovementCycle
from storage.people import people

MOST = 1_000  # characters
NINE = time(9)
REMIND = "cycles.remind"


@feature.command("reflect cycles", help="Try a small change, predict what happens, and compare", reads=True)
def show_by_command(ctx: Context, event: Command) -> Reply:
    return _all(ctx)


@feature.click(signals.OPEN_CYCLES, reads=True)
def show(ctx: Context, event: Click) -> Reply:
    """Show one cycle with its chain, or all of the person's."""
    chosen = event.chosen[0] if event.chosen else event.value
    if not chosen:
        return _all(ctx)
    row = _mine(ctx, chosen)
    return views.one(row, cycles.chain(ctx.session, row))


def _all(ctx: Context) -> Reply:
    return views.every(cycles.of_person(ctx.session, ctx.community_id, ctx.me))


def _mine(ctx: Context, value: str, *, is_open: bool = False) -> ImprovementCycle:
    row = cycles.get(ctx.session, ctx.community_id, parse_id(value))
    if row is None or row.person_id != ctx.me:
        raise Refusal(views.gone())
    if is_open and row.decision:
        raise Refusal(views.finished())
    return row


@feature.click("start", reads=True)
def begin(ctx: Context, event: Click) -> Reply:
    return views.start_form(_adapting(ctx, event.value) if event.value else {}, event.value)


def _adapting(ctx: Context, value: str) -> dict[str, str]:
    row = _mine(ctx, value)
    return {"trying": row.trying, "measure": row.measure}


@feature.form("start", shared=())
def start(ctx: Context, event: Submission) -> Reply:
    """Start a cycle, or with a value the next one of a chain."""
    parent = _mine(ctx, event.value) if event.value else None
    typed = {name: event.answers.get(name, "").strip() for name in ("trying", "prediction", "do_on", "measure")}
    problems = {name: views.too_long(len(text), MOST) for name, text in typed.items() if len(text) > MOST}
    if not typed["trying"]:
        problems["trying"] = views.no_change()
    if not typed["prediction"]:
        problems["prediction"] = views.no_prediction()
    try:
        day = read_day(typed["do_on"], zone=ctx.zone.key, now=ctx.now)
    except Unreadable as why:
        problems["do_on"] = views.no_day(str(why), why.suggestion)
    if problems:
        kept = {name: text[:MOST] for name, text in typed.items()}
        return FormErrors(views.start_form(kept, event.value), problems)
    row = ImprovementCycle(
        community_id=ctx.community_id,
        person_id=ctx.me,
        parent_id=parent.id if parent else None,
        trying=typed["trying"],
        prediction=typed["prediction"],
        measure=typed["measure"],
        do_on=day,
        started_at=ctx.now,
    )
    cycles.add(ctx.session, row)
    return _planned(ctx, row)


def _planned(ctx: Context, row: ImprovementCycle) -> Message:
    """Set the reminder for the day, ask about one outside the seasons, and show what is planned."""
    ctx.cancel_timer(REMIND, str(row.id))
    at = local_moment(row.do_on, NINE, ctx.zone.key)
    if at > ctx.now:
        ctx.schedule_timer(REMIND, str(row.id), at=at)
    seasons = communities.seasons(ctx.session, ctx.community_id)
    outside = bool(seasons) and not any(season.starts <= row.do_on <= season.ends for season in seasons)
    return views.planned(row, at if at > ctx.now else None, outside_season=outside)


@feature.click("move", reads=True)
def ask_when(ctx: Context, event: Click) -> Reply:
    return views.date_form("", str(_mine(ctx, event.value, is_open=True).id))


@feature.form("move", shared=())
def move(ctx: Context, event: Submission) -> Reply:
    row = _mine(ctx, event.value, is_open=True)
    typed = event.answers.get("do_on", "").strip()
    try:
        row.do_on = read_day(typed, zone=ctx.zone.key, now=ctx.now)
    except Unreadable as why:
        return FormErrors(views.date_form(typed, event.value), {"do_on": views.no_day(str(why), why.suggestion)})
    ctx.session.flush()
    return _planned(ctx, row)


@feature.timer("remind")
def remind(ctx: Context, event: TimerFired) -> Reply:
    """Remind its author once, as a request: it counts towards what a person is asked in a week."""
    if ctx.community.paused:
        return None
    row = cycles.get(ctx.session, ctx.community_id, parse_id(event.value))
    if row and not row.decision and people.is_member(people.membership(ctx.session, ctx.community_id, row.person_id)):
        key = f"cycles.remind.{row.id}.{row.do_on}"
        ctx.post(ToPerson(row.person_id, is_request=True), key, views.reminder, row, ctx.community.name)
    return None


@feature.click("study", reads=True)
def ask_what_happened(ctx: Context, event: Click) -> Reply:
    return views.study_form(_mine(ctx, event.value, is_open=True), {})


@feature.form("study", shared=())
def study(ctx: Context, event: Submission) -> Reply:
    row = _mine(ctx, event.value, is_open=True)
    typed = {name: event.answers.get(name, "").strip() for name in ("result", "decision", "lesson")}
    problems = {name: views.too_long(len(text), MOST) for name, text in typed.items() if len(text) > MOST}
    if not typed["result"]:
        problems["result"] = views.no_result()
    if typed["decision"] not in (ADOPTED, ADAPTED, LET_GO):
        problems["decision"] = views.no_decision()
    if problems:
        return FormErrors(views.study_form(row, {name: text[:MOST] for name, text in typed.items()}), problems)
    row.result, row.lesson = typed["result"], typed["lesson"]
    _close(ctx, row, typed["decision"])
    card = views.one(row, cycles.chain(ctx.session, row))
    if row.decision == ADAPTED:
        return NextForm(views.start_form(_adapting(ctx, str(row.id)), str(row.id)), card)
    return card


@feature.click("let_go")
def let_go(ctx: Context, event: Click) -> Reply:
    """Ask what was learned the first time that somebody lets a cycle go; after that it simply closes."""
    row = _mine(ctx, event.value, is_open=True)
    if any(each.decision == LET_GO for each in cycles.of_person(ctx.session, ctx.community_id, ctx.me)):
        _close(ctx, row, LET_GO)
        return views.one(row, cycles.chain(ctx.session, row))
    return views.lesson_form(str(row.id))


@feature.form("let_go", shared=())
def save_lesson(ctx: Context, event: Submission) -> Reply:
    row = _mine(ctx, event.value, is_open=True)
    lesson = event.answers.get("lesson", "").strip()
    if len(lesson) > MOST:
        problem = {"lesson": views.too_long(len(lesson), MOST)}
        return FormErrors(views.lesson_form(event.value, lesson[:MOST]), problem)
    row.lesson = lesson
    _close(ctx, row, LET_GO)
    return views.one(row, cycles.chain(ctx.session, row))


def _close(ctx: Context, row: ImprovementCycle, decision: str) -> None:
    row.decision = decision
    ctx.session.flush()
    ctx.cancel_timer(REMIND, str(row.id))
