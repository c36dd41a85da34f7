"""The workbook: in chat as a summary with its latest words, as a page to print, and as a Markdown file."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from bot.cadence.calendar_names import long_date
from bot.features.personal_data.written_views import Item
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Attachment, Button, Message, Note, Page, Part, Quote, Section, Text
from bot.ui.markup import clean, cut, esc, moment

LATEST = 3  # entries shown in chat
# CommonMark: what is markup anywhere, and what is so at the beginning of a line.
MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
LEADING = re.compile(r"^(\s*\d*)([-+=.)])")


@dataclass(frozen=True)
class WorkbookEntry:
    """One thing in a workbook. `label` names its kind, in English: "Reflections"."""

    label: str
    at: datetime
    item: Item


def shown(entries: Sequence[WorkbookEntry], zone: ZoneInfo, *, has_pages: bool) -> Message:
    """Say what is in it, with the latest words."""
    kinds = Counter(_(entry.label) for entry in entries)
    counts = ", ".join(f"{esc(label)}: {n}" for label, n in kinds.most_common())
    since = _("Since {month}.").format(month=esc(_month(entries[0].at, zone)))
    parts: list[Part] = [Text(f"{since} {counts}.")]
    for entry in entries[: -LATEST - 1 : -1]:
        parts += [Text(f"{moment(entry.at, 'day')} · {esc(_(entry.label))}"), Quote(entry.item.excerpt)]
    note = _("Only you can see your workbook. Anonymous answers aren’t in it, because I don’t know whose they are.")
    actions = [Button(_("Open as a page"), "mydata.workbook_page")] if has_pages else []
    actions += [Button(_("Get the file"), "mydata.workbook_file"), Button(_("All my data"), "mydata.show")]
    return Message((*parts, Note(note)), title=_("Your workbook"), actions=tuple(actions))


def page(entries: Sequence[WorkbookEntry], zone: ZoneInfo) -> Page:
    sections = [
        Section(month, tuple(part for entry in group for part in _parts(entry)))
        for month, group in _months(entries, zone)
    ]
    if not sections:
        sections = [Section(_("Nothing yet"), (Text(empty()),))]
    return Page(_("Your workbook"), tuple(sections), _("What you wrote, tried and decided, from the beginning."))


def _parts(entry: WorkbookEntry) -> list[Part]:
    item = entry.item
    heading = f"{moment(entry.at, 'day')} · {esc(_(entry.label))}"
    if item.about:
        heading += f" · {esc(cut(item.about, 300))}"
    parts: list[Part] = [Text(heading)]
    parts += [Quote(text, by=esc(label)) for label, text in _words(item)]
    return [*parts, Note(_who(item))]


def _words(item: Item) -> list[tuple[str, str]]:
    """Return the texts of one thing, each with what it is called where there are several."""
    texts = [(_(label) if label else "", text) for label, text in item.words if text]
    return texts if len(texts) > 1 else [("", text) for _label, text in texts]


def _who(item: Item) -> str:
    """Say in which community it was written, and who can read it there."""
    readers = _("Who can see it: {who}").format(who=item.readers) if item.readers else ""
    return " · ".join(filter(None, (esc(cut(item.community, 80)), readers)))


def file(entries: Sequence[WorkbookEntry], name: str, zone: ZoneInfo, now: datetime) -> Message:
    attachment = Attachment(
        f"workbook-{now.astimezone(zone):%Y%m%d}.md", markdown(entries, name, zone), "text/markdown"
    )
    text = _("Your workbook, with every word of it. Keep it where only you can read it.")
    return Message((Text(text),), attachment=attachment)


def markdown(entries: Sequence[WorkbookEntry], name: str, zone: ZoneInfo) -> str:
    """Write it as CommonMark. What the person typed is quoted and escaped, so that it can’t pass for a heading."""
    lines = ["# " + (_("Workbook of {name}").format(name=_literal(name)) if name else _("Your workbook"))]
    for month, group in _months(entries, zone):
        lines += ["", f"## {month}"]
        for entry in group:
            item = entry.item
            about = f": {_literal(' '.join(item.about.split()))}" if item.about else ""
            lines += ["", f"### {long_date(entry.at.astimezone(zone).date())}, {_literal(_(entry.label))}{about}"]
            for label, text in _words(item):
                lines += ["", *([f"**{_literal(label)}**", ""] if label else []), *_quoted(text)]
            if who := _who(item):
                lines += ["", f"*{who}*"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> list[str]:
    # Two spaces at its end break a line where the person broke it.
    return [f"> {_literal(line)}  " if line.strip() else ">" for line in text.splitlines()]


def _literal(typed: str) -> str:
    """Escape what would be markup in a Markdown file, and no more: people also read the file as it is."""
    return LEADING.sub(r"\1\\\2", MARKUP.sub(r"\\\1", clean(typed)))


def _months(entries: Sequence[WorkbookEntry], zone: ZoneInfo) -> list[tuple[str, list[WorkbookEntry]]]:
    return [(month, list(group)) for month, group in groupby(entries, key=lambda entry: _month(entry.at, zone))]


def _month(at: datetime, zone: ZoneInfo) -> str:
    return format_skeleton("yMMMM", at.astimezone(zone), locale=locale().replace("-", "_"))


def empty() -> str:
    return _(
        "Your workbook is empty so far. It fills with what you answer, reflect on and commit to. Only you can see it."
    )
