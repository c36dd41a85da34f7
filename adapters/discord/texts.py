"""What the bot has to say only because of Discord's limits."""

from adapters.discord import command_tree
from bot.core.events import Click, PersonEvent
from bot.core.routes import CommandSpec
from bot.i18n import gettext as _
from bot.ui import MAX_ACTION, Button, Message, card


def too_late_for_a_form(event: PersonEvent) -> Message:
    """Say that a form came too late to open. A click is offered again right there."""
    words = _(
        "That took a while, and by then Discord doesn’t let a form open anymore. Please press or type it again. "
        "It’ll be quicker."
    )
    match event:
        case Click(action=action, value=value, chosen=()) if len(action) + 1 + len(value) <= MAX_ACTION:
            return card(words, actions=(Button(_("Open the form"), action, value, "primary"),))
        case _:
            return card(words)


def answered_directly() -> Message:
    return card(_("I’ve answered you in a direct message."))


def direct_messages_closed() -> Message:
    return card(
        _("I can’t send you direct messages. Use a command or a button instead, and only you can see my answer.")
    )


def form_needs_a_command(root: str, spec: CommandSpec | None) -> Message:
    """Name the command that opens the form: Discord opens none in answer to a direct message."""
    if spec is None:
        return card(_("That needs a form, and a form cannot open from a message. Please use a command or a button."))
    typed = f"`/{root}{command_tree.ROOTS[spec.root].suffix} {spec.name}`"
    if spec.root == "member":
        words = _("That needs a form, and a form cannot open from a message. Please type {command} here.")
    else:
        words = _(
            "That needs a form, and a form cannot open from a message. Please type {command} in a channel of the "
            "server."
        )
    return card(words.format(command=typed))
