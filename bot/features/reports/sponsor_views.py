"""The report for sponsors: in chat to whoever makes it, as a page to print, and as a file."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain import csv_files
from bot.domain.measures import Ratio
from bot.domain.suppression import LEAST
from bot.features.reports.figures import day, percent
from bot.features.reports.sponsors import SponsorReport
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_TABLE_ROWS,
    Attachment,
    Button,
    Facts,
    Message,
    Note,
    Page,
    Part,
    Section,
    Table,
    Text,
)
from bot.ui.markup import cut, esc


def message(report: SponsorReport, buttons: tuple[str, str], value: str, *, has_pages: bool) -> Message:
    """Show it to whoever makes it. `buttons` are the actions that make a page and a file."""
    page, file = buttons
    note = _(
        "No names, no answers, and nothing of one community by itself. You choose whom you send the file or the "
        "printed page to. I send it to no one. Each community’s audit log says that you made it."
    )
    actions = [Button(_("Open as a page"), page, value)] if has_pages else []
    actions += [Button(_("Get the file"), file, value)]
    return Message((*_figures(report), Note(note)), title=cut(_title(report), 100), actions=tuple(actions))


def page(report: SponsorReport) -> Page:
    parts = tuple(_figures(report))
    sections = (Section(_("Taking part"), parts), Section(_("How this is counted"), (Text(_counting()),)))
    about = f"{_period(report)} {esc(_over(report))}"
    return Page(cut(_title(report), 100), sections, about)


def file(report: SponsorReport) -> Message:
    rows: list[tuple[str, str, int | str, int | str]] = [
        ("members who took part", "", report.reach.part, report.reach.whole),
        *(("members who took part", group.name, group.part, group.whole) for group in report.groups.shown),
    ]
    if report.groups.others:
        rows.append(("members who took part", "others", report.groups.others.part, report.groups.others.whole))
    rows += [("answers", "", report.answered.part, report.answered.whole), ("questions", "", report.questions, "")]
    if report.attendance:
        rows.append(("attendance", "", report.attendance.part, report.attendance.whole))
    rows += [
        ("meetings", "", report.meetings, ""),
        ("resources", "", report.resources, ""),
        ("people helped by a resource", "", report.reuse, ""),
    ]
    headings = ("name", "communities", "from", "until", "zone", "measure", "role", "at_least", "of")
    since, until = report.since.astimezone(report.zone), report.until.astimezone(report.zone)
    same = (report.name, str(report.communities), since.isoformat(), until.isoformat(), str(report.zone))
    body = csv_files.write(headings, [(*same, *map(str, row)) for row in rows])
    attachment = Attachment(f"for-sponsors-{report.since:%Y%m%d}.csv", body, csv_files.CONTENT_TYPE)
    text = _("The report for sponsors as a file. Counts are rounded down in steps of {n}.").format(n=LEAST)
    return Message((Text(text), Note(_("It names no one, and holds no answers."))), attachment=attachment)


def too_few() -> str:
    return _(
        "Fewer than {n} people took part in that time, so a report for sponsors would be about each of them. Nothing "
        "was made."
    ).format(n=LEAST)


def not_a_convener() -> str:
    return _("Only conveners of a program can make its report for sponsors. To see who they are, open the program.")


def _title(report: SponsorReport) -> str:
    return _("For sponsors: {name}").format(name=report.name)


def _period(report: SponsorReport) -> str:
    last = day(report.until - timedelta(seconds=1), report.zone)
    return _("From {first} to {last}.").format(first=day(report.since, report.zone), last=last)


def _over(report: SponsorReport) -> str:
    return ngettext("About one community.", "About {n} communities together.", report.communities).format(
        n=report.communities
    )


def _figures(report: SponsorReport) -> Sequence[Part]:
    of_members = _("at least {part} of {whole} members")
    rows = [
        (_("Period"), _period(report)),
        (_("Took part at least once"), of_members.format(part=report.reach.part, whole=report.reach.whole)),
        (_("Questions asked"), str(report.questions)),
        (_("Answers"), _share(report.answered)),
        (_("Meetings"), str(report.meetings)),
    ]
    if report.attendance:
        rows.append((_("Attendance"), _share(report.attendance)))
    rows += [
        (_("Resources shared"), _least(report.resources)),
        (_("People helped by one"), _least(report.reuse)),
    ]
    parts: list[Part] = [Facts(tuple(rows))]
    groups = report.groups
    if groups.shown:
        lines = [(g.name or _("No role given"), _least(g.part), str(g.whole)) for g in groups.shown]
        if groups.others:
            lines.append((_("Others"), _least(groups.others.part), str(groups.others.whole)))
        parts.append(Table((_("Role"), _("Took part"), _("Members")), tuple(lines[:MAX_TABLE_ROWS]), _("By role")))
    return parts


def _share(ratio: Ratio) -> str:
    if ratio.share is None:
        return _("fewer than {n} asked").format(n=LEAST)
    return _("at least {part} of {whole} ({share})").format(
        part=ratio.part, whole=ratio.whole, share=percent(ratio.share)
    )


def _least(count: int) -> str:
    return _("at least {n}").format(n=count) if count else _("fewer than {n}").format(n=LEAST)


def _counting() -> str:
    return _(
        "- **Took part:** answered a question, was at a meeting, or caught up on one. Each person counts once.\n"
        "- **Answers:** of everyone who was asked. Anonymous check-ins aren’t counted.\n"
        "- **Attendance:** of everyone who was expected, at meetings where someone said who was there.\n"
        "- **At least:** counts are rounded down in steps of {n}, and a role with fewer than {n} people who took part "
        "is shown only together with others. So no one can be told apart.\n"
        "- A community of practice is compared only with itself. These numbers say nothing about its quality."
    ).format(n=LEAST)
