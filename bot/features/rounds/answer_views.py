"""The form for answers, page by page, and messages about what somebody has answered."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import question_fields
from bot.domain.answer_words import choices, value_of, words_of
from bot.domain.progress import progress
from bot.domain.questionnaires import ADDED, pressed
from bot.domain.questions import Answers, Question, Questionnaire, QuestionType, Value, pages
from bot.features.rounds.rules import drafts_until
from bot.features.rounds.views import audience_name, button, when_read
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_FIELDS,
    Button,
    Field,
    Form,
    Message,
    Note,
    Part,
    Quote,
    Text,
    TextField,
    card,
)
from bot.ui.markup import command, cut, esc, moment
from storage.learning.checkins import UNTIL_ANSWERED
from storage.learning.rounds import FACILITATORS, GROUP, ME, ONLY, Response, Round

# Characters of all answers in a confirmation, and of one.
ROOM, SHOWN = 2_200, 600


def form_title(audience: str) -> str:
    """Say who reads what is written in a form, in at most 24 characters."""
    return {
        GROUP: _("Read by everyone here"),
        FACILITATORS: _("Read by facilitators"),
        ME: _("Read by only you"),
    }[audience]


# The card


def question_list(round: Round, asked: Questionnaire) -> str:
    """List what is asked, in short, unless that is what the check-in is called, which stands on the card anyway."""
    own = [question for question in asked.questions if question.key != ADDED]
    if len(own) == 1:
        words = "" if own[0].words.casefold() == round.question.casefold() else esc(own[0].words)
        return "\n".join(filter(None, (words, answer_scale(own[0]))))
    return "\n".join(f"- {esc(cut(question.words, 100))}" for question in own)


def answer_scale(question: Question) -> str:
    """Name the ends of a scale. "" for other questions."""
    if question.type != QuestionType.SCALE or not (question.low_end or question.high_end):
        return ""
    return _("{low} is {low_end}, {high} is {high_end}.").format(
        low=question.low, low_end=esc(question.low_end), high=question.high, high_end=esc(question.high_end)
    )


def press_buttons(round: Round, asked: Questionnaire) -> tuple[Button, ...]:
    """Return a button for each answer, where one press answers the only question."""
    first = asked.questions[0]
    names = dict(choices(first))
    return tuple(Button(names[value], "rounds.choose", f"{round.id}.{n}") for n, value in enumerate(pressed(asked), 1))


# The form


def planned(round: Round, asked: Questionnaire, answers: Answers) -> tuple[tuple[Question, ...], ...]:
    """Return the pages of the form. A text on when the answers are read takes a place."""
    has_intro = bool(round.closed_at or round.answer_first) or round.is_planned or len(asked.questions) == 1
    return pages(asked.questions, answers, MAX_FIELDS - has_intro) if len(asked.questions) > 1 else (asked.questions,)


def answer_form(
    round: Round, asked: Questionnaire, page: Sequence[Question], answers: Answers, *, value: str, audience: str
) -> Form:
    """Ask the questions of a page. `answers` are those given so far, also as typed; `value` is the form's own."""
    only = len(asked.questions) == 1
    fields = tuple(_field(asked, question, answers.get(question.key, ""), is_only=only) for question in page)
    intro = [f"**{esc(cut(asked.questions[0].words, 400))}**"] if only else []
    if round.is_planned:
        early = _("This opens {when}. Your answer joins it then.")
        intro.append(early.format(when=moment(round.opened_at)))
    elif round.closed_at:
        late = _("This closed {when}; your late answer joins the summary.")
        intro.append(late.format(when=moment(round.closed_at, "day")))
    elif audience == GROUP and (only or round.answer_first):
        intro.append(when_read(round))
    goes_on = not only and page[-1] is not asked.questions[-1]
    return Form(
        "rounds.answer",
        form_title(audience),
        fields,
        value=value,
        submit=_("Next") if goes_on else _("Send"),
        intro="\n\n".join(intro),
    )


def fields(asked: Questionnaire) -> tuple[Field, ...]:
    """Return an empty field for each question, for a form of one page."""
    is_only = len(asked.questions) == 1
    # Answers of which nobody can tell who gave them are given in the form alone.
    return tuple(
        question_fields.field(asked.questions, question, "", is_only=is_only, has_starter=question.key != ONLY)
        for question in asked.questions
    )


def _field(asked: Questionnaire, question: Question, value: Value, *, is_only: bool) -> Field:
    # The starter of a round without a definition stands on its card.
    has_starter = question.key != ONLY
    field = question_fields.field(asked.questions, question, value, is_only=is_only, has_starter=has_starter)
    if isinstance(field, TextField) and question.type == QuestionType.LONG:
        return replace(field, other_way=_("If yours is longer, write it to me in a direct message."))
    return field


# What somebody has answered


