"""`make audit`: which dependencies have known vulnerabilities, and which couldn't be looked up.

Reads the JSON that pip-audit prints. Exits with 1 if a vulnerability is known, and with 2 if not everything could be
looked up. With `--known`, as in CI, only the first fails: a machine without internet isn't the change's fault.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any


def verdict(text: str) -> tuple[int, list[str]]:
    """Return the exit code, and the lines to print."""
    try:
        parts: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        parts = []
    if not parts:
        return 2, ["Nobody could be asked: pip-audit gave no answer. Try again where the internet can be reached."]
    weak = [line for part in parts for line in _weaknesses(part)]
    unknown = [str(part["name"]) for part in parts if "skip_reason" in part]
    said = [*weak]
    if unknown:
        said.append(f"{len(unknown)} of {len(parts)} parts could not be looked up, so nothing is known of them.")
    if not weak and len(parts) > len(unknown):
        said.append(f"Of the other {len(parts) - len(unknown)}, none has a known weakness.")
    return (1 if weak else 2 if unknown else 0), said


def _weaknesses(part: dict[str, Any]) -> Iterator[str]:
    for found in part.get("vulns", ()):
        mended = ", ".join(found.get("fix_versions", ())) or "none yet"
        yield f"{part['name']} {part.get('version', '')}: {found['id']}. Mended in: {mended}."


def main(text: str, *, known: bool = False) -> int:
    code, said = verdict(text)
    print("\n".join(said))
    return 0 if known and code == 2 else code


if __name__ == "__main__":
    sys.exit(main(sys.stdin.read(), known="--known" in sys.argv))
