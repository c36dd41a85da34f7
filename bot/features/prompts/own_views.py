"""Messages and the form for the prompts that a community has approved."""

from collections.abc import Mapping, Sequence

from bot.features.prompts.bank import CATEGORIES, DEPTHS
from bot.features.prompts.lint import LONGEST_STARTER
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, ChoiceField, Form, Message, Note, Part, Select, Text, TextField, card
from bot.ui.markup import command, cut, esc
from storage.learning.community_prompts import CommunityPrompt

# Prompts on one list, and characters of each, so that the list fits into a message (bot/ui/limits.py).
SHOWN, LINE = 10, 180


def text_fields(given: Mapping[str, str]) -> tuple[TextField, TextField]:
    return (
        TextField(
            "text",
            _("Your question"),
            long=True,
            initial=given.get("text", "")[:300],
            max_length=300,
            hint=_("One question about something recent."),
        ),
        TextField(
            "starter",
            _("How an answer could begin"),
            required=False,
            initial=given.get("starter", "")[:LONGEST_STARTER],
            max_length=LONGEST_STARTER,
            hint=_("For example: I’d expected…"),
        ),
    )


def placing_fields(given: Mapping[str, str]) -> tuple[ChoiceField, ChoiceField]:
    depths = {
        1: _("1: tell what happened"),
        2: _("2: think about why"),
        3: _("3: see it from other sides"),
        4: _("4: question what we take for granted"),
    }
    return (
        ChoiceField(
            "category",
            _("What it’s about"),
            tuple((category, _(category)) for category in CATEGORIES),
            initial=given.get("category", CATEGORIES[0]),
            hint=_("I never ask about the same subject twice running."),
        ),
        ChoiceField(
            "depth",
            _("How deep it goes"),
            tuple((str(depth), depths[depth]) for depth in DEPTHS),
            initial=given.get("depth", "2"),
            hint=_("The deepest wait until you’ve met four times."),
        ),
    )


def write_form(given: Mapping[str, str]) -> Form:
    return Form(
        "prompts.write",
        _("Write a prompt"),
        (*text_fields(given), *placing_fields(given)),
        submit=_("Save it"),
    )


def empty() -> str:
    return _("Write a question, for example: What surprised you this week?")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters. Keep to {most}.").format(size=size, most=most)


def asks_again() -> str:
    return _("Write how an answer could begin, without a question, for example: I’d expected…")


def written(row: CommunityPrompt) -> Message:
    return Message(
        (
            Text(_("Saved: “{text}”").format(text=esc(row.text))),
            Note(
                _(
                    "I ask your community’s own prompts before those of the bank, and none again within two seasons. "
                    "To see them all, use {own}."
                ).format(own=command("prompt own", "facilitator"))
            ),
        )
    )


def listed(rows: Sequence[CommunityPrompt]) -> Message:
    parts: list[Part] = [Text(f"**{n}.** {esc(cut(row.text, LINE))}") for n, row in enumerate(rows[:SHOWN], 1)]
    if not rows:
        parts.append(Text(_("Your community has no prompts of its own yet.")))
    if (more := len(rows) - SHOWN) > 0:
        parts.append(Text(ngettext("and {n} more", "and {n} more", more).format(n=more)))
    actions: list[Button | Select] = [Button(_("Write one"), "prompts.write")]
    if rows:
        parts.append(Note(_("If you delete one while it’s open, people can still answer it.")))
        choices = tuple((str(row.id), cut(row.text, 70)) for row in rows[:25])
        actions.append(Select(_("Delete one"), "prompts.delete", choices))
    return Message(tuple(parts), title=_("Your community’s own prompts"), actions=tuple(actions))


def gone() -> str:
    return _("That prompt isn’t here anymore, so nothing changed. To see your community’s prompts, use {own}.").format(
        own=command("prompt own", "facilitator")
    )


def deleted(text: str) -> Message:
    return card(_("Deleted: “{text}” Answers that people gave stay.").format(text=esc(cut(text, 300))))


def was_deleted(text: str) -> Message:
    """Tell who wrote a prompt that a facilitator deleted it."""
    return card(
        _("A facilitator deleted your prompt: “{text}” Answers that people gave stay.").format(text=esc(cut(text, 300)))
    )
