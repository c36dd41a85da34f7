"""A question over time in words: a chart, and a table for what has several options. The numbers are always text."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.answer_words import words_of
from bot.domain.measures import Spread
from bot.domain.questions import Question, QuestionType
from bot.domain.suppression import LEAST
from bot.features.reports.courses import Course, CourseRound
from bot.features.reports.figures import day, decimal, percent, short_day
from bot.i18n import gettext as _
from bot.ui import MAX_CHOICE, MAX_HEADING, MAX_POINTS, MAX_TABLE_ROWS, Chart, Message, Note, Part, Point, Table
from bot.ui.markup import cut

# Rounds beside each other in a table: as many columns as there are, without the first.
MOST_ROUNDS = 9
MOST_IN_CHAT = 10
NONE = "–"


def title(course: Course) -> str:
    return cut(" ".join((words_of(course.question) or _("How is it going?")).split()), MAX_HEADING)


def choice(course: Course) -> tuple[str, str]:
    """Return the course as a choice of a menu."""
    return course.id, cut(title(course), MAX_CHOICE)


def message(course: Course, zone: ZoneInfo) -> Message:
    """Show one question to a facilitator in chat."""
    shown = parts(course, zone, most=MOST_IN_CHAT)
    return Message((*shown, Note(_("Only you can see this."))), title=title(course))


def parts(course: Course, zone: ZoneInfo, most: int = MAX_POINTS) -> tuple[Part, ...]:
    rounds = course.rounds[-most:]
    match course.question.type:
        case QuestionType.YES_NO:
            return (_yes(rounds, zone),)
        case QuestionType.ONE_OF | QuestionType.SEVERAL:
            return _newest(course, zone), _options(course, zone)
        case QuestionType.DATE:
            return (_dates(rounds, zone),)
        case QuestionType.NUMBER:
            return (_numbers(rounds, zone),)
    return (_points(course.question, rounds, zone),)


def _points(question: Question, rounds: Sequence[CourseRound], zone: ZoneInfo) -> Chart:
    low, high = int(question.points[0]), int(question.points[-1])
    named = _("The middle answer, from {low} to {high}").format(
        low=_end(low, question.low_end), high=_end(high, question.high_end)
    )
    points = tuple(_spread_point(each, zone, _span(each.spread)) for each in rounds)
    return Chart("spread", cut(named, MAX_HEADING), _went(rounds), _headings(), points, low, high)


def _numbers(rounds: Sequence[CourseRound], zone: ZoneInfo) -> Chart:
    points = tuple(_spread_point(each, zone, _span(each.spread)) for each in rounds)
    return Chart("spread", _("The middle number"), _went(rounds), _headings(), points, _lowest(points))


def _dates(rounds: Sequence[CourseRound], zone: ZoneInfo) -> Chart:
    points = tuple(_spread_point(each, zone, _days(each, zone)) for each in rounds)
    told = [_date(each.opened_at, each.spread.middle, zone) for each in rounds if each.spread]
    finding = _("The last time, the middle date was {day}.").format(day=told[-1]) if told else _none_told()
    named = _("The middle date, in days from when I asked")
    return Chart("spread", named, finding, (_("Opened"), _("Middle date")), points, _lowest(points))


def _lowest(points: Sequence[Point]) -> float:
    return min([0.0, *(point.low for point in points if point.low is not None)])


def _yes(rounds: Sequence[CourseRound], zone: ZoneInfo) -> Chart:
    shares = [_share(each, "yes") for each in rounds]
    points = tuple(
        Point(_opened(each, zone), None if share is None else 100 * share, _shown(each, "yes"))
        for each, share in zip(rounds, shares, strict=True)
    )
    told = [share for share in shares if share is not None]
    finding = _none_told()
    if told:
        finding = _("Between {low} and {high} said yes. The last time it was {last}.").format(
            low=percent(min(told)), high=percent(max(told)), last=percent(told[-1])
        )
    return Chart("line", _("Share of answers that were yes"), finding, (_("Opened"), _("Yes")), points, 0, 100)


def _none_told() -> str:
    return _("Fewer than {n} people answered each time.").format(n=LEAST)


def _newest(course: Course, zone: ZoneInfo) -> Chart:
    """Draw the shares of the newest round that has enough answers."""
    [*_earlier, last] = [each for each in course.rounds if each.counts is not None]
    points = tuple(
        Point(cut(label, 40), 100 * (_share(last, id) or 0.0), _shown(last, id))
        for id, label in course.options
        if id in last.offered or (last.counts or {}).get(id)
    )
    top = max(points, key=lambda point: point.value or 0.0)
    finding = _("Chosen most: {option}, by {shown}.").format(option=top.label, shown=top.shown)
    if course.question.type is QuestionType.SEVERAL:
        finding += " " + _("Each could choose several.")
    named = _("The last time, {day}").format(day=day(last.opened_at, zone))
    return Chart("bars", named, cut(finding, 300), (_("Answer"), _("Share")), points, 0, 100)


def _options(course: Course, zone: ZoneInfo) -> Table:
    """List each option over the newest rounds. One that could not be chosen then has no share."""
    rounds = course.rounds[-MOST_ROUNDS:]
    rows = []
    for id, label in course.options[:MAX_TABLE_ROWS]:
        cells = [_shown(each, id) if id in each.offered or (each.counts or {}).get(id) else NONE for each in rounds]
        rows.append((cut(label, 60), *cells))
    rows = [*rows, (_("People"), *(str(each.count) if each.count >= LEAST else _too_few() for each in rounds))]
    headings = (_("Answer"), *(_opened(each, zone) for each in rounds))
    return Table(headings, tuple(rows[:MAX_TABLE_ROWS]), _("Shares, round by round"))


def _share(found: CourseRound, value: str) -> float | None:
    return None if found.counts is None else found.counts.get(value, 0) / found.count


def _shown(found: CourseRound, value: str) -> str:
    share = _share(found, value)
    if share is None or found.counts is None:
        return _too_few()
    return _("{share} ({part} of {whole})").format(
        share=percent(share), part=found.counts.get(value, 0), whole=found.count
    )


def _too_few() -> str:
    return _("fewer than {n} answers").format(n=LEAST)


def _opened(found: CourseRound, zone: ZoneInfo) -> str:
    opened = short_day(found.opened_at, zone)
    return _("{day}, reworded").format(day=opened) if found.is_reworded else opened


def _spread_point(found: CourseRound, zone: ZoneInfo, shown: str) -> Point:
    spread = found.spread
    if spread is None:
        return Point(_opened(found, zone), None, _too_few())
    return Point(_opened(found, zone), spread.middle, shown, spread.low, spread.high)


def _span(spread: Spread | None) -> str:
    if spread is None:
        return ""
    return _("{middle} (half between {low} and {high}, {n} answers)").format(
        middle=decimal(spread.middle, 1), low=decimal(spread.low, 1), high=decimal(spread.high, 1), n=spread.count
    )


def _days(found: CourseRound, zone: ZoneInfo) -> str:
    if found.spread is None:
        return ""
    spread = found.spread
    low, middle, high = (_date(found.opened_at, days, zone) for days in (spread.low, spread.middle, spread.high))
    return _("{middle} (half between {low} and {high}, {n} answers)").format(
        middle=middle, low=low, high=high, n=spread.count
    )


def _date(opened_at: datetime, days: float, zone: ZoneInfo) -> str:
    return day(opened_at.astimezone(zone) + timedelta(days=int(days)), zone)


def _went(rounds: Sequence[CourseRound]) -> str:
    middles = [each.spread.middle for each in rounds if each.spread]
    if not middles:
        return _none_told()
    last, low, high = (decimal(each, 1) for each in (middles[-1], min(middles), max(middles)))
    if low == high:
        return _("The middle answer is {last}.").format(last=last)
    return _("The middle answer went from {low} to {high}; the last time it was {last}.").format(
        low=low, high=high, last=last
    )


def _end(point: int, words: str) -> str:
    return f"{point} ({words})" if words else f"{point}"


def _headings() -> tuple[str, str]:
    return _("Opened"), _("Middle answer")
