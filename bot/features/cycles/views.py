"""Messages and forms for improvement cycles."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.cadence.calendar_names import long_date
from bot.core import signals
from bot.i18n import gettext as _
from bot.ui import Action, Button, ChoiceField, Form, Message, Note, Part, Select, Text, TextField
from bot.ui.markup import command, cut, esc, moment
from storage.learning.cycles import ADAPTED, ADOPTED, LET_GO, ImprovementCycle

# Cycles of a chain that its card shows, the newest.
SHOWN = 5


def start_form(typed: Mapping[str, str], value: str = "") -> Form:
    return Form(
        "cycles.start",
        _("Improvement cycle"),
        (
            TextField(
                "trying",
                _("What will you try?"),
                long=True,
                initial=typed.get("trying", ""),
                hint=_("One small change. No student’s name or details, please."),
            ),
            TextField(
                "prediction",
                _("What do you predict?"),
                long=True,
                initial=typed.get("prediction", ""),
                hint=_("You’ll compare the result with it. For example: most will settle in five minutes."),
            ),
            _day_field(typed.get("do_on", "")),
            TextField("measure", _("How will you know?"), long=True, required=False, initial=typed.get("measure", "")),
        ),
        value=value,
        submit=_("Start"),
    )


def date_form(typed: str, value: str) -> Form:
    return Form("cycles.move", _("Change the date"), (_day_field(typed),), value=value, submit=_("Save"))


def _day_field(typed: str) -> TextField:
    return TextField(
        "do_on", _("When will you do it?"), initial=typed, max_length=100, hint=_("For example: tomorrow, or Oct 14.")
    )


def study_form(row: ImprovementCycle, typed: Mapping[str, str]) -> Form:
    predicted = _("You predicted: {prediction}").format(prediction=esc(cut(row.prediction, 500)))
    decisions = ((ADOPTED, _("Adopt it: keep doing it")), (ADAPTED, _("Adapt it: try a change")), (LET_GO, _("Let go")))
    return Form(
        "cycles.study",
        _("What happened"),
        (
            TextField("result", _("What happened?"), long=True, initial=typed.get("result", ""), above=predicted),
            ChoiceField("decision", _("What now?"), decisions, initial=typed.get("decision", "")),
            TextField("lesson", _("What did you learn?"), long=True, required=False, initial=typed.get("lesson", "")),
        ),
        value=str(row.id),
        submit=_("Save"),
    )


def lesson_form(value: str, typed: str = "") -> Form:
    field = TextField(
        "lesson",
        _("What did you learn?"),
        long=True,
        required=False,
        initial=typed,
        hint=_("Letting go is fine. You can leave this empty."),
    )
    return Form("cycles.let_go", _("Let it go"), (field,), value=value, submit=_("Let it go"))


def planned(row: ImprovementCycle, reminds_at: datetime | None, *, outside_season: bool) -> Message:
    parts: list[Part] = [Text(_("Saved.") + "\n" + _plan(row))]
    actions = [Button(_("Change the date"), "cycles.move", str(row.id))]
    if outside_season:
        asked = _("{day} is outside your community’s seasons. If you meant that, you’re done. If not, change the date.")
        parts.append(Text(asked.format(day=long_date(row.do_on))))
    if reminds_at:
        parts.append(Note(_reminds(reminds_at)))
    parts.append(Note(_private()))
    return Message(tuple(parts), title=_("Improvement cycle"), actions=tuple(actions))


def _reminds(at: datetime) -> str:
    return _(
        "I’ll remind you once, {when}. I won’t if you’ve had all your questions for that week, or if your community is "
        "paused then."
    ).format(when=moment(at))


def _private() -> str:
    return _("Only you can see this. To see your cycles, use {cycles}. To change or delete one, use {data}.").format(
        cycles=command("reflect cycles"), data=command("data show")
    )


def _plan(row: ImprovementCycle) -> str:
    lines = [
        f"**{esc(cut(row.trying, 150))}**",
        _("Predicted: {prediction}").format(prediction=esc(cut(row.prediction, 150))),
    ]
    if row.result:
        lines.append(_("Happened: {result}").format(result=esc(cut(row.result, 150))))
    if row.lesson:
        lines.append(_("Learned: {lesson}").format(lesson=esc(cut(row.lesson, 100))))
    lines.append(_state(row))
    return "\n".join(lines)


def _state(row: ImprovementCycle) -> str:
    if not row.decision:
        return _("To do: {day}").format(day=long_date(row.do_on))
    return {ADOPTED: _("Adopted"), ADAPTED: _("Adapted"), LET_GO: _("Let go")}[row.decision]


def one(row: ImprovementCycle, chain: Sequence[ImprovementCycle]) -> Message:
    """A cycle at the end of those that led to it, each with its prediction beside its result."""
    parts: list[Part] = [Text(_plan(each)) for each in chain[-SHOWN:]]
    if len(chain) > SHOWN:
        parts.insert(0, Note(_("The last {n} of {all} cycles.").format(n=SHOWN, all=len(chain))))
    parts.append(Note(_private()))
    return Message(tuple(parts), title=_("Improvement cycle"), actions=_actions(row))


def _actions(row: ImprovementCycle) -> tuple[Action, ...]:
    if row.decision == ADAPTED:
        return (Button(_("Start the next cycle"), "cycles.start", str(row.id)),)
    if row.decision:
        return (Button(_("Start a cycle"), "cycles.start"),)
    return (
        Button(_("Say what happened"), "cycles.study", str(row.id), "primary"),
        Button(_("Change the date"), "cycles.move", str(row.id)),
        Button(_("Let it go"), "cycles.let_go", str(row.id)),
    )


def every(rows: Sequence[ImprovementCycle]) -> Message:
    start = Button(_("Start a cycle"), "cycles.start")
    if not rows:
        about = _("No cycles yet. Try one small change, predict what happens, then compare.")
        parts = (Text(about), Note(_("Only you can see this.")))
        return Message(parts, title=_("Improvement cycles"), actions=(start,))
    lines = [f"- {esc(cut(row.trying, 100))} ({_state(row)})" for row in rows[:10]]
    menu = Select(
        _("Open a cycle"), signals.OPEN_CYCLES, tuple((str(row.id), cut(row.trying, 75)) for row in rows[:25])
    )
    return Message((Text("\n".join(lines)), Note(_private())), title=_("Improvement cycles"), actions=(menu, start))


def reminder(row: ImprovementCycle, community: str) -> Message:
    # It may be read a day later, after quiet hours or a weekend. So it names the day, and no “today”.
    said = _("You chose {day} to try this, in {community}. When you’ve tried it, say what happened.")
    return Message(
        (Text(said.format(day=long_date(row.do_on), community=esc(community)) + "\n" + _plan(row)), Note(_private())),
        title=_("Improvement cycle"),
        actions=_actions(row),
    )


def no_change() -> str:
    return _("Write what you’ll try. For example: greet everyone by name at the door.")


def no_prediction() -> str:
    return _("Add what you expect, so you can compare. For example: most of the group will settle in five minutes.")


def no_day(why: str, suggestion: str) -> str:
    return _("{why} Try “{right}”.").format(why=why, right=suggestion or _("tomorrow"))


def no_result() -> str:
    return _("Write what happened. “Nothing changed” is a result too.")


def no_decision() -> str:
    return _("Choose what to do now: adopt, adapt, or let go.")


def too_long(size: int, most: int) -> str:
    return _("Up to {most} characters. This one is {size}.").format(size=size, most=most)


def gone() -> str:
    return _("That cycle isn’t here. It may have been deleted.")


def finished() -> str:
    return _("You’ve already closed that cycle. Its card shows what you decided.")
