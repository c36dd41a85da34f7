"""Write records as Markdown for people, CSV for spreadsheets, or JSON for programs. Pure functions."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.domain import csv_files
from bot.features.export.record import ExportRecord
from storage.communities.communities import Community

FORMS = {"csv": csv_files.CONTENT_TYPE, "json": "application/json", "md": "text/markdown"}
HEADINGS = {
    "member": "Members",
    "meeting": "Meetings",
    "preparation": "Preparations",
    "task": "Tasks",
    "topic": "Topics",
    "notes": "Notes",
    "attendance": "Attendance",
    "reply": "You said, we did",
    "resource": "Resources",
    "question": "Questions",
}


def render(community: Community, entries: Sequence[ExportRecord], form: str) -> str:
    """Return the text of the file. `form` is one of FORMS."""
    match form:
        case "csv":
            return _as_csv(entries)
        case "json":
            records = [asdict(e) | {"at": e.at.isoformat() if e.at else None} for e in entries]
            whole = {"community": community.name, "purpose": community.purpose, "records": records}
            return json.dumps(whole, ensure_ascii=False, indent=2)
        case _:
            return _as_markdown(community, entries)


def _as_csv(entries: Sequence[ExportRecord]) -> str:
    rows = [(e.what, e.at.isoformat() if e.at else "", e.who, e.title, e.text, e.link, e.audience) for e in entries]
    return csv_files.write(("what", "at", "who", "title", "text", "link", "audience"), rows)


def _as_markdown(community: Community, entries: Sequence[ExportRecord]) -> str:
    lines = [f"# {_flat(community.name)}", "", _flat(community.purpose)]
    for what in dict.fromkeys(e.what for e in entries if e.what != "answer"):
        lines += ["", f"## {HEADINGS[what]}"]
        for e in entries:
            if e.what == what or (what == "question" and e.what == "answer"):
                lines += _markdown(e)
    return "\n".join(lines) + "\n"


def _markdown(e: ExportRecord) -> list[str]:
    day = f"{e.at:%Y-%m-%d}" if e.at else ""
    quoted = [f"> {line}" for line in e.text.splitlines()]
    if e.what == "answer":
        return ["", f"{_flat(e.who)}, {day}:", "", *quoted]
    head = " · ".join(part for part in (day, _flat(e.who), _flat(e.title), e.link) if part)
    return ["", f"### {head}", *(["", *quoted] if quoted else [])]


def _flat(text: str) -> str:
    return " ".join(text.split())
