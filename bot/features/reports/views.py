"""The report of a season: in chat, as a page, and as a file. The page and the file name nobody."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain import csv_files
from bot.domain.measures import Ratio
from bot.domain.suppression import LEAST
from bot.features.reports import course_views, measure_views
from bot.features.reports.answers import RoundLine
from bot.features.reports.figures import day, decimal, percent, short_day
from bot.features.reports.report import Report
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_CHOICES,
    MAX_POINTS,
    MAX_TABLE_ROWS,
    Action,
    Attachment,
    Button,
    Chart,
    Facts,
    Message,
    Note,
    Page,
    Part,
    Point,
    Section,
    Select,
    Table,
    Text,
)
from bot.ui.markup import as_many, cut, esc, mention
from storage.learning.rounds import CHECKIN

# Rounds in the chart of a message. The page shows more.
MOST_IN_CHAT = 10
# Visible characters for the names of those not heard from.
ROOM_FOR_NAMES = 400
NONE = "–"


def message(report: Report, value: str, *, has_pages: bool) -> Message:
    """Show the report to a facilitator in chat. `value` names the season to the buttons."""
    title = cut(_title(report), 100)
    if not report.rounds and not report.reach.part:
        return Message((Text(_nothing_yet(report)),), title=title)
    parts: list[Part] = [Facts((*_facts(report), *measure_views.rows_in_chat(report)))]
    if report.rounds:
        parts.append(_by_round(report, MOST_IN_CHAT))
    if table := _groups(report):
        parts.append(table)
    if report.unheard:
        names = as_many([mention(person, name) for person, name in report.unheard], ROOM_FOR_NAMES)
        parts.append(Text(_("Not heard from yet, and fine with you knowing: {names}").format(names=", ".join(names))))
    parts.append(Note(_("Only you can see this. The page and the file name no one.")))
    buttons = [Button(_("Open as a page"), "reports.page", value)] if has_pages else []
    buttons += [Button(_("Get the file"), "reports.file", value)] if report.rounds else []
    buttons.append(Button(_("Report for sponsors"), "reports.sponsors", value))
    actions: list[Action] = [*buttons]
    if report.courses:
        # Those asked last come first, where there are more than a menu holds.
        choices = tuple(course_views.choice(course) for course in reversed(report.courses[-MAX_CHOICES:]))
        actions.append(Select(_("A question over time"), "reports.question", choices, value))
    return Message(tuple(parts), title=title, actions=tuple(actions))


def page(report: Report) -> Page:
    """Show the report as a page. It names nobody, since whoever has its link can read it."""
    answers: list[Part] = [Facts(tuple(_facts(report, answers_only=True)))]
    if report.rounds:
        answers.append(_by_round(report, MAX_POINTS))
    taking_part: list[Part] = [Facts(tuple(_reach_facts(report)))]
    if table := _groups(report):
        taking_part.append(table)
    sections = [Section(_("Answers"), tuple(answers)), Section(_("Who took part"), tuple(taking_part))]
    sections += measure_views.sections(report)
    sections += [
        Section(course_views.title(course), course_views.parts(course, report.zone)) for course in report.courses
    ]
    if report.rounds:
        sections.append(Section(_("Every question"), (_rounds(report),)))
    sections.append(Section(_("How this is counted"), (Text(_counting()),)))
    first, last = day(report.since, report.zone), day(report.until - timedelta(seconds=1), report.zone)
    about = _("From {first} to {last}. {community} is compared only with itself.")
    about = about.format(first=first, last=last, community=esc(report.community))
    return Page(cut(_title(report), 100), tuple(sections), about)


def file(report: Report) -> Message:
    """Hand the rounds over as a file. It names nobody."""
    headings = ("season", "opened", "closed", "zone", "kind", "question", "asked", "answered", "share", "late")
    rows = [
        (
            report.season,
            line.opened_at.astimezone(report.zone).isoformat(),
            line.closed_at.astimezone(report.zone).isoformat(),
            str(report.zone),
            line.kind,
            line.name,
            str(line.answered.whole),
            str(line.answered.part),
            "" if _height(line) is None else f"{line.answered.share:.3f}",
            str(line.late),
        )
        for line in report.rounds
    ]
    name = f"participation-{report.since:%Y%m%d}.csv"
    attachment = Attachment(name, csv_files.write(headings, rows), csv_files.CONTENT_TYPE)
    text = _("Every question of this report as a file: how many I asked, and how many answered.")
    return Message((Text(text), Note(_("It names no one."))), attachment=attachment)


def no_such_season(typed: str, names: Sequence[str]) -> str:
    if not names:
        return _("There are no seasons here yet, so there’s one report of everything. For that, use the command alone.")
    known = ", ".join(esc(name) for name in names[:10])
    text = _("I don’t know the season “{typed}”. The seasons here: {names}.")
    return text.format(typed=esc(cut(typed, 80)), names=known)


def question_gone() -> str:
    return _("That question is gone from the report. The report command shows those that are in it.")


def season_gone() -> str:
    return _("That season is gone. The report command shows the one that’s on.")


def _title(report: Report) -> str:
    return _("Report: {season}").format(season=report.season) if report.season else _("Report: all time")


def _nothing_yet(report: Report) -> str:
    return _("Nothing to count yet. The report starts with the first question that closes, or the first meeting.")


# --- figures in words


def _facts(report: Report, *, answers_only: bool = False) -> list[tuple[str, str]]:
    rate = _("{share} of those asked ({part} of {whole})")
    facts = []
    if report.rounds:
        facts.append((_("Answered"), _ratio(report.answered, rate)))
        if report.before and report.before.share is not None:
            facts.append((_("The season before"), _ratio(report.before, rate)))
        questions = ngettext(
            "one question (late answers: {late})", "{n} questions (late answers: {late})", len(report.rounds)
        )
        facts.append((_("Asked"), questions.format(n=len(report.rounds), late=report.late)))
    return facts if answers_only else facts + _reach_facts(report)


def _reach_facts(report: Report) -> list[tuple[str, str]]:
    facts = [(_("Took part at least once"), _reach(report))]
    if report.evenness is not None and report.top_share is not None:
        shared = _("{evenness} of 1. The most active fifth did {share}.")
        evenness = decimal(report.evenness)
        facts.append((_("Evenness"), shared.format(evenness=evenness, share=percent(report.top_share))))
    return facts


def _reach(report: Report) -> str:
    """Say how many took part. Who only answered anonymously is not known, and can only make it more."""
    part, whole = report.reach.part, report.reach.whole
    if report.unsigned is None:
        return _("{part} of {whole} members").format(part=part, whole=whole)
    if report.unsigned > part:
        return _("at least {part} of {whole} members, by an anonymous check-in").format(
            part=min(report.unsigned, whole), whole=whole
        )
    return _("{part} of {whole} members, without those who only answered anonymously").format(part=part, whole=whole)


def _ratio(ratio: Ratio, words: str) -> str:
    if ratio.share is None:
        return _("{part} of {whole}").format(part=ratio.part, whole=ratio.whole)
    return words.format(share=percent(ratio.share), part=ratio.part, whole=ratio.whole)


def _by_round(report: Report, most: int) -> Chart:
    lines = report.rounds[-most:]
    points = tuple(Point(short_day(line.opened_at, report.zone), _height(line), _shown(line)) for line in lines)
    return Chart(
        "line",
        _("Share of those asked who answered"),
        _rise(lines),
        (_("Opened"), _("Answered")),
        points,
        least=0,
        most=100,
    )


def _height(line: RoundLine) -> float | None:
    return None if line.is_anonymous or line.answered.share is None else 100 * line.answered.share


def _shown(line: RoundLine) -> str:
    if line.is_anonymous:
        return _answers_of(line)
    count = f"{line.answered.part}/{line.answered.whole}"
    return count if line.answered.share is None else f"{percent(line.answered.share)} ({count})"


def _answers_of(line: RoundLine) -> str:
    """Say how many answered; of an anonymous check-in only in steps, so that no answer can be told from the others."""
    if not line.is_anonymous:
        return str(line.answered.part)
    return _("{n} or more").format(n=line.answered.part) if line.answered.part else NONE


def _rise(lines: Sequence[RoundLine]) -> str:
    """Say in a sentence what the chart of these rounds shows."""
    named = [line.answered for line in lines if not line.is_anonymous]
    shares = [each.share for each in named if each.share is not None]
    if not shares:
        return _("There’s no share to show: fewer than {n} people were asked, or anonymously.").format(n=LEAST)
    low, high, last = percent(min(shares)), percent(max(shares)), percent(shares[-1])
    if low == high:
        return _("{share} of those asked answered.").format(share=last)
    return _("Between {low} and {high} of those asked answered; the last time {last}.").format(
        low=low, high=high, last=last
    )


def _groups(report: Report) -> Table | None:
    groups = report.groups
    if not groups.shown:
        return None
    rows = [(group.name or _("No role given"), f"{group.part}", f"{group.whole}") for group in groups.shown]
    if groups.others:
        rows.append((_("Others"), f"{groups.others.part}", f"{groups.others.whole}"))
    return Table((_("Role"), _("Took part"), _("Members")), tuple(rows[:MAX_TABLE_ROWS]), _("By role"))


def _rounds(report: Report) -> Table:
    lines = reversed(report.rounds[-MAX_TABLE_ROWS:])
    rows = tuple(
        (
            short_day(line.opened_at, report.zone),
            cut(" ".join(line.name.split()), 120),
            f"{line.answered.whole}",
            _answers_of(line),
            NONE if line.is_anonymous or line.answered.share is None else percent(line.answered.share),
            f"{line.late}",
            _("Check-in") if line.kind == CHECKIN else _("Reflection prompt"),
        )
        for line in lines
    )
    headings = (_("Opened"), _("Question"), _("Asked"), _("Answered"), _("Share"), _("Late"), _("Kind"))
    return Table(headings, rows, _("Every question of the season, the newest first"))


def _counting() -> str:
    return _(
        "- **Asked:** members when a question closed. People who were away for most of the time don’t count, unless "
        "they answered, and neither do people whose accounts are off. I don’t save past snoozes, so people who snoozed "
        "count as asked.\n"
        "- **Answered:** whoever sent an answer, for any readers. Skipping isn’t an answer, and no one sees who "
        "skipped.\n"
        "- **Took part:** answered, was at a meeting, or caught up on one.\n"
        "- **Anonymous check-ins:** I forget who answered when one closes, so I can’t add people who did nothing else: "
        "that would tell who they are. If more people answered one than took part otherwise, I say that number, "
        "rounded down in steps of five. Anonymous check-ins count in no share.\n"
        "- **Evenness:** 1 minus the Gini coefficient of what each member did. At 1, everyone did the same.\n"
        "- **Few people:** nothing is worked out for fewer than {n} people. A small role is shown together with "
        "others, so no one can subtract it. Answers on a scale count only where everyone can read them."
    ).format(n=LEAST)
