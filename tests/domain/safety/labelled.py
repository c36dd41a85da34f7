"""Three hundred sentences that another person labelled, and what a detector makes of them."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = ("name", "id", "birth_date", "email", "small_group")


@dataclass(frozen=True)
class Sentence:
    """`span` is the part that the reader marked as `kind`, "" in a sentence that is clean."""

    language: str
    kind: str
    span: str
    text: str


@dataclass(frozen=True)
class Figures:
    """`found` and `marked` by language and kind; `alarms` of the `clean` ones by language. `wrong` are to read."""

    found: dict[tuple[str, str], int]
    marked: dict[tuple[str, str], int]
    wrong: tuple[Sentence, ...]

    def recall(self, kind: str) -> float:
        """Return the part that was found of what was marked. Of the clean ones, it is the part with an alarm."""
        found = sum(n for (_language, each), n in self.found.items() if each == kind)
        return found / sum(n for (_language, each), n in self.marked.items() if each == kind)


def load() -> list[Sentence]:
    with (Path(__file__).parent / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row and row[0] in ("en", "es")
        ]
    return [Sentence(language, kind, span if span != "-" else "", text) for language, kind, span, text in rows]


# Returns the start, end and kind of what a detector sees.
Detector = Callable[[str], Sequence[tuple[int, int, str]]]


def measure(sentences: Sequence[Sentence], detector: Detector) -> Figures:
    found: dict[tuple[str, str], int] = {}
    marked: dict[tuple[str, str], int] = {}
    wrong = []
    for each in sentences:
        key = (each.language, each.kind)
        marked[key] = marked.get(key, 0) + 1
        seen = detector(each.text)
        if each.kind == "clean":
            is_hit = bool(seen)
        else:
            start = each.text.index(each.span)
            is_hit = any(kind == each.kind and s < start + len(each.span) and start < e for s, e, kind in seen)
        found[key] = found.get(key, 0) + is_hit
        if is_hit == (each.kind == "clean"):
            wrong.append(each)
    return Figures(found, marked, tuple(wrong))
