"""Messages and forms for building a check-in."""

from collections.abc import Mapping, Sequence

from bot.core import signals
from bot.domain import question_fields, question_lines, question_words
from bot.domain.answer_words import value_of
from bot.domain.question_lint import LONGEST_CLOSING, LONGEST_NAME, Finding
from bot.domain.question_versions import Change
from bot.domain.questionnaires import pressed
from bot.domain.questions import (
    LONGEST_WORDS,
    MOST_OPTIONS,
    Answers,
    Level,
    Question,
    Questionnaire,
    QuestionType,
    find,
    pages,
)
from bot.domain.round_controls import takes
from bot.features.checkins.templates import Template
from bot.features.checkins.views import answer_first_field
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_ANSWER,
    MAX_CHOICE,
    MAX_CHOICES,
    Action,
    Button,
    ChoiceField,
    Field,
    Form,
    Message,
    Note,
    Part,
    Quote,
    Select,
    Text,
    TextField,
    TickField,
    card,
)
from bot.ui.markup import as_many, command, cut, esc
from storage.learning.checkins import CheckIn

# Characters of a question and of the whole list in a preview.
SHOWN, ROOM = 150, 1_900
MOST_NOTES = 4
NEEDED, REMOVED, REVIEWED = "needed", "removed", "reviewed"
# Boxes of the form for a file, because a file can be longer than one box takes.
FILE_BOXES = ("file", "more", "rest")


# Starting


def start(
    templates: Mapping[str, Template], saved: Sequence[CheckIn], unfinished: Sequence[tuple[int, str]]
) -> Message:
    """Offer what a new check-in can start from. `unfinished` are drafts by id and name."""
    parts: list[Part] = [
        Text(
            _(
                "Start from a template, copy one of yours, or write your own. You’ll see it as members do before "
                "anything is saved."
            )
        )
    ]
    actions: list[Action] = [
        Select(_("Choose a template"), "checkins.template", tuple((id, choice(each)) for id, each in templates.items()))
    ]
    if saved:
        copied = tuple((str(row.id), cut(row.name, MAX_CHOICE)) for row in saved[:MAX_CHOICES])
        actions.append(Select(_("Copy one of yours"), "checkins.copy", copied))
    actions.append(Button(_("Write my own"), "checkins.blank"))
    actions.append(Button(_("Use a file"), "checkins.file"))
    for id, name in unfinished[:2]:
        actions.append(Button(_("Continue {name}").format(name=cut(name, 40)), "checkins.preview", str(id)))
    if unfinished:
        parts.append(Note(_("What you didn’t finish is saved for 2 weeks. Only you can see it.")))
    return Message(tuple(parts), title=_("New check-in"), actions=tuple(actions))


def choice(template: Template) -> str:
    """Return a template's label in a menu."""
    minutes = template.questionnaire.minutes
    length = ngettext("about {n} minute", "about {n} minutes", minutes).format(n=minutes)
    return f"{template.questionnaire.name} · {length}"


def name_of_copy(name: str) -> str:
    return _("{name} (copy)").format(name=cut(name, LONGEST_NAME - 10))


# The preview


def preview(
    draft: int,
    questionnaire: Questionnaire,
    level: Level,
    *,
    saved: str = "",
    about: str = "",
    findings: Sequence[Finding] = (),
    changed: Sequence[Change] = (),
    members: int = 0,
    replace: bool = False,
) -> Message:
    """Show a check-in that is being built as members see it.

    `saved` is the name of the check-in that it changes. `findings` are the linter's, and `changed` what it changes.
    """
    errors = [finding for finding in findings if not finding.is_warning]
    parts: list[Part] = []
    if about:
        parts.append(Text(esc(about)))
    parts += [Text(_questions(questionnaire.questions)), Note(_facts(questionnaire, level))]
    if questionnaire.closing:
        parts.append(Note(_("After it’s sent: “{closing}”").format(closing=esc(questionnaire.closing))))
    parts += [Note(line) for line in elsewhere(questionnaire, level)]
    if errors:
        listed = "\n".join(f"- {esc(question_words.finding(each))}" for each in errors[:MOST_NOTES])
        parts.append(Text(_("Before it can be used:") + f"\n\n{listed}"))
    notes = [esc(question_words.finding(finding)) for finding in findings if finding.is_warning]
    notes += [esc(line) for line in changes(changed, questionnaire)]
    parts += [Note(line) for line in notes[:MOST_NOTES]]
    if level is Level.NOBODY and members < 10:
        parts.append(Note(_("In a small group, people might guess who wrote what.")))
    parts.append(Note(_("Only you can see this. It’s saved for 2 weeks, until you use it.")))
    value = str(draft)
    use = Button(_("Save changes") if saved else _("Use it"), "checkins.use", value, "primary")
    menu = [
        Select(
            _("Change one question"),
            "checkins.one",
            tuple(
                (str(place), cut(f"{place}. {question.words}", MAX_CHOICE))
                for place, question in enumerate(questionnaire.questions[:MAX_CHOICES], 1)
            ),
            value,
        )
    ]
    return Message(
        tuple(parts),
        title=questionnaire.name or _("New check-in"),
        actions=(
            *(menu if questionnaire.questions else ()),
            *(() if errors else (use,)),
            Button(_("Change questions"), "checkins.lines", value),
            Button(_("Name and readers"), "checkins.about", value),
            *(() if errors else (Button(_("Try it"), "checkins.try", value),)),
            Button(_("Throw away"), "checkins.drop", value, "danger"),
        ),
        replace=replace,
    )


