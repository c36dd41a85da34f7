"""Messages with the answers of a round: the summary, pages of answers, themes, and who has not answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.answer_words import mood_names, value_of, words_of
from bot.domain.questions import Questionnaire, QuestionType
from bot.domain.themes import Theme
from bot.features.rounds import question_summary
from bot.features.rounds.rules import late_until
from bot.features.rounds.views import button, kind_name
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import MAX_PARTS, Button, Divider, Form, Message, Note, Part, Quote, Text, TextField, card
from bot.ui.markup import command, cut, esc, moment
from storage.learning.checkins import UNTIL_ANSWERED
from storage.learning.rounds import GROUP, ONLY, PRIVATE_CHECKIN, Response, Round

# Characters of a whole summary less its title (bot/ui/limits.py), and of the answers on one page.
ROOM, PAGE = 2_900, 2_200
# Characters of an answer that stand together, and how many people's choices do.
PIECE, PEOPLE = 2_000, 20
# Up to the end of a word. Not before what belongs to the sign before it: accents, variants, skin colors, joined signs.
A_PIECE = re.compile(
    rf"\S.{{0,{PIECE - 1}}}(?!\S)|\S.{{0,{PIECE - 1}}}(?![\u0300-\u036f\u200d\ufe0f\U0001f3fb-\U0001f3ff])(?<!\u200d)",
    re.DOTALL,
)
# Characters of what a summary of several questions says above them.
HEAD = 200
# Characters of one answer in a summary, and how many answers it shows. All of them are one button away.
SHOWN, MOST_SHOWN = 280, 8


@dataclass(frozen=True)
class AttributedAnswer:
    """An answer and who gave it, as a mention."""

    by: str
    answer: Response


def summary(
    round: Round,
    answers: Sequence[AttributedAnswer],
    answer_count: int,
    moods: Mapping[int, int],
    shared: Sequence[Theme],
    *,
    takes_answers: bool,
) -> Message:
    """The summary in the card's thread.

    `answers` are those for everyone, `answer_count` is how many there are in all, `moods` counts by mood, and `shared`
    is what several people brought up. `takes_answers` is False once even a late answer is too late.
    """
    if not answers and answer_count:
        return card(
            _("What was shared this time was for the facilitators or for the writers themselves."), title=_("Summary")
        )
    if not answers:
        quiet = _("This one stayed quiet, and that’s fine: weeks differ.")
        late = _("A late answer is still welcome.") if takes_answers else ""
        until = late_until(round.closed_at) if round.closed_at and takes_answers else None
        return Message((Text(f"{quiet} {late}".strip()),), title=_("Summary"), holds_until=until)
    parts = [*_in_common(round, len(answers), moods, shared), Divider()]
    left = ROOM - Message(tuple(parts)).size
    for item in answers[:MOST_SHOWN]:
        quote = Quote(cut(item.answer.body, SHOWN), by=item.by)
        left -= len(quote.body) + len(quote.by)
        if left < 0:
            break
        parts.append(quote)
    return Message(
        tuple(parts),
        title=_("Summary"),
        actions=(button(_("Read all answers"), "rounds.read", round),),
    )


def _in_common(round: Round, shared_by: int, moods: Mapping[int, int], shared: Sequence[Theme]) -> list[Part]:
    """Show the question, how many shared their answers, and what these have in common."""
    how_many = ngettext("One person shared this with everyone.", "{n} people shared this with everyone.", shared_by)
    parts: list[Part] = [Text(f"**{esc(round.question)}**"), Text(how_many.format(n=shared_by))]
    if round.themes:
        parts.append(Quote(round.themes, by=_("**Themes the facilitator heard**")))
    if shared:
        phrases = ", ".join(f"**{esc(theme.phrase)}**" for theme in shared)
        parts.append(Text(_("More than one of you brought up: {phrases}.").format(phrases=phrases)))
    if moods:
        names = mood_names()
        counts = ", ".join(f"{names[mood]} {n}" for mood, n in moods.items())
        parts.append(Text(_("How it is going: {moods}.").format(moods=counts)))
    return parts


def by_question(
    round: Round, parts: Sequence[Part], answer_count: int, before: int | None, *, takes_answers: bool
) -> Message:
    """The summary of a check-in, with the parts of `question_summary`. `before` is how many answered last time."""
    if not parts:
        return summary(round, (), answer_count, {}, (), takes_answers=takes_answers)
    head: list[Part] = [Text(f"**{esc(round.question)}**"), question_summary.head(answer_count, before)]
    if round.themes:
        head.append(Quote(round.themes, by=_("**Themes the facilitator heard**")))
    read = button(_("Read all answers"), "rounds.read", round)
    return Message((*head, *parts), title=_("Summary"), actions=(read,))


def review(round: Round, drawn: Message) -> Message:
    """Show facilitators a summary before it is posted."""
    assert round.summary_at
    note = _("Only facilitators can see this. I’ll post it in the channel {when}, or when you press the button.")
    return replace(
        drawn,
        parts=(*drawn.parts[: MAX_PARTS - 1], Note(note.format(when=moment(round.summary_at)))),
        title=_("Summary, not posted yet"),
        actions=(
            Button(_("Post it now"), "rounds.post_summary", str(round.id), "primary"),
            button(_("Add themes"), "rounds.themes", round),
            button(_("Read the answers"), "rounds.read", round),
        ),
        replace=False,
    )


def reviewed(drawn: Message) -> Message:
    """What replaces `review` once the summary is posted."""
    return replace(drawn, title=_("Summary, posted"), actions=drawn.actions)


def posted_now() -> Message:
    return card(_("Posted. Everyone here can read it now."), replace=True)


def items(round: Round, asked: Questionnaire, answers: Sequence[AttributedAnswer]) -> list[Part]:
    """Return what somebody reads of all answers, by question: words one by one, choices by person, all of it."""
    is_only = len(asked.questions) == 1 and asked.questions[0].key == ONLY
    found: list[Part] = []
    names = mood_names()
    for question in asked.questions:
        given = [(item, value) for item in answers if (value := item.answer.by_question.get(question.key))]
        if given and not is_only:
            found.append(Text(f"**{esc(cut(words_of(question), 300))}**"))
        if question.type not in (QuestionType.SHORT, QuestionType.LONG):
            lines = [f"{item.by}{_seen(item)}: {esc(value_of(question, value))}" for item, value in given]
            found += [Text("\n\n".join(lines[at : at + PEOPLE])) for at in range(0, len(lines), PEOPLE)]
            continue
        for item, value in given:
            mood = f" · {names[item.answer.mood]}" if is_only and item.answer.mood in names else ""
            assert isinstance(value, str)
            for n, piece in enumerate(pieces_of(value)):
                more = " · " + _("continued") if n else ""
                found.append(Quote(piece, by=f"{item.by}{mood}{_seen(item)}{more}"))
    return found


def pieces_of(words: str) -> list[str]:
    """Split words between two of them, or where one is longer than a piece, between two signs as people see them."""
    return [piece.strip() for piece in A_PIECE.findall(words) if piece.strip()]


def _seen(item: AttributedAnswer) -> str:
    return "" if item.answer.audience == GROUP else " · " + _("facilitators only")


def reading(
    round: Round, page: Sequence[Part], number: int, count: int, note: str, *, may_weave: bool = False
) -> Message:
    """Show one person page `number` of `count`. `may_weave`: they may add themes to the summary."""
    parts: list[Part] = [Text(f"**{esc(cut(round.question, 300))}**"), Note(note), *page]
    if not page:
        parts.append(Text(_("Nothing to read yet.")))
    actions = []
    if number > 1:
        actions.append(Button(_("Earlier page"), "rounds.page", f"{round.id}.{number - 1}"))
    if number < count:
        actions.append(Button(_("Next page"), "rounds.page", f"{round.id}.{number + 1}"))
    if may_weave:
        actions.append(button(_("Add themes"), "rounds.themes", round))
    return Message(tuple(parts), title=kind_name(round), actions=tuple(actions), replace=True)


def for_members() -> str:
    return _("What the writers shared with everyone here.")


def for_facilitators(total: int, shown: int) -> str:
    private = total - shown
    if not private:
        return _("All answers. What is marked “facilitators only” stays between you.")
    return ngettext(
        "What is marked “facilitators only” stays between you. {n} answer is kept for its writer alone.",
        "What is marked “facilitators only” stays between you. {n} answers are kept for their writers alone.",
        private,
    ).format(n=private)


def so_far(round: Round) -> str:
    return _("What others have shared so far. It’s open until {when}.").format(when=moment(round.closes_at))


def not_yet(round: Round) -> str:
    if round.answer_first == UNTIL_ANSWERED and round.closed_at is None:
        return _(
            "Answer first, and then read what others shared. Everyone can read it {when}, when this closes."
        ).format(when=moment(round.closes_at))
    return _("Answers are shown to everyone when this closes, {when}, so that each of you writes freely.").format(
        when=moment(round.closes_at)
    )


def themes_form(round: Round) -> Form:
    return Form(
        "rounds.themes",
        _("Themes"),
        (
            TextField(
                "themes",
                _("Two to four themes you heard"),
                long=True,
                required=False,
                initial=round.themes,
                max_length=800,
                hint=_("Shown at the top of the summary, to everyone here."),
            ),
        ),
        value=str(round.id),
        submit=_("Add"),
    )


def themes_added() -> Message:
    return card(_("The themes are at the top of the summary now. Everyone here can read them."))


def not_heard_from(round: Round, answer_count: int, members: int, names: Sequence[str], few: bool) -> Message:
    """Say who has not answered. With `few` members nobody is named, since that would point at someone."""
    if few:
        return card(
            _(
                "With so few members, saying who has not answered would point at somebody, so I only say this: "
                "{heard} heard from."
            ).format(heard=answer_count),
            title=kind_name(round),
        )
    parts: list[Part] = [
        Text(
            _("{heard} of {members} heard from on: **{question}**").format(
                heard=answer_count, members=members, question=esc(cut(round.question, 200))
            )
        )
    ]
    if names:
        parts.append(
            Text(
                _("Not yet heard from, among those who agreed that you may see it: {names}.").format(
                    names=", ".join(names)
                )
            )
        )
    parts.append(
        Note(
            _(
                "Only you see this. Members choose in {settings} whether facilitators may see their name here; "
                "silence may mean many things."
            ).format(settings=command("settings"))
        )
    )
    return Message(tuple(parts), title=kind_name(round))


def no_longer_quiet(round: Round, answer_count: int) -> Message:
    """What replaces `quiet_round` when answers came late."""
    text = ngettext(
        "No one had answered “{question}” when it closed. {n} late answer has come since.",
        "No one had answered “{question}” when it closed. {n} late answers have come since.",
        answer_count,
    ).format(question=esc(cut(round.question, 200)), n=answer_count)
    return card(text, title=kind_name(round))


def quiet_round(round: Round) -> Message:
    """Tell facilitators that nobody answered."""
    return card(
        _(
            "Nobody answered “{question}”. That happens, and nothing is wrong. If it keeps happening, a different "
            "question or a longer pause may suit this season: {preview} shows what comes next."
        ).format(question=esc(cut(round.question, 200)), preview=command("preview", "facilitator")),
        title=kind_name(round),
    )


def closed_now(round: Round, *, answered: bool) -> Message:
    if round.summary_at:
        where = _("I’ve sent the summary to the facilitators. I’ll post it {when}, or when one of you posts it.")
        where = where.format(when=moment(round.summary_at))
    elif round.kind == PRIVATE_CHECKIN:
        where = _("The summary is in the channel, where everyone here can read it.")
    else:
        where = _("The summary is in the thread under it, where everyone here can read it.")
    closed = _("“{question}” is closed.").format(question=esc(cut(round.question, 200)))
    themes = (button(_("Add themes"), "rounds.themes", round),) if answered else ()
    return card(f"{closed} {where}", actions=themes)
