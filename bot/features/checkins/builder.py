"""Handlers for building a check-in: start, preview, change, try, and save. Until it's saved, it's a draft (`work`)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain import checkin_files, question_lines, question_lint, question_words, questions
from bot.domain.question_lines import Misread
from bot.domain.question_lint import LONGEST_NAME, Finding
from bot.domain.question_versions import carry_over, changes, edited
from bot.domain.questions import (
    MOST_OPTIONS,
    Level,
    Problem,
    Question,
    Questionnaire,
    QuestionType,
    about_minutes,
    check,
    pages,
    shown,
)
from bot.features.checkins import builder_views, templates, views, work
from bot.features.checkins.feature import feature
from bot.features.checkins.rules import same_name
from bot.features.checkins.work import Work, used_keys
from bot.ui import MAX_ANSWER, FormErrors, Message, NextForm, Reply, filled
from bot.ui.markup import esc
from storage.learning import checkins
from storage.learning.checkins import ARCHIVED, IN_USE, UNTIL_ANSWERED, UNTIL_CLOSE, CheckIn, CheckInVersion
from storage.people import people

# Where fewer are asked, it's easy to tell who wrote what.
FEWEST_UNSIGNED = 5


# Starting


@feature.command(
    "checkin new", help="Build a check-in from a template, a copy, or your own questions", needs=Role.FACILITATOR
)
def start(ctx: Context, event: Command) -> Reply:
    saved = checkins.of_community(ctx.session, ctx.community_id)
    unfinished = [(id, each.questionnaire.name) for id, each in work.unfinished(ctx)]
    return builder_views.start(templates.spoken(), saved, unfinished)


@feature.click("template", needs=Role.FACILITATOR)
def start_from_template(ctx: Context, event: Click) -> Reply:
    template = templates.spoken().get("".join(event.chosen[:1]))
    if template is None:
        raise Refusal(builder_views.no_template())
    new = Work(template.questionnaire, template.level, rhythm=template.rhythm)
    return _preview(ctx, work.save(ctx, new), new, about=template.about)


@feature.click("copy", needs=Role.FACILITATOR)
def start_from_copy(ctx: Context, event: Click) -> Reply:
    row = find_saved(ctx, "".join(event.chosen[:1]) or event.value)
    return copy(ctx, row)


def copy(ctx: Context, row: CheckIn) -> Reply:
    new = work.of_saved(ctx, row, as_copy=True)
    return _preview(ctx, work.save(ctx, new), new)


@feature.click("blank", needs=Role.FACILITATOR, reads=True)
def start_blank(ctx: Context, event: Click) -> Reply:
    return builder_views.lines_form(0, None)


def find_saved(ctx: Context, id: str) -> CheckIn:
    row = checkins.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None:
        raise Refusal(builder_views.draft_gone())
    return row


def change(ctx: Context, row: CheckIn) -> Reply:
    """Go on changing a saved check-in, or start."""
    mine = next(((id, each) for id, each in work.unfinished(ctx) if each.checkin == row.id), None)
    id, new = mine or (0, work.of_saved(ctx, row))
    return _preview(ctx, id or work.save(ctx, new), new)


@feature.click("edit", needs=Role.FACILITATOR)
def change_by_button(ctx: Context, event: Click) -> Reply:
    return change(ctx, find_saved(ctx, event.value))


# The preview


@feature.click("preview", needs=Role.FACILITATOR)
def show_preview(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    return replace(_preview(ctx, id, mine), replace=True)


def _preview(ctx: Context, id: int, mine: Work, about: str = "") -> Message:
    row = _saved(ctx, mine)
    before = work.of_saved(ctx, row).questionnaire if row else None
    return builder_views.preview(
        id,
        mine.questionnaire,
        mine.level,
        saved=row.name if row else "",
        about=about,
        findings=_findings(ctx, mine),
        changed=changes(before, mine.questionnaire) if before else (),
        members=_member_count(ctx, mine),
    )


def _saved(ctx: Context, mine: Work) -> CheckIn | None:
    """Return the check-in that this changes, if it's still there."""
    row = checkins.get(ctx.session, ctx.community_id, mine.checkin) if mine.checkin else None
    return row if row and row.state != ARCHIVED else None


def _findings(ctx: Context, mine: Work) -> Sequence[Finding]:
    return question_lint.lint(mine.questionnaire, mine.level)


def _member_count(ctx: Context, mine: Work) -> int:
    return len(people.members(ctx.session, ctx.community_id)) if mine.level is Level.NOBODY else 0