def answered(asked: Questionnaire, answers: Answers) -> list[Part]:
    """Show every answer, shortened so that all have room."""
    given = [(q, value) for q in asked.questions if (value := answers.get(q.key))]
    room = min(SHOWN, ROOM // max(1, len(given)))
    parts: list[Part] = []
    for question, value in given:
        is_only = len(given) == 1 and question.key == ONLY
        by = "" if is_only else f"**{esc(cut(words_of(question), 100))}**"
        parts.append(Quote(cut(value_of(question, value), room), by=by))
    return parts


def thanks(
    round: Round, asked: Questionnaire, response: Response, dropped: Sequence[Question] = (), *, closing: str = ""
) -> Message:
    """Confirm what was sent. `dropped` are follow-ups that the answers no longer show, and that had an answer."""
    until = (
        _("You can change or withdraw it at any time.")
        if round.closed_at or round.is_planned
        else _("You can change it until {when}, and withdraw it at any time.").format(when=moment(round.closes_at))
    )
    parts: list[Part] = [Text(_("Thank you, your answer is kept.")), *answered(asked, response.by_question)]
    if dropped:
        names = ", ".join(f"“{esc(cut(words_of(question), 60))}”" for question in dropped)
        said = ngettext(
            "I removed your answer to {names}, because that question no longer applies.",
            "I removed your answers to {names}, because those questions no longer apply.",
            len(dropped),
        )
        parts.append(Text(said.format(names=names)))
    if round.is_planned:
        early = _("The check-in opens {when}. Your answer joins it then, and I won’t ask you again.")
        parts.append(Text(early.format(when=moment(round.opened_at))))
    if closing:
        parts.append(Text(esc(closing)))
    who = _("Who can see it: {who}.").format(who=audience_name(response.audience, round))
    parts.append(Note(f"{who} {until}"))
    return Message(tuple(parts), actions=_thanks_buttons(round, asked, response))


def _thanks_buttons(round: Round, asked: Questionnaire, response: Response) -> tuple[Button, ...]:
    added = response.by_question.get(ADDED)
    add = (
        (button(_("Add words"), "rounds.words", round),)
        if asked.questions[-1].key == ADDED and not added and not response.skipped
        else ()
    )
    names = {GROUP: _("Everyone here"), FACILITATORS: _("Only facilitators"), ME: _("Only me")}
    others = tuple(
        Button(name, "rounds.audience", f"{round.id}.{audience}")
        for audience, name in names.items()
        if audience != response.audience
    )
    change = button(_("Change it"), "rounds.answer", round)
    read = (
        (button(_("Read the answers"), "rounds.read", round),)
        if round.answer_first == UNTIL_ANSWERED and not round.closed_at and not round.is_planned
        else ()
    )
    return (*add, change, *read, *others, button(_("Withdraw it"), "rounds.withdraw", round))


def kept_so_far(round: Round, asked: Questionnaire, answers: Answers, following: Sequence[Question]) -> Message:
    """Say how far somebody has come. It is a draft of theirs until they send it. `following` is the next page."""
    n, all_ = progress(asked, answers)
    parts = (
        Text(_("{n} of {all} answered.").format(n=n, all=all_)),
        Note(_("Only you can see this until you send it.")),
    )
    return Message(parts, actions=_draft_buttons(round, answers, asked.questions.index(following[0]) + 1))


def _draft_buttons(round: Round, answers: Answers, place: int = 0) -> tuple[Button, ...]:
    value = f"{round.id}.{place}" if place else str(round.id)
    go_on = Button(_("Continue"), "rounds.continue", value, "primary")
    if round.closed_at:
        late = (button(_("Send it late"), "rounds.send", round),) if answers else ()
        return go_on, *late, button(_("Delete it"), "rounds.delete_draft", round)
    send = (button(_("Send what I have"), "rounds.send", round),) if answers else ()
    return go_on, *send, button(_("Later"), "rounds.later", round)


def still_missing(round: Round, asked: Questionnaire, answers: Answers, missing: Sequence[Question]) -> Message:
    """Name every question that needs an answer before the rest can be sent."""
    head = ngettext("This question still needs an answer:", "These questions still need an answer:", len(missing))
    listed = "\n".join(f"- {esc(cut(words_of(question), 150))}" for question in missing)
    return Message(
        (Text(f"{head}\n\n{listed}"), Note(_("What you’ve answered is kept. Only you can see it."))),
        actions=(
            Button(_("Continue"), "rounds.continue", str(round.id), "primary"),
            button(_("Later"), "rounds.later", round),
        ),
    )


def later(round: Round) -> Message:
    if round.is_planned:
        text = _("OK. What you’ve answered is waiting for you in {home}. It opens {when}.")
        return card(text.format(home=command("home"), when=moment(round.opened_at)), replace=True)
    text = _("OK. What you’ve answered is waiting for you in {home}. It’s open until {when}.")
    return card(text.format(home=command("home"), when=moment(round.closes_at)), replace=True)


def closed_draft(round: Round, asked: Questionnaire, answers: Answers) -> Message:
    """Show a draft whose round has closed, and what can become of it."""
    assert round.closed_at
    n, all_ = progress(asked, answers)
    return Message(
        (
            Text(f"**{esc(cut(round.question, 300))}**"),
            Text(
                _("This closed {when}. You had answered {n} of {all}, and not sent it.").format(
                    when=moment(round.closed_at, "day"), n=n, all=all_
                )
            ),
            *answered(asked, answers),
            Note(
                _("Only you can see this. I’ll delete it {when}.").format(
                    when=moment(drafts_until(round.closed_at), "day")
                )
            ),
        ),
        actions=_draft_buttons(round, answers),
    )


def changed_elsewhere(round: Round, asked: Questionnaire, mine: Response, answers: Answers) -> Message:
    """Ask which of two answers counts, because the newer form began before the other was sent."""
    return Message(
        (
            Text(_("You changed this {when}, after you opened this form.").format(when=moment(mine.given_at))),
            Note(_("What I have:")),
            *answered(asked, mine.by_question)[:8],
            Note(_("What you’ve just sent:")),
            *answered(asked, answers)[:8],
        ),
        actions=(
            button(_("Keep the earlier one"), "rounds.delete_draft", round),
            Button(_("Take this one"), "rounds.send", str(round.id), "primary"),
        ),
    )


def draft_deleted() -> Message:
    return card(_("Deleted. Only you could see it."), replace=True)


def no_draft() -> str:
    return _("There’s nothing unsent of yours here. To answer, use the button on the card.")


def nothing_answered() -> str:
    return _("Answer at least one question, or close this form to leave it for now.")


def no_choice() -> str:
    return _("I don’t know that choice. To answer, use the buttons on the card.")
