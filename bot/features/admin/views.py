"""Messages and refusals for channels, roles and retention."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.platform import ShownTo
from bot.delivery.failure_notices import reason
from bot.features.admin.retention_labels import times
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Message, Note, Part, Text, card
from bot.ui.markup import channel as channel_token
from bot.ui.markup import command, cut, esc, mention
from storage.people import people
from storage.people.people import Person


def _channel(id: str) -> str:
    return channel_token(id, id)


def _name(community: str) -> str:
    return f"**{esc(cut(community, 80))}**"


# Channels


def no_such_channel(typed: str, verb: str) -> str:
    return _("“{typed}” is not a channel. Pick one with #, or type {line} in the channel itself.").format(
        typed=esc(cut(typed, 40)), line=command(f"channel {verb}", "admin")
    )


def which_channel(verb: str) -> str:
    return _("This is a direct message. Type {line} in the channel you mean, or add it with #.").format(
        line=command(f"channel {verb}", "admin")
    )


def unfit(channel: str, why: str) -> str:
    """Refuse a channel. `why` is plain text, which says what to do too."""
    return f"{_channel(channel)}: {esc(why)}"


def bound(channel: str, community: str, *, note: str) -> Message:
    """Confirm. `note` says what is different in this kind of channel."""
    words = _("{name} lives in {channel} too now.").format(name=_name(community), channel=_channel(channel))
    return Message(
        (
            Text(f"{words} {note}".strip()),
            Note(
                _("New posts go there from now on; answers from every channel are one round. I must be able to see it.")
            ),
        )
    )


def bound_already(channel: str, community: str) -> Message:
    return card(_("{name} lives in {channel} already.").format(name=_name(community), channel=_channel(channel)))


def taken(channel: str, community: str) -> str:
    """Say that the channel is another community's. Only who manages the space is told which: "" hides it."""
    if not community:
        return _("{channel} belongs to another community. Pick another channel.").format(channel=_channel(channel))
    return _("{channel} belongs to {name}. A channel belongs to one community: unbind it there first.").format(
        channel=_channel(channel), name=_name(community)
    )


def unbound(channel: str, community: str, *, left: int) -> Message:
    parts: list[Part] = [
        Text(
            _("{name} no longer lives in {channel}. What was posted stays.").format(
                name=_name(community), channel=_channel(channel)
            )
        )
    ]
    if not left:
        parts.append(
            Text(
                _("That was its last channel: I post nowhere until you bind one with {bind}.").format(
                    bind=command("channel bind", "admin")
                )
            )
        )
    return Message(tuple(parts))


def not_bound(channel: str, community: str) -> str:
    return _("{name} does not live in {channel}. {show} lists where it does.").format(
        name=_name(community), channel=_channel(channel), show=command("channel show", "admin")
    )


@dataclass(frozen=True)
class Place:
    """A channel that is listed. `here`: in the space where it is shown. `unreachable`: why the bot can't post there."""

    platform: str
    channel: str
    name: str
    unreachable: str
    here: bool


def channels(rows: Sequence[Place], community: str) -> Message:
    if not rows:
        return card(
            _("{name} lives in no channel. Type {bind} in one.").format(
                name=_name(community), bind=command("channel bind", "admin")
            )
        )
    lines = [_listed(row) for row in rows[:25]]
    return card(_("{name} lives in:").format(name=_name(community)) + "\n\n" + "\n".join(lines))


def _listed(row: Place) -> str:
    shown = _channel(row.channel) if row.here else esc(f"#{row.name}" if row.name else row.channel)
    line = f"- {shown} ({esc(row.platform.title())})"
    return f"{line}: {reason(row.unreachable)}" if row.unreachable else line


# Roles


def unreadable_role(typed: str) -> str:
    return _(
        "I cannot read “{typed}”. Say the role, then pick somebody with @. Like this: {right}. The roles are "
        "facilitator, admin, and member, which takes a role away."
    ).format(typed=esc(cut(typed, 60)), right=command("role map facilitator @Ben", "admin"))


def role_word(name: str) -> str:
    return {"facilitator": _("a facilitator"), "admin": _("an admin"), "member": _("a member like any other")}[name]