@feature.click("drop", needs=Role.FACILITATOR)
def throw_away(ctx: Context, event: Click) -> Reply:
    id, _mine = work.find(ctx, event.value)
    work.drop(ctx, id)
    return builder_views.dropped()


# Changing


def _with_questions(mine: Work, asked: tuple[Question, ...]) -> Work:
    questionnaire = replace(mine.questionnaire, questions=asked, minutes=about_minutes(asked))
    return replace(mine, questionnaire=questionnaire, tried={})


def _errors_of(mine: Work) -> list[str]:
    return [question_words.finding(each) for each in question_lint.errors(mine.questionnaire, mine.level)]


@feature.click("lines", needs=Role.FACILITATOR)
def ask_for_lines(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    lines = question_lines.write(mine.questionnaire.questions)
    if len(lines) > MAX_ANSWER:
        raise Refusal(builder_views.too_long_for_box())
    return builder_views.lines_form(id, mine.questionnaire, lines)


@feature.form("lines", shared=EVERY, needs=Role.FACILITATOR)
def change_lines(ctx: Context, event: Submission) -> Reply:
    id, mine = work.find(ctx, event.value) if event.value else (0, Work(Questionnaire("", ())))
    form = filled(builder_views.lines_form(id, mine.questionnaire if id else None), event.answers)
    problems: dict[str, str] = {}
    if not id:
        mine = replace(mine, questionnaire=replace(mine.questionnaire, name=event.answers["name"]))
        if problem := _wrong_name(ctx, mine, mine.questionnaire.name):
            problems["name"] = problem
    reading = question_lines.read(event.answers["lines"])
    if reading.misread:
        said = [question_words.misread(each) for each in reading.misread]
        return FormErrors(form, {**problems, "lines": builder_views.listed_problems(said)})
    asked = carry_over(mine.questionnaire.questions, reading.questions, used_keys(ctx, mine.checkin))
    mine = _with_questions(mine, asked)
    if errors := _errors_of(mine) if "name" not in problems else []:
        problems["lines"] = builder_views.listed_problems(errors)
    if problems:
        return FormErrors(form, problems)
    return _preview(ctx, work.save(ctx, mine, id), mine)


def _wrong_name(ctx: Context, mine: Work, name: str) -> str:
    if not name:
        return builder_views.nameless()
    if len(name) > LONGEST_NAME:
        return question_words.finding(Finding("long_name", 0, (str(len(name)), str(LONGEST_NAME))))
    taken = by_name(ctx, name)
    return builder_views.name_taken(taken.name) if taken and taken.id != mine.checkin else ""


def by_name(ctx: Context, name: str) -> CheckIn | None:
    """Return the check-in with this name that isn't archived."""
    return next(
        (row for row in checkins.of_community(ctx.session, ctx.community_id) if same_name(row.name, name)), None
    )


def _place(event: Click | Submission, mine: Work) -> int:
    """Return the question that is named, by its place from 1: what was chosen, or what follows the dot."""
    chosen = "".join(event.chosen[:1]) if isinstance(event, Click) else event.value.partition(".")[2]
    place = parse_id(chosen)
    if not 1 <= place <= len(mine.questionnaire.questions):
        raise Refusal(builder_views.no_such_question())
    return place


@feature.click("one", needs=Role.FACILITATOR)
def ask_for_one(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    return builder_views.question_form(id, mine.questionnaire, _place(event, mine))


@feature.form("one", shared=EVERY, needs=Role.FACILITATOR)
def change_one(ctx: Context, event: Submission) -> Reply:
    id, mine = work.find(ctx, event.value)
    place = _place(event, mine)
    form = filled(builder_views.question_form(id, mine.questionnaire, place), event.answers)
    asked = mine.questionnaire.questions
    also = event.answers["also"].split()
    if builder_views.REMOVED in also:
        mine = _with_questions(mine, (*asked[: place - 1], *asked[place:]))
        if errors := _errors_of(mine):
            return FormErrors(form, {"also": builder_views.listed_problems(errors)})
        return _preview(ctx, work.save(ctx, mine, id), mine)
    question = _read_one(event, asked[: place - 1])
    if isinstance(question, dict):
        return FormErrors(form, question)
    question = replace(question, is_required=builder_views.NEEDED in also)
    mine = _with_questions(mine, edited(asked, place - 1, question, used_keys(ctx, mine.checkin)))
    if errors := _errors_of(mine):
        return FormErrors(form, {"words": builder_views.listed_problems(errors)})
    return _preview(ctx, work.save(ctx, mine, id), mine)


def _read_one(event: Submission, earlier: Sequence[Question]) -> Question | dict[str, str]:
    """Return the question that a form describes, or its problems by field."""
    given = event.answers
    try:
        type = QuestionType(given["type"])
    except ValueError:
        type = QuestionType.LONG
    has_details = type in MOST_OPTIONS or type == QuestionType.SCALE
    details, condition = given["details"], given["condition"].rstrip(" :")
    if has_details and not details:
        return {"details": builder_views.details_missing(type)}
    if details and not has_details:
        return {"details": builder_views.details_unused()}
    found = question_lines.read_parts(given["words"], type, details, condition, earlier)
    if not isinstance(found, Misread):
        return found
    field = {"condition": "condition", "first": "condition", "reference": "condition", "words": "words"}
    return {field.get(found.kind, "details"): question_words.unclear(found)}


@feature.click("about", needs=Role.FACILITATOR)
def ask_about(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    return builder_views.about_form(id, mine.questionnaire, mine.level, mine.answer_first, is_reviewed=mine.is_reviewed)


@feature.form("about", shared=EVERY, needs=Role.FACILITATOR)
def change_about(ctx: Context, event: Submission) -> Reply:
    id, mine = work.find(ctx, event.value)
    given = event.answers
    form = builder_views.about_form(id, mine.questionnaire, mine.level, mine.answer_first, is_reviewed=mine.is_reviewed)
    level = Level(given["level"]) if given["level"] in list(Level) else mine.level
    questionnaire = replace(mine.questionnaire, name=given["name"], closing=given["closing"])
    mine = replace(
        mine,
        questionnaire=questionnaire,
        level=level,
        answer_first=views.answer_first_of(given.get("first", "")),
        is_reviewed=builder_views.REVIEWED in given["review"].split(),
    )
    problems = {}
    if problem := _wrong_name(ctx, mine, given["name"]):
        problems["name"] = problem
    if level is Level.NOBODY and _member_count(ctx, mine) < FEWEST_UNSIGNED:
        problems["level"] = builder_views.too_few_people(_member_count(ctx, mine))
    if mine.answer_first == UNTIL_ANSWERED and level is not Level.NAMED:
        problems["first"] = views.only_with_names()
    if problems:
        return FormErrors(filled(form, given), problems)
    return _preview(ctx, work.save(ctx, mine, id), mine)


# Files


@feature.click("file", needs=Role.FACILITATOR, reads=True)
def ask_for_file(ctx: Context, event: Click) -> Reply:
    return builder_views.file_form(0)


@feature.form("file", shared=(), needs=Role.FACILITATOR)
def read_file(ctx: Context, event: Submission) -> Reply:
    row = find_saved(ctx, event.value) if event.value else None
    form = filled(builder_views.file_form(row.id or 0 if row else 0, row.name if row else ""), event.answers)
    text = "\n".join(part for box in builder_views.FILE_BOXES if (part := event.answers[box]))
    file = checkin_files.read(text)
    problems = [question_words.file_problem(each) for each in file.problems]
    mine = work.of_saved(ctx, row) if row else Work(file.questionnaire, file.level)
    if not problems:
        errors = question_lint.errors(file.questionnaire, file.level)
        problems = [question_words.finding(each) for each in errors]
    if problems:
        return FormErrors(form, {"file": builder_views.listed_problems(problems)})
    asked = checkin_files.merge(
        mine.questionnaire.questions if row else (), file.questionnaire.questions, used_keys(ctx, mine.checkin)
    )
    questionnaire = replace(file.questionnaire, questions=asked)
    if row:
        questionnaire = replace(questionnaire, name=row.name)
    mine = replace(
        mine,
        questionnaire=questionnaire,
        level=file.level,
        answer_first=mine.answer_first if file.answer_first is None else file.answer_first,
        is_reviewed=mine.is_reviewed if file.is_reviewed is None else file.is_reviewed,
    )
    if mine.answer_first == UNTIL_ANSWERED and file.level is not Level.NAMED:
        mine = replace(mine, answer_first=UNTIL_CLOSE)
    return _preview(ctx, work.save(ctx, mine), mine)


# Trying it


@feature.click("try", needs=Role.FACILITATOR)
def try_it(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    mine = replace(mine, tried={})
    work.save(ctx, mine, id)
    first = pages(mine.questionnaire.questions, {})[0]
    return builder_views.try_form(id, mine.questionnaire, first, {})


@feature.click("try_on", needs=Role.FACILITATOR)
def try_next_page(ctx: Context, event: Click) -> Reply:
    id, mine = work.find(ctx, event.value)
    page = _page_to_try(mine)
    return builder_views.try_form(id, mine.questionnaire, page, {}) if page else _tried(id, mine)


def _page_to_try(mine: Work) -> Sequence[Question]:
    """Return the first page with a question that hasn't been tried; () after the last."""
    planned = pages(mine.questionnaire.questions, mine.tried)
    return next((page for page in planned if any(each.key not in mine.tried for each in page)), ())


def _tried(id: int, mine: Work) -> Message:
    asked = shown(mine.questionnaire.questions, mine.tried)
    return builder_views.tried(id, mine.questionnaire, asked, mine.tried)


@feature.form("try", shared=(), needs=Role.FACILITATOR)
def try_page(ctx: Context, event: Submission) -> Reply:
    """Check a page as the real form does, and show the next one. What was typed is kept only until the trial ends."""
    id, mine = work.find(ctx, event.value)
    page = [each for each in mine.questionnaire.questions if each.key in event.answers]
    today = ctx.now.astimezone(ctx.zone).date()
    checked = {each.key: check(each, event.answers[each.key], today) for each in page}
    problems = {
        each.key: question_words.problem(each, found)
        for each in page
        if isinstance(found := checked[each.key], Problem)
    }
    if problems:
        form = builder_views.try_form(id, mine.questionnaire, page, event.answers)
        return FormErrors(form, problems)
    answers = {key: value for key, value in checked.items() if not isinstance(value, Problem)}
    mine = replace(mine, tried={**mine.tried, **answers})
    following = _page_to_try(mine)
    work.save(ctx, mine if following else replace(mine, tried={}), id)
    if not following:
        return _tried(id, mine)
    form = builder_views.try_form(id, mine.questionnaire, following, {})
    return NextForm(form, builder_views.try_goes_on(id))


# Saving


@feature.click("use", needs=Role.FACILITATOR)
def save(ctx: Context, event: Click) -> Reply:
    """Save what was built. The value names the draft and, to save over somebody else's version, that version."""
    id, mine = work.find(ctx, event.value)
    row = _saved(ctx, mine)
    if question_lint.errors(mine.questionnaire, mine.level):
        return _preview(ctx, id, mine)
    if problem := _wrong_name(ctx, replace(mine, checkin=row.id or 0 if row else 0), mine.questionnaire.name):
        raise Refusal(esc(problem))
    if mine.level is Level.NOBODY and _member_count(ctx, mine) < FEWEST_UNSIGNED:
        raise Refusal(builder_views.too_few_people(_member_count(ctx, mine)))
    if row is None:
        definition = questions.to_json(mine.questionnaire)
        row = checkins.create(
            ctx.session, ctx.community_id, mine.questionnaire.name, definition, by=ctx.me, now=ctx.now
        )
        row.state = IN_USE
        is_new = True
    else:
        newest = checkins.newest_version(ctx.session, row.id or 0)
        assert newest
        agreed = parse_id(event.value.partition(".")[2])
        if newest.number not in (mine.number, agreed):
            return builder_views.changed_meanwhile(id, row, newest.number)
        _add_version(ctx, row, mine, newest)
        is_new = False
    row.name, row.level, row.is_reviewed = mine.questionnaire.name, mine.level.value, mine.is_reviewed
    row.answer_first = mine.answer_first
    work.drop(ctx, id)
    ctx.audit("checkins.save", f"check-in {row.id}")
    schedules = ctx.access.allows(Role.ADMIN) if can_be_scheduled(ctx) else None
    return builder_views.saved(row, is_new=is_new, rhythm=mine.rhythm, schedules=schedules)


def _add_version(ctx: Context, row: CheckIn, mine: Work, newest: CheckInVersion) -> None:
    """Add a version, unless nothing has changed. Over another's version, questions keep the keys they have there."""
    questionnaire, before = mine.questionnaire, questions.from_json(newest.definition)
    if newest.number != mine.number:
        asked = carry_over(before.questions, questionnaire.questions, used_keys(ctx, row.id or 0))
        questionnaire = replace(questionnaire, questions=asked)
    if questionnaire != before:
        checkins.add_version(ctx.session, row, questions.to_json(questionnaire), by=ctx.me, now=ctx.now)


def can_be_scheduled(ctx: Context) -> bool:
    """Whether there is a command that asks a check-in again and again."""
    return any(spec.name == "schedule add" for spec in ctx.commands)
