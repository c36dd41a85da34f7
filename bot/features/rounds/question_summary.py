"""A summary of several questions: of each a chart, or phrases and some of the words, compared with last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.answer_words import label_of, value_of, words_of
from bot.domain.questions import Question, QuestionType
from bot.domain.themes import Theme
from bot.features.rounds.rules import FEW
from bot.features.rounds.tallies import COUNTED, Change, Tally
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import MAX_HEADING, MAX_PARTS, Chart, Message, Note, Part, Point, Quote, Text
from bot.ui.markup import cut, esc

# Characters of one answer in a summary.
SHOWN = 240


@dataclass(frozen=True)
class Summed:
    """One question in a summary: its tally, what changed, phrases, and the words of some, as (who, words)."""

    tally: Tally
    change: Change | None = None
    themes: Sequence[Theme] = ()
    words: Sequence[tuple[str, str]] = ()


def parts(summed: Sequence[Summed], room: int, places: int = MAX_PARTS) -> list[Part]:
    """Return the parts for every question, in order. Words of people fill the room and the places that are left."""
    heads = [_head(each) for each in summed]
    left = room - sum(_size(head) for head in heads)
    places -= sum(map(len, heads))
    quoted: list[list[Part]] = [[] for _each in summed]
    most = max((len(each.words) for each in summed), default=0)
    # One of each question, then the next of each, so that the first question doesn't take all the room.
    for turn in range(most):
        for each, quotes in zip(summed, quoted, strict=True):
            if turn < len(each.words) and places > 0:
                by, words = each.words[turn]
                quote = Quote(cut(words, SHOWN), by=by)
                if _size([quote]) <= left:
                    quotes.append(quote)
                    left -= _size([quote])
                    places -= 1
    return [part for head, quotes in zip(heads, quoted, strict=True) for part in (*head, *quotes)]


def _size(some: Sequence[Part]) -> int:
    return Message(tuple(some)).size


def _head(each: Summed) -> list[Part]:
    question, n = each.tally.question, each.tally.n
    name = esc(cut(words_of(question), 150))
    if not n:
        return [Text(f"**{name}**\n" + _("No answers to show."))]
    if question.type in (QuestionType.SHORT, QuestionType.LONG):
        phrases = ", ".join(f"**{esc(theme.phrase)}** ({theme.people})" for theme in each.themes)
        return [Text(f"**{name}**" + (f"\n{phrases}" if phrases else ""))]
    if n < FEW:
        few = ngettext("{n} answer, too few for a chart.", "{n} answers, too few for a chart.", n).format(n=n)
        return [Text(f"**{name}**\n{few}")]
    if question.type in COUNTED:
        return [chart(each.tally, each.change)]
    return [Text(f"**{name}**\n{esc(finding(each.tally, each.change))}")]


def chart(tally: Tally, changed: Change | None) -> Chart:
    question = tally.question
    points = tuple(Point(cut(label_of(question, value), 40), n, str(n)) for value, n in tally.counts.items())
    shape: Literal["split", "bars"] = "split" if question.type == QuestionType.YES_NO else "bars"
    title = cut(" ".join(words_of(question).split()), MAX_HEADING)
    return Chart(shape, title, finding(tally, changed), (_("Answer"), _("People")), points)


def finding(tally: Tally, changed: Change | None) -> str:
    """Say in plain text how many answered, the middle, and what changed since last time."""
    question = tally.question
    said = [ngettext("{n} answer.", "{n} answers.", tally.n).format(n=tally.n)]
    if tally.middle:
        said.append(_("Middle: {value}.").format(value=value_of(question, tally.middle)))
    if question.type == QuestionType.NUMBER:
        said.append(_("From {least} to {most}.").format(least=tally.least, most=tally.most))
    if question.type == QuestionType.SEVERAL:
        said.append(_("Each could choose several."))
    if changed:
        said.append(_since(question, changed))
    return cut(" ".join(said), 300)


def _since(question: Question, changed: Change) -> str:
    if changed.middle:
        before, now = (value_of(question, value) for value in changed.middle)
        if changed.of_same:
            same = _("Among the {n} people who also answered last time, the middle went from {before} to {now}.")
            return same.format(n=changed.before_n, before=before, now=now)
        last = _("Last time the middle was {value}, of {n} answers.")
        return last.format(value=before, n=changed.before_n)
    listed = ", ".join(
        _("{label} {before}% → {now}%").format(label=cut(label_of(question, value), 30), before=before, now=now)
        for value, before, now in changed.shares[:3]
    )
    since = (
        _("Among the {n} people who also answered last time: {changes}.")
        if changed.of_same
        else _("Since last time ({n} answers): {changes}.")
    )
    return since.format(n=changed.before_n, changes=listed)


def head(answered: int, before: int | None) -> Note:
    """Say how many answered for everyone, and last time."""
    now = ngettext("{n} person answered for everyone.", "{n} people answered for everyone.", answered)
    then = _("Last time: {n}.").format(n=before) if before is not None else ""
    return Note(f"{now.format(n=answered)} {then}".strip())
