"""What an edit of a check-in keeps: which questions and options are the same as before. Pure functions.

Charts and exports follow a question by its key through all versions. A reworded question keeps its key. One of another
type, or with another scale, is another question: its answers can't be compared. Keys are never reused, so callers pass
those of all earlier versions as `used`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz

from bot.domain.question_lint import LONGEST_KEY
from bot.domain.questions import Condition, Option, Question, Questionnaire, QuestionType

# How alike two sentences are (of 100) when one is the other, reworded.
REWORDED = 60
# How many characters of a question's words its key shows.
SHOWN_IN_KEY = 24

Kind = Literal["added", "removed", "restarted", "reworded", "options", "required", "condition", "moved"]


@dataclass(frozen=True)
class Change:
    """What became of a question, named by its new key, or its old one if it was removed.

    "restarted": another type or scale takes its place, so a new line in the chart starts.
    """

    kind: Kind
    key: str


def same_series(before: Question, after: Question) -> bool:
    """Return whether answers to both can stand in one line of a chart."""
    if before.type != after.type:
        return False
    if before.type != QuestionType.SCALE:
        return True
    swapped = (before.low_end, before.high_end) == (after.high_end, after.low_end) and after.low_end != after.high_end
    return (before.low, before.high) == (after.low, after.high) and not swapped


def new_key(words: str, used: Collection[str]) -> str:
    """Return a key for a question or an id for an option: its first words, and a number if that was used before."""
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    slug = ""
    for part in re.findall(r"[a-z0-9]+", plain):
        if slug and len(slug) + 1 + len(part) > SHOWN_IN_KEY:
            break
        slug = f"{slug}_{part}" if slug else part[:SHOWN_IN_KEY]
    slug = slug or "q"
    assert len(slug) < LONGEST_KEY - 6
    if slug not in used:
        return slug
    return next(key for n in range(2, len(used) + 3) if (key := f"{slug}_{n}") not in used)


def carry_over(before: Sequence[Question], after: Sequence[Question], used: Iterable[str] = ()) -> tuple[Question, ...]:
    """Give the questions of an edited list the keys and option ids that they had before; new ones get new keys.

    `after` was read from what somebody wrote: its keys and ids are only good for its own conditions. A question is the
    one before it with the same words or, failing that, with the most alike. If it can't be in the same series, it gets
    a new key. `used` are keys of still earlier versions.
    """
    taken = {*used, *(question.key for question in before)}
    old_of = _pairs([question.words for question in before], [question.words for question in after], REWORDED)
    renamed: dict[str, Question] = {}
    out: list[Question] = []
    option_ids: dict[str, Mapping[str, str]] = {}
    for place, question in enumerate(after):
        old = before[old_of[place]] if place in old_of else None
        if old and same_series(old, question):
            key, known = old.key, old.options
        else:
            key, known = new_key(question.words, taken), ()
        taken.add(key)
        options, ids = _carry_options(known, question.options)
        option_ids[question.key] = ids
        condition = question.condition and _renamed(question.condition, renamed, option_ids)
        starter = question.starter or (old.starter if old and key == old.key else "")
        out.append(replace(question, key=key, options=options, condition=condition, starter=starter))
        renamed[question.key] = out[-1]
    return tuple(out)


def edited(asked: Sequence[Question], place: int, question: Question, used: Iterable[str] = ()) -> tuple[Question, ...]:
    """Put `question` in the place of another, whatever its words. It keeps the key if it's in the same series.

    Follow-ups follow it under the new key otherwise.
    """
    old = asked[place]
    if same_series(old, question):
        options, _ids = _carry_options(old.options, question.options)
        question = replace(question, key=old.key, options=options, starter=question.starter or old.starter)
        return (*asked[:place], question, *asked[place + 1 :])
    key = new_key(question.words, {*used, *(each.key for each in asked)})
    out = [*asked[:place], replace(question, key=key)]
    for each in asked[place + 1 :]:
        condition = each.condition
        if condition and condition.question == old.key:
            each = replace(each, condition=replace(condition, question=key))
        out.append(each)
    return tuple(out)


def _renamed(
    condition: Condition, renamed: Mapping[str, Question], option_ids: Mapping[str, Mapping[str, str]]
) -> Condition:
    parent = renamed.get(condition.question)
    if parent is None:
        return condition
    ids = option_ids[condition.question]
    return replace(condition, question=parent.key, values=tuple(ids.get(value, value) for value in condition.values))


def _carry_options(before: Sequence[Option], after: Sequence[Option]) -> tuple[tuple[Option, ...], dict[str, str]]:
    """Return the options with the ids they had, retired ones last, and the id that each id of `after` became.

    A label that was retired comes back as what it was. The only one removed is the only one added, relabelled.
    """
    old_of = _pairs([option.label for option in before], [option.label for option in after], REWORDED)
    lost = [place for place, old in enumerate(before) if place not in old_of.values() and not old.is_retired]
    new = [place for place in range(len(after)) if place not in old_of]
    if len(lost) == len(new) == 1 and lost == new:
        old_of[new[0]] = lost[0]
    taken = {option.id for option in before}
    out, ids = [], {}
    for place, option in enumerate(after):
        id = before[old_of[place]].id if place in old_of else new_key(option.label, taken)
        taken.add(id)
        ids[option.id] = id
        out.append(Option(id, option.label, option.is_retired))
    retired = [replace(old, is_retired=True) for place, old in enumerate(before) if place not in old_of.values()]
    return (*out, *retired), ids


def _pairs(before: Sequence[str], after: Sequence[str], alike: int) -> dict[int, int]:
    """Return for places of `after` those of `before` that are the same words, or the most alike of those left."""
    pairs: dict[int, int] = {}
    old, new = [_plain(text) for text in before], [_plain(text) for text in after]
    for place, words in enumerate(new):
        there = [n for n, each in enumerate(old) if each == words and n not in pairs.values()]
        if there:
            pairs[place] = min(there, key=lambda n: abs(n - place))
    likeness = sorted(
        (-fuzz.ratio(old[n], new[place]), abs(n - place), place, n)
        for place in range(len(new))
        for n in range(len(old))
        if place not in pairs and n not in pairs.values()
    )
    for minus, _distance, place, n in likeness:
        if -minus >= alike and place not in pairs and n not in pairs.values():
            pairs[place] = n
    return pairs


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def changes(before: Questionnaire, after: Questionnaire) -> tuple[Change, ...]:
    """Return what an edit changed, in the order of the new questions, with those removed last."""
    old = {question.key: question for question in before.questions}
    now = {question.key for question in after.questions}
    gone = [question for question in before.questions if question.key not in now]
    replaced: set[str] = set()
    out: list[Change] = []
    for question in after.questions:
        was = old.get(question.key)
        if was is None:
            likes = [each for each in gone if _plain(each.words) == _plain(question.words) and each.key not in replaced]
            replaced.update(each.key for each in likes[:1])
            out.append(Change("restarted" if likes else "added", question.key))
            continue
        differences: tuple[tuple[Kind, bool], ...] = (
            (
                "reworded",
                (was.words, was.low_end, was.high_end) != (question.words, question.low_end, question.high_end),
            ),
            ("options", was.options != question.options),
            ("required", was.is_required != question.is_required),
            ("condition", was.condition != question.condition),
        )
        out += [Change(kind, question.key) for kind, is_so in differences if is_so]
    stayed = [question.key for question in before.questions if question.key in now]
    order = [question.key for question in after.questions if question.key in old]
    out += [Change("moved", key) for key, was_key in zip(order, stayed, strict=True) if key != was_key]
    return (*out, *(Change("removed", each.key) for each in gone if each.key not in replaced))