def person_mapped(name: str, who: Person, shown_to: ShownTo | None) -> Message:
    """Confirm. `shown_to` says who sees the commands of the role, None where everyone does."""
    person = mention(people.key(who), who.name)
    return Message(
        (
            Text(_("{person} is {role} here now.").format(person=person, role=role_word(name))),
            *_how_to_show(shown_to, person),
            Note(
                _(
                    "I’m telling the channel and the facilitators. They become a member only if they join. To see "
                    "everyone with a role, use {show}."
                ).format(show=command("role show", "admin"))
            ),
        )
    )


def _how_to_show(shown_to: ShownTo | None, holder: str) -> tuple[Text, ...]:
    """Say who sees the role's commands, and how to show them to its `holder`, which is markup."""
    if shown_to is None:
        return ()
    words = _(
        "Only people with **{permission}** see {command}. To show it to {holder}: open {path}, choose {command}, and "
        "press **Add roles or members**."
    ).format(
        permission=esc(shown_to.permission),
        command=f"`{shown_to.command}`",
        holder=holder,
        path=f"**{esc(shown_to.settings)}**",
    )
    return (Text(words),)


def group_mapped(name: str, group: str, shown_to: ShownTo | None) -> Message:
    who = f"`{group.replace('`', '')}`"
    if name == "member":
        return card(_("The platform role {role} gives nothing here any more.").format(role=who))
    words = _("Everybody with the platform role {role} is {what} here now.").format(role=who, what=role_word(name))
    # Who has it isn't known before they act, and who lost it neither.
    note = Note(_("I send messages for facilitators only to people you name with {line}.").format(
        line=command("role map facilitator @Ben", "admin")
    ))  # fmt: skip
    return Message((Text(words), *_how_to_show(shown_to, who), *((note,) if name == "facilitator" else ())))


def has_left(who: Person) -> str:
    return _("{person} has left this community. They can have a role once they join again.").format(
        person=mention(people.key(who), who.name)
    )


def roles(own: Sequence[tuple[str, Person]], mapped: Sequence[tuple[str, str, str]], *, here: str) -> Message:
    """List `own` roles as (role, person) and `mapped` ones as (role, platform, platform role)."""
    lines = [f"- {mention(people.key(who), who.name)}: {role_word(name)}" for name, who in own[:25]]
    lines += [
        _("- platform role {role} ({platform}): {what}").format(
            role=f"`{external.replace('`', '')}`", platform=esc(platform.title()), what=role_word(name)
        )
        for name, platform, external in mapped[:15]
    ]
    parts: list[Part] = [Text("\n".join(lines) or _("Nobody has a role here yet."))]
    parts.append(Note(_("Whoever manages the whole space can administer it too, without reading along.")))
    return Message(tuple(parts), title=_("Roles"))


# Retention


def retention(months: int) -> Message:
    answers = ngettext(
        "Answers are deleted one month after the end of the season they were given in.",
        "Answers are deleted {n} months after the end of the season they were given in.",
        months,
    ).format(n=months)
    change = _("{example} changes it. Shared resources and reflections stay until somebody deletes them.").format(
        example=command("retention 12", "admin")
    )
    rest = [_("- {what}: {time}").format(what=what, time=time) for what, time in times()]
    everywhere = _("**Everything else, in every community**") + "\n\n" + "\n".join(rest)
    return Message((Text(answers), Text(change), Text(everywhere)), title=_("How long things are kept"))


def not_months(typed: str) -> str:
    return _("“{typed}” is not a number of months from 1 to 60. Like this: {right}").format(
        typed=esc(cut(typed, 20)), right=command("retention 12", "admin")
    )


def confirm_retention(months: int, deleted: int) -> Message:
    """Ask before deleting `deleted` answers that are older than `months`."""
    return Message(
        (
            Text(
                ngettext(
                    "Keeping answers for {months} months deletes one that is older, within six hours.",
                    "Keeping answers for {months} months deletes {n} that are older, within six hours.",
                    deleted,
                ).format(n=deleted, months=months)
            ),
            Note(
                _("That cannot be undone; {export} makes a copy first. Summaries in channels stay.").format(
                    export=command("export md", "admin")
                )
            ),
        ),
        actions=(Button(_("Keep them {n} months").format(n=months), "admin.retention", str(months), "danger"),),
    )


def retention_set(months: int, *, replace: bool) -> Message:
    return card(
        ngettext(
            "Saved: from now on, answers are deleted one month after the end of their season.",
            "Saved: from now on, answers are deleted {n} months after the end of their season.",
            months,
        ).format(n=months),
        replace=replace,
    )
