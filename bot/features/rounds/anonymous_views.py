"""What people read about rounds of which nobody can tell who answered."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.domain.answer_words import value_of, words_of
from bot.domain.questions import Question, Questionnaire, QuestionType, Value
from bot.domain.round_controls import takes
from bot.features.rounds import answer_views
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import MAX_FIELDS, Button, Form, Message, Note, Part, Quote, Text, card
from bot.ui.markup import cut, esc, moment
from storage.learning.anonymous_answers import FEWEST
from storage.learning.rounds import Round

# In a group smaller than this, people may guess.
SMALL = 10
# Characters of an answer that stand together.
PIECE = 2_000


def promise() -> str:
    return _("Nobody can tell who wrote an answer, not even me. So you can’t change or withdraw yours once it’s sent.")


def answer_button(round: Round) -> Button:
    return Button(_("Answer"), "rounds.answer_anonymously", str(round.id), "primary")


def card_of(round: Round, questions: str, answer_count: int) -> Message:
    """The card in the channel. `answer_count` is rounded down while it is open; once closed, all who answered."""
    parts: list[Part] = [Text(f"**{esc(round.question)}**")]
    if questions:
        parts.append(Text(questions))
    title = _("Anonymous check-in")
    if round.closed_at:
        if answer_count < FEWEST:
            parts.append(Text(too_few()))
            read: tuple[Button, ...] = ()
        else:
            said = ngettext("{n} person was heard from.", "{n} people were heard from.", answer_count)
            parts.append(Text(said.format(n=answer_count)))
            read = (Button(_("Read the answers"), "rounds.read", str(round.id)),)
        parts.append(
            Note(_("Closed {when}. Nobody can tell who answered.").format(when=moment(round.closed_at, "day")))
        )
        return Message(tuple(parts), title=title, actions=read)
    if answer_count and not round.answer_first:
        parts.append(Text(_("Answers so far: {n} or more.").format(n=answer_count)))
    parts += [
        Text(promise()),
        Note(
            _("{minutes} Open until {when}. If 5 or more people answer, everyone here can read them then.").format(
                minutes=takes(round.minutes), when=moment(round.closes_at)
            )
        ),
    ]
    return Message(tuple(parts), title=title, actions=(answer_button(round),), holds_until=round.closes_at)


def form(round: Round, asked: Questionnaire, group: int) -> Form:
    """Ask everything on one page. The promise takes the place of a field, where there is room for it."""
    intro = promise()
    if group < SMALL:
        intro += " " + _("In a group of {n}, people may guess from what you write.").format(n=group)
    fields = answer_views.fields(asked)
    if len(fields) == 1:
        intro = f"**{esc(cut(asked.questions[0].words, 450))}**\n\n{intro}"
    places = sum(question.places for question in asked.questions)
    return Form(
        "rounds.answer_anonymously",
        _("Nobody can tell"),
        fields,
        value=str(round.id),
        submit=_("Send"),
        intro=intro if len(fields) == 1 or places < MAX_FIELDS else "",
    )


def thanks(asked: Questionnaire) -> Message:
    parts: list[Part] = [Text(_("Thank you. Your answer is sent, and nobody can tell that it’s yours."))]
    if asked.closing:
        parts.append(Text(esc(asked.closing)))
    return Message(tuple(parts))


def only_by_button(round: Round) -> Message:
    """Say why an answer can't be given any other way, with the button."""
    said = _("Nobody can tell who answers “{question}”. To keep it so, please answer by this button, not in a message.")
    return card(said.format(question=esc(cut(round.question, 200))), actions=(answer_button(round),))


def only_by_its_button() -> str:
    return _("Nobody can tell who answers this. To keep it so, answer by the button on its card.")


def nudge(round: Round, community: str) -> Message:
    said = _("There’s an open check-in in {community}: **{question}**. It closes {when}.").format(
        community=esc(community), question=esc(cut(round.question, 300)), when=moment(round.closes_at)
    )
    parts = (
        Text(said),
        Text(promise()),
        Note(_("If you’ve answered, please ignore this: I can’t always know.")),
    )
    return Message(parts, actions=(answer_button(round),), holds_until=round.closes_at)


def nudge_closed(round: Round) -> Message:
    assert round.closed_at
    said = _("“{question}” closed {when}.")
    return card(said.format(question=esc(cut(round.question, 300)), when=moment(round.closed_at, "day")))


def too_few() -> str:
    return _("Fewer than five people answered, so nobody reads the answers. I’ve deleted them.")


def nobody_asked(round: Round, members: int) -> Message:
    """Tell facilitators why an anonymous check-in was not opened."""
    said = _(
        "I didn’t open “{question}”: nobody can be anonymous in a group of {n}. It needs at least five members. You "
        "can change who can tell in {command}."
    )
    return card(said.format(question=esc(cut(round.question, 200)), n=members, command="`checkin edit`"))


def closed() -> str:
    return _("This is closed. An anonymous check-in takes no late answers: they would show whose they are.")


def not_asked() -> str:
    return _("This was asked before you joined, so your answer would stand out. The next one is for you too.")


def answered_already() -> str:
    return _("You’ve answered this. Nobody can tell which answer is yours, so it can’t be changed.")


def not_anonymous() -> str:
    return _("This check-in isn’t anonymous. To answer, use the button on its card.")


def corrections(asked: Questionnaire, problems: Mapping[str, str]) -> str:
    named = [(words_of(question), problems[question.key]) for question in asked.questions if question.key in problems]
    listed = "\n".join(f"- **{esc(cut(words, 100))}** {esc(problem)}" for words, problem in named)
    return _("Nothing was sent yet. Please open the form again and correct this:") + f"\n\n{listed}"


def still_missing(lacking: Sequence[Question]) -> str:
    names = ", ".join(f"“{esc(cut(words_of(question), 100))}”" for question in lacking)
    return _("Please answer {names} too. Nothing was sent.").format(names=names)


# Once it is closed


def no_summary(round: Round) -> Message:
    return Message((Text(f"**{esc(round.question)}**"), Text(too_few())), title=_("Summary"))


def not_yet(round: Round) -> str:
    return _("Nobody reads these answers before they’re all in, not even a facilitator. It closes {when}.").format(
        when=moment(round.closes_at)
    )


def nobody_knows_who() -> str:
    return _("This check-in is anonymous, so I can’t say who has answered and who hasn’t.")


def for_everyone() -> str:
    return _("Nobody can tell who wrote these. They’re in no particular order.")


def items(asked: Questionnaire, given: Mapping[str, Sequence[Value]]) -> list[Part]:
    """Return what somebody reads of all answers, by question: words one by one, choices as counts."""
    found: list[Part] = []
    for question in asked.questions:
        answers = given.get(question.key, ())
        if answers:
            found.append(Text(f"**{esc(cut(words_of(question), 300))}**"))
        if question.type in (QuestionType.SHORT, QuestionType.LONG):
            pieces = (value[at : at + PIECE] for value in answers for at in range(0, len(value), PIECE))
            found += [Quote(piece) for piece in pieces if isinstance(piece, str)]
        elif answers:
            chosen = Counter(each for value in answers for each in (value if isinstance(value, tuple) else (value,)))
            lines = [f"{esc(value_of(question, value))}: {n}" for value, n in sorted(chosen.items())]
            found.append(Text("\n\n".join(lines)))
    return found
