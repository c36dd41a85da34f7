"""Measures of meetings, ties and resources in words: what each figure is, and what it means."""

from bot.domain.measures import Ratio
from bot.features.reports.figures import decimal, percent
from bot.features.reports.measurements import TIED_FOR, LibraryMeasures, MeetingMeasures, TieMeasures
from bot.features.reports.report import Report
from bot.i18n import gettext as _
from bot.ui import Facts, Note, Section

Row = tuple[str, str]


def rows_in_chat(report: Report) -> list[Row]:
    """Return the measures that a message has room for."""
    return [*_meetings(report.meetings), *_library(report.library)[:1], *_ties(report.ties)[:1]]


def sections(report: Report) -> list[Section]:
    """Return every measure with what it means, for a page. What nothing is known of is left out."""
    found = (
        (_("Meetings"), _meetings(report.meetings), _about_meetings),
        (_("Who helped whom"), _ties(report.ties), _about_ties),
        (_("Resources"), _library(report.library), _about_library),
    )
    return [Section(title, (Facts(tuple(rows)), Note(about()))) for title, rows, about in found if rows]


def _meetings(found: MeetingMeasures) -> list[Row]:
    rows = []
    if found.attendance:
        came = _("{share} of those expected ({part} of {whole} at {n} meetings)")
        rows.append((_("Attendance"), _words(found.attendance, came, n=found.meetings)))
    if found.continuity:
        steady = _("{part} of {whole} members were at three quarters of their meetings or more")
        rows.append((_("Continuity"), _words(found.continuity, steady)))
    return rows


def _about_meetings() -> str:
    return _(
        "Of meetings where someone said who was there. Members are expected from when they joined, unless they were "
        "away. Catching up later isn’t being there. People who left aren’t counted."
    )


def _ties(found: TieMeasures) -> list[Row]:
    if not found.density or not found.density.part:
        return []
    of_pairs = _("{part} of {whole} connected pairs")
    shown = (
        (_("Density"), found.density, _("{part} of {whole} pairs of members are connected ({share})")),
        (_("Not connected"), found.isolates, _("{part} of {whole} members")),
        (_("Reciprocity: helped both ways"), found.reciprocity, of_pairs),
        (_("Between two roles"), found.across_roles, of_pairs),
        (_("Between two organizations"), found.across_organizations, of_pairs),
    )
    rows = [(label, _words(ratio, words)) for label, ratio, words in shown if ratio]
    if found.centralization:
        everyone, without = found.centralization
        words = _("{all} of 1") if without is None else _("{all} of 1, and {without} without the facilitators")
        rows.append((_("Centralization"), words.format(all=decimal(everyone), without=decimal(without or 0.0))))
    return rows


def _about_ties() -> str:
    return _(
        "Two members are connected when one said that a resource of the other helped them, in the {n} days before the "
        "end. I see nothing else that people do for each other, so there’s more than this. Centralization is 1 if "
        "every connection is with one member, and 0 if all have equally many. More isn’t always better."
    ).format(n=TIED_FOR.days)


def _library(found: LibraryMeasures) -> list[Row]:
    if not found.reuse.whole:
        return []
    words = _("{part} people were helped by resources of others, and there are {whole} resources")
    rows = [(_("Reuse"), _words(found.reuse, words))]
    if found.reuse.share is not None:
        each = _("{n} people for each resource").format(n=decimal(found.reuse.share))
        rows.append((_("Reuse for each resource"), each))
    if found.elsewhere:
        outside = _("{part} of {whole} times")
        rows.append((_("Reuse by another organization"), _words(found.elsewhere, outside)))
    return rows


def _about_library() -> str:
    return _(
        "Of people who said that a resource helped them, each counted once. Organizations count only once they’re "
        "confirmed."
    )


def _words(ratio: Ratio, words: str, **more: int) -> str:
    share = "–" if ratio.share is None else percent(ratio.share)
    return words.format(part=ratio.part, whole=ratio.whole, share=share, **more)