def _questions(asked: Sequence[Question]) -> str:
    lines = []
    for place, question in enumerate(asked, 1):
        words = f"**{place}. {esc(cut(question.words, SHOWN))}**"
        needed = " · " + _("needs an answer") if question.is_required else ""
        condition = question_lines.write_condition(question, asked[: place - 1])
        when = f"{esc(cut(condition, SHOWN))}: " if condition else ""
        lines.append(f"{when}{words}\n{esc(question_words.answered_with(question))}{needed}")
    shown = as_many(lines, ROOM)
    return "\n\n".join([*shown, *(["…"] if len(shown) < len(lines) else [])])


def _facts(questionnaire: Questionnaire, level: Level) -> str:
    return f"{takes(questionnaire.minutes)} {question_words.level_sentence(level)}"


def elsewhere(questionnaire: Questionnaire, level: Level) -> list[str]:
    """Say in words how a check-in is asked on each platform."""
    asked = questionnaire.questions
    # Where nobody can tell who answers, a form asks.
    if pressed(questionnaire) and level is not Level.NOBODY:
        return [_("On Slack and on Discord: buttons on the card. One press answers it.")]
    planned = pages(asked)
    if len(planned) < 2:
        return [_("On Slack and on Discord: one form, on one page.")]
    place = {question.key: n for n, question in enumerate(asked, 1)}
    listed = "; ".join(
        _page(n, len(planned), place[page[0].key], place[page[-1].key], applies=all(each.condition for each in page))
        for n, page in enumerate(planned, 1)
    )
    discord = _("On Discord: {pages}. People press **Continue** between pages.").format(pages=listed)
    return [discord, _("On Slack: the same pages, one after the other in one window.")]


def _page(n: int, of: int, first: int, last: int, *, applies: bool) -> str:
    page = _("page {n} of {all}").format(n=n, all=of)
    what = _("question {n}").format(n=first)
    if first != last:
        what = _("questions {first} to {last}").format(first=first, last=last)
    return _("{page}: {what}, if it applies").format(page=page, what=what) if applies else f"{page}: {what}"


def changes(found: Sequence[Change], questionnaire: Questionnaire) -> list[str]:
    """Say what an edit keeps and what it starts anew; what changes nothing in a chart isn't mentioned."""
    lines = []
    for change in found:
        question = find(questionnaire.questions, change.key)
        words = cut(question.words, 60) if question else ""
        match change.kind:
            case "restarted":
                said = _("“{words}” starts a new line in the chart, because it’s answered in another way.")
            case "reworded":
                said = _("“{words}” is reworded. Its line in the chart goes on.")
            case "options":
                said = _("“{words}” has other choices. Earlier answers keep theirs.")
            case _:
                continue
        lines.append(said.format(words=words))
    return lines


# Forms


def lines_form(draft: int, questionnaire: Questionnaire | None, lines: str = "") -> Form:
    """Ask for the questions, one per line; for a new check-in (`questionnaire` None) also for its name."""
    name = TextField("name", _("What is it called?"), max_length=LONGEST_NAME, hint=_("For example: Monday check-in"))
    box = TextField(
        "lines",
        _("One question per line"),
        long=True,
        initial=lines,
        max_length=MAX_ANSWER,
        hint=_("The type goes in brackets at the end. Without one, people answer in their own words."),
    )
    return Form(
        "checkins.lines",
        _("Questions"),
        (box,) if questionnaire else (name, box),
        value=str(draft) if questionnaire else "",
        submit=_("Show preview"),
        intro=_grammar(),
    )


