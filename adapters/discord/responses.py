"""Answers the person who acted, privately and within the three seconds that Discord allows.

A handler that takes longer first asks Discord for more time (`hold`), after which no form can open.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
import structlog

from adapters.discord import command_tree, parse, render, texts
from bot.core.app import NeedsWriteTransaction
from bot.core.events import AutocompleteQuery, Command, MessageChanged, PersonEvent, Submission
from bot.core.unsaved import corrections
from bot.i18n import speaking
from bot.operations import direct_messages
from bot.ui import Form, FormErrors, Message, NextForm, NotSaved, Reply

if TYPE_CHECKING:
    from bot.core.app import App

log = structlog.get_logger(__name__)

# Discord drops an interaction without an answer after 3 seconds (its documentation, receiving and responding).
HOLD_AFTER = 1.7  # seconds
# Before Discord is told to wait for the outcome of a form, the form is saved, which may take this long.
ACCEPT_TIMEOUT = 0.5  # seconds
# Nothing the bot could help: the channel, message, or interaction is gone, was answered, or direct messages are closed.
EXPECTED_ERRORS = {10003, 10008, 10015, 10062, 40060, 50007, 50278}
MOST_SUGGESTIONS = 25
MOST_SUGGESTION = 100  # characters

Interaction = discord.Interaction[Any]


async def answer(i: Interaction, app: "App") -> None:
    """Pass an interaction to the bot and show the reply. Discord's refusals are logged."""
    event = parse.interaction(i, app)
    try:
        match event:
            case None:
                return
            case AutocompleteQuery():
                await suggest(i, await asyncio.to_thread(app.complete, event))
            case _:
                try:
                    reply = app.try_handle_immediately(event)
                except NeedsWriteTransaction:
                    reply = await work(i, app, event)
                with speaking(event.person.locale):
                    await show(i, reply, event)
    except discord.HTTPException as refused:
        log_refusal(refused, i.type.name)


async def work(i: Interaction, app: "App", event: PersonEvent) -> Reply:
    """Return the bot's reply. Asks Discord for more time where that may not come soon enough."""
    app.workers.note_arrival()
    # Where many arrived at once, the acknowledgement comes first, since each takes a request to Discord.
    wait = 0.0 if app.workers.crowded else HOLD_AFTER
    working = app.workers.run(app.handle, event)
    await asyncio.wait({working}, timeout=wait)
    if not working.done():
        if isinstance(event, Submission):
            await app.acceptance.accept(event, ACCEPT_TIMEOUT)
        await hold(i)
    return await working


async def suggest(i: Interaction, lines: list[str]) -> None:
    """Suggest lines. One that is too long for Discord is left out, since a shortened one would be another command."""
    fitting = [line for line in lines if 0 < len(line) <= MOST_SUGGESTION][:MOST_SUGGESTIONS]
    await i.response.autocomplete([discord.app_commands.Choice(name=line, value=line) for line in fitting])


async def hold(i: Interaction) -> None:
    """Ask Discord for more time: 15 minutes, but a form can no longer open."""
    if on_private_card(i):
        # This keeps the message, so that the answer can replace it.
        await i.response.defer()
    else:
        await i.response.defer(ephemeral=True, thinking=True)


def on_private_card(i: Interaction) -> bool:
    """Return whether they acted on a message that nobody else sees."""
    return i.message is not None and (i.message.flags.ephemeral or i.guild_id is None)


async def show(i: Interaction, reply: Reply, event: PersonEvent) -> None:
    """Show a reply. A form that comes too late to open is replaced by words."""
    match reply:
        case None:
            await show_nothing(i)
        case Form() if i.response.is_done():
            await say(i, texts.too_late_for_a_form(event))
        case Form():
            await i.response.send_modal(render.modal(reply))
        case NextForm(card=card):
            # Discord can't show another form in answer to one.
            await say(i, card)
        case FormErrors():
            await say(i, corrections(reply))
        case NotSaved(messages=(first, *others)):
            await say(i, first)
            for each in others:
                view, _files = render.message(each)
                await i.followup.send(view=view, ephemeral=True)
        case Message():
            await say(i, reply)


async def show_nothing(i: Interaction) -> None:
    """Answer without a message, since Discord needs an answer even if there is nothing to say."""
    if not i.response.is_done():
        await hold(i)
    if i.response.type is discord.InteractionResponseType.deferred_channel_message:
        await i.delete_original_response()


