"""Write a person's data as Markdown to read and as JSON for other programs. Pure functions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Everything = Mapping[str, Sequence[Mapping[str, Any]]]


def as_json(everything: Everything) -> str:
    return json.dumps(everything, ensure_ascii=False, indent=2, default=_plain)


def as_markdown(everything: Everything) -> str:
    lines = ["# Everything Commonplace keeps about you"]
    for what, rows in everything.items():
        if not rows:
            continue
        lines += ["", f"## {what.capitalize()} ({len(rows)})"]
        for row in rows:
            lines.append("")
            lines += [f"- {name.replace('_', ' ')}: {_one_line(value)}" for name, value in row.items() if _says(value)]
    return "\n".join(lines) + "\n"


def _says(value: Any) -> bool:
    return value is not None and value != ""


def _one_line(value: Any) -> str:
    """Write a value after its name. Text of several lines is quoted, so that it cannot pass for a heading or field."""
    text = _plain(value)
    return text if "\n" not in text else "\n" + "\n".join(f"  > {line}" for line in text.splitlines())


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