def _grammar() -> str:
    """Teach the lines by example, in the reader's language as `question_lines` writes it."""
    words = question_lines.words_spoken()
    short, number, date = (words.types[t] for t in (QuestionType.SHORT, QuestionType.NUMBER, QuestionType.DATE))
    several, choices = _("What did you check?"), _("exits / radios")
    hand, follow_up = _("Would a hand help?"), _("With what?")
    examples = (
        _("How full is your plate? (1-5: light ... too full) *"),
        _("Where are you? (gym / yard / room)"),
        f"{several} ({words.several}{choices})",
        f"{hand} ({words.types[QuestionType.YES_NO]})",
        f"  {words.condition.format(test=words.yes)}{follow_up} ({short})",
    )
    listed = "\n".join(f"`{line}`" for line in examples)
    also = _("Also: ({number}), ({date}). A star means it needs an answer.").format(number=number, date=date)
    return f"{listed}\n{also}"


def question_form(draft: int, questionnaire: Questionnaire, place: int) -> Form:
    """Change one question, by its place from 1."""
    question = questionnaire.questions[place - 1]
    fields: tuple[Field, ...] = (
        TextField("words", _("The question"), long=True, initial=question.words, max_length=LONGEST_WORDS),
        ChoiceField(
            "type",
            _("How is it answered?"),
            tuple((each.value, question_words.type_name(each).capitalize()) for each in QuestionType),
            initial=question.type.value,
        ),
        TextField(
            "details",
            _("Choices, or the scale"),
            required=False,
            initial=question_lines.write_details(question),
            max_length=MAX_ANSWER,
            hint=_("For example: gym / yard, or 1-5: light ... too full. Blank for other types."),
        ),
        TextField(
            "condition",
            _("Only shown when"),
            required=False,
            initial=question_lines.write_condition(question, questionnaire.questions[: place - 1]),
            hint=_("For example: if yes to question 2. Leave blank to always show it."),
        ),
        TickField(
            "also",
            _("Also"),
            ((NEEDED, _("It needs an answer")), (REMOVED, _("Remove this question"))),
            initial=(NEEDED,) if question.is_required else (),
        ),
    )
    title = _("Question {n} of {all}").format(n=place, all=len(questionnaire.questions))
    return Form("checkins.one", title, fields, value=f"{draft}.{place}", submit=_("Show preview"))


def about_form(draft: int, questionnaire: Questionnaire, level: Level, answer_first: str, *, is_reviewed: bool) -> Form:
    fields: list[Field] = [
        TextField("name", _("What is it called?"), initial=questionnaire.name, max_length=LONGEST_NAME)
    ]
    levels = tuple((each.value, question_words.level_name(each)) for each in Level)
    fields.append(ChoiceField("level", _("Who reads the answers?"), levels, initial=level.value, is_open=True))
    fields.append(answer_first_field(answer_first))
    fields.append(
        TextField(
            "closing",
            _("What should I say when it’s sent?"),
            required=False,
            initial=questionnaire.closing,
            max_length=LONGEST_CLOSING,
            hint=_("For example: Thank you. We’ll look at this on Wednesday."),
        )
    )
    fields.append(
        TickField(
            "review",
            _("The summary"),
            ((REVIEWED, _("Facilitators read it first and can change it")),),
            initial=(REVIEWED,) if is_reviewed else (),
        )
    )
    return Form("checkins.about", _("Name and readers"), tuple(fields), value=str(draft), submit=_("Show preview"))


def file_form(checkin: int, name: str = "") -> Form:
    """Ask for a file: as a new check-in, or as the next version of one."""
    boxes = {
        "file": (_("The file"), _("It starts with “check-in:”.")),
        # A platform takes away the spaces before the first line, and those mean something in YAML.
        "more": (_("If it’s longer: the next part"), _("Start it at a line with “- ” and no space before that.")),
        "rest": (_("And the rest"), _("Start it at a line with “- ” and no space before that.")),
    }
    fields = tuple(
        TextField(box, label, long=True, required=box == "file", max_length=MAX_ANSWER, hint=hint)
        for box, (label, hint) in boxes.items()
    )
    intro = (
        _("The questions take the place of those in **{name}**.").format(name=esc(name))
        if name
        else _("Paste a check-in from a file. To get the file of one you have, use {export}.").format(
            export=command("checkin export", "facilitator")
        )
    )
    return Form("checkins.file", _("A check-in from a file"), fields, str(checkin or ""), _("Show preview"), intro)


def listed_problems(problems: Sequence[str]) -> str:
    """Return problems as the error of one field."""
    more = len(problems) - MOST_NOTES
    rest = [ngettext("And {n} more.", "And {n} more.", more).format(n=more)] if more > 0 else []
    return "\n".join([*problems[:MOST_NOTES], *rest])


# Trying it