async def say(i: Interaction, message: Message) -> None:
    """Show a message, in place of the one they acted on if it says so and only they see that."""
    view, files = render.message(message)
    in_place = message.replace and on_private_card(i)
    match i.response.type:
        case None if in_place:
            await i.response.edit_message(view=view, attachments=files)
        case None:
            await i.response.send_message(view=view, files=files, ephemeral=True)
        case discord.InteractionResponseType.deferred_message_update if not in_place:
            await i.followup.send(view=view, files=files, ephemeral=True)
        case _:
            await i.edit_original_response(view=view, attachments=files)


async def answer_direct_message(message: discord.Message, app: "App") -> None:
    """Pass a direct message to the bot, and write back."""
    event = parse.direct_message(message)
    reply = await app.workers.run(app.handle, event)
    with speaking(event.person.locale):
        cards = _cards(reply, event, app)
    try:
        for card in cards:
            view, files = render.message(card)
            async with app.ancillary_request(event.place.platform, event.place.space):
                await message.channel.send(view=view, files=files)
    except discord.HTTPException as refused:
        log_refusal(refused, "direct message")


async def follow(event: MessageChanged, app: "App") -> None:
    """Pass the edit or deletion of a direct message to the bot, which rewrites what it posted below it."""
    await app.workers.run(app.handle, event)


async def follow_deletion(payload: discord.RawMessageDeleteEvent, app: "App") -> None:
    """Pass on the deletion of a direct message, if the bot remembers who wrote it. Of all others it remembers none."""
    message = f"{payload.channel_id} {payload.message_id}"
    writer = await asyncio.to_thread(direct_messages.writer, app, parse.NAME, message)
    if writer:
        await follow(parse.deleted(payload, writer), app)


async def answer_mention(message: discord.Message, bot: int, app: "App") -> None:
    """Pass a message in a channel that mentions the bot to it, and answer.

    Discord shows a message to one person only in answer to an interaction. So an answer about the person goes to their
    direct messages, and the channel sees only that it did, or nothing if they only replied to a card.
    """
    event = parse.mention(message, bot)
    if event is None:
        return
    reply = await app.workers.run(app.handle, event)
    spec = command_tree.named(event.line, app)
    with speaking(event.person.locale):
        cards = _cards(reply, event, app)
        answered, shut = texts.answered_directly(), texts.direct_messages_closed()
    if not cards:
        return
    # What was typed and not saved is given back to its writer alone.
    is_public = bool(spec and spec.is_public) and event.is_addressed and not isinstance(reply, NotSaved)
    if is_public:
        [card] = cards
        await _reply(message, card, app, event)
    elif not await _send_directly(message, cards, app, event):
        await _reply(message, shut, app, event)
    elif event.is_addressed:
        await _reply(message, answered, app, event)


def _cards(reply: Reply, event: Command, app: "App") -> tuple[Message, ...]:
    """Return what to send in answer to a message, where no form can open."""
    match reply:
        case None:
            return ()
        case Message():
            return (reply,)
        case NotSaved(messages=messages):
            return messages
        case NextForm(card=card):
            return (card,)
        case Form() | FormErrors():
            return (texts.form_needs_a_command(app.root, command_tree.named(event.line, app)),)


async def _send_directly(message: discord.Message, cards: Sequence[Message], app: "App", event: PersonEvent) -> bool:
    """Return whether the cards arrived in the author's direct messages, which they may have closed."""
    try:
        for card in cards:
            view, files = render.message(card)
            async with app.ancillary_request(event.place.platform, event.place.space):
                await message.author.send(view=view, files=files)
    except discord.HTTPException as refused:
        log_refusal(refused, "mention")
        return False
    return True


async def _reply(message: discord.Message, card: Message, app: "App", event: PersonEvent) -> None:
    view, files = render.message(card)
    try:
        async with app.ancillary_request(event.place.platform, event.place.space):
            await message.reply(view=view, files=files, mention_author=False, silent=True)
    except discord.HTTPException as refused:
        log_refusal(refused, "mention")


def log_refusal(refused: discord.HTTPException, kind: str) -> None:
    """Log Discord's refusal of an answer, as an error unless nothing could have been done about it."""
    write = log.warning if refused.code in EXPECTED_ERRORS else log.error
    write("Discord refused an answer", kind=kind, code=refused.code, error=refused.text)