def try_form(draft: int, questionnaire: Questionnaire, page: Sequence[Question], typed: Answers) -> Form:
    asked = questionnaire.questions
    fields = tuple(question_fields.field(asked, question, typed.get(question.key, "")) for question in page)
    return Form("checkins.try", _("Trial: nothing is saved"), fields, str(draft), _("Next"))


def try_goes_on(draft: int) -> Message:
    return Message(
        (Text(_("That was the first page. There’s more.")), Note(_("This is a trial. Nothing is saved."))),
        actions=(Button(_("Continue"), "checkins.try_on", str(draft), "primary"),),
    )


def tried(draft: int, questionnaire: Questionnaire, asked: Sequence[Question], answers: Answers) -> Message:
    """Show what somebody tried. `asked` are the questions that their answers showed."""
    given = [(question, value) for question in asked if (value := answers.get(question.key))]
    parts: list[Part] = [Text(_("That’s all of it. Nothing was saved."))]
    parts += [
        Quote(cut(value_of(question, value), 200), by=f"**{esc(cut(question.words, 80))}**")
        for question, value in given[:10]
    ]
    if questionnaire.closing:
        parts.append(Text(esc(questionnaire.closing)))
    return Message(tuple(parts), actions=(Button(_("Back to the preview"), "checkins.preview", str(draft)),))


# Saving


def saved(row: CheckIn, *, is_new: bool, rhythm: str, schedules: bool | None) -> Message:
    """Confirm that a check-in was saved.

    `schedules`: whether the reader can have it asked again and again. None: nobody can.
    """
    parts: list[Part] = [
        Text(
            _("Saved: **{name}**. No one has been asked yet.").format(name=esc(row.name))
            if is_new
            else _("Saved: **{name}**. It asks the new questions from the next time on.").format(name=esc(row.name))
        )
    ]
    usual = rhythm or _("every Monday at 9")
    actions = [Button(_("Ask it now"), "checkins.ask", str(row.id), "primary")]
    if schedules:
        actions.append(schedule(row, usual))
    elif schedules is False and is_new:
        line = command(plain(f"schedule add {row.name} {usual}"), "admin")
        parts.append(Note(_("An admin can have it asked regularly: {schedule}").format(schedule=line)))
    return Message(
        tuple(parts),
        actions=(*actions, Button(_("See it"), "checkins.show", str(row.id))),
        replace=True,
    )


def schedule(row: CheckIn, usual: str = "") -> Button:
    """A button that opens the schedule's form for a check-in, with when it is `usual`ly asked filled in."""
    return Button(_("Ask it regularly"), signals.SCHEDULE_CHECKIN, f"{row.id}.{usual}")


def plain(line: str) -> str:
    """Return a line that can stand in a command token."""
    return line.replace("`", "'").replace("[", "(").replace("]", ")")


def changed_meanwhile(draft: int, row: CheckIn, number: int) -> Message:
    """Say that somebody else has saved a version since this draft was started."""
    return Message(
        (
            Text(
                _("Someone else has changed **{name}** since you started. Which questions should it ask?").format(
                    name=esc(row.name)
                )
            ),
        ),
        actions=(
            Button(_("Use my questions"), "checkins.use", f"{draft}.{number}", "primary"),
            Button(_("Keep theirs"), "checkins.drop", str(draft)),
            Button(_("See theirs"), "checkins.show", str(row.id)),
        ),
    )


def dropped() -> Message:
    return card(_("Thrown away. What was saved before stays as it is."), replace=True)


def draft_gone() -> str:
    return _(
        "That check-in isn’t there to work on anymore: it was saved or thrown away. To see yours, use {list}."
    ).format(list=command("checkin list", "facilitator"))


def no_such_question() -> str:
    return _("That question isn’t there anymore. Look at the preview again.")


def no_template() -> str:
    return _("That template isn’t there anymore. To choose another, use {new}.").format(
        new=command("checkin new", "facilitator")
    )


def name_taken(name: str) -> str:
    return _("There’s already a check-in called “{name}”. Choose another name.").format(name=name)


def nameless() -> str:
    return _("Give it a name, like “Monday check-in”.")


def too_long_for_box() -> str:
    return _("These questions don’t fit in one box. Change them one by one with the menu in the preview.")


def details_unused() -> str:
    return _("This type has no choices and no scale. Leave this blank, or choose another type.")


def details_missing(type: QuestionType) -> str:
    if type in MOST_OPTIONS:
        return _("Write the choices, like: gym / yard.")
    return _("Write the scale, like: 1-5: light ... too full.")


def too_few_people(members: int) -> str:
    return _(
        "With {n} members, people could tell who wrote what, so this needs at least 5. Choose other readers."
    ).format(n=members)
