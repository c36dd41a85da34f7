"""Messages and forms for joining, leaving and settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from bot.core import signals
from bot.domain import limit_words
from bot.domain.limit_words import Promise
from bot.i18n import gettext as _
from bot.i18n import languages
from bot.ui import (
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
from bot.ui.markup import command, cut, esc
from storage.communities.communities import Community
from storage.people.people import Membership

LONGEST = 60  # characters of a role group or an organization
TICKS = ("nudges", "reminders", "visible", "shows_attendance")  # columns of Membership


@dataclass(frozen=True)
class MemberSettings:
    """The fields of the settings form. `ticks` are some of TICKS; `language` is "" if only one is installed."""

    role_group: str
    organization: str
    ticks: tuple[str, ...]
    language: str = ""


def name(text: str) -> str:
    return f"**{esc(cut(text, 80))}**"


def choose_one(choices: Sequence[tuple[str, str]]) -> Message:
    menu = Select(_("Choose a community"), "members.join_one", tuple((v, cut(n, 75)) for v, n in choices[:25]))
    return Message(
        parts=(Text(_("Several communities meet here. Which one would you like to join?")),), actions=(menu,)
    )


def nothing_to_join() -> str:
    return _(
        "To join a community, use {join} in its channel. If none meets there yet, an admin can start one with {setup}."
    ).format(join=command("join"), setup=command("setup", "admin"))


def already(community: str, *, replace: bool = False) -> Message:
    return card(
        _("You belong to {name} already. {home} shows what is open.").format(
            name=name(community), home=command("home")
        ),
        replace=replace,
    )


def terms(community: Community, promise: Promise, *, reads_threads: bool = False) -> str:
    """What is kept and who sees it, which people read before they join."""
    said = _(
        "- **What I save:** your name and account here, your answers, what you share, your RSVPs, and your settings. "
        "I don’t read anything else you write.\n"
        "- **Who can see it:** every question tells you before you answer. “Only me” means no one else, not even "
        "admins. I tell the facilitators that you joined.\n"
        "- **What I send:** meeting reminders and short questions. {limit} To pause the questions, use {snooze}.\n"
        "- **How long:** I delete answers {months} months after their season ends. To see, download, or delete "
        "everything, use {data}. You can leave anytime."
    ).format(
        limit=f"{limit_words.here(promise)} {limit_words.privately(promise)}",
        months=community.retention_months,
        snooze=command("snooze"),
        data=command("data"),
    )
    heard = _(
        "- **In Slack channels:** I look at replies under my own open questions, and ask you before I keep one. Slack "
        "sends me other messages too, which I drop unread."
    )
    return f"{said}\n{heard}" if reads_threads else said


def consent(
    community: Community, promise: Promise, *, replace: bool, asks: bool = False, reads_threads: bool = False
) -> Message:
    """Ask for consent. `asks`: a facilitator has to say yes before the person is a member."""
    purpose = (Quote(cut(community.purpose, 600)),) if community.purpose else ()
    parts: list[Part] = [
        *purpose,
        Text(_("Between meetings I help this community go on learning.")),
        Text(terms(community, promise, reads_threads=reads_threads)),
    ]
    if asks:
        parts.append(Note(_("A facilitator decides who joins. I’ll ask them, and tell you what they say.")))
    yes = Button(_("Ask to join"), "members.ask", style="primary")
    return Message(
        title=_("Join {name}?").format(name=cut(community.name, 80)),
        parts=tuple(parts),
        actions=(
            yes if asks else Button(_("Join"), "members.agree", style="primary"),
            Button(_("Not now"), "members.decline"),
        ),
        replace=replace,
    )


def declined() -> Message:
    return card(
        _("All right: nothing is kept and nobody is told. {join} is there whenever you like.").format(
            join=command("join")
        ),
        replace=True,
    )


def joined(community: str) -> Message:
    return Message(
        parts=(
            Text(_("You have joined {name}. I sent you a short welcome privately.").format(name=name(community))),
            Note(_("If you like, say what you do and where: members of your community see it, nobody else.")),
        ),
        actions=(
            Button(_("See what is open"), signals.OPEN_HOME, style="primary"),
            Button(_("Say what I do"), "members.settings"),
        ),
        replace=True,
    )


def welcome(community: str) -> Message:
    return Message(
        title=_("Welcome"),
        parts=(
            Text(
                _(
                    "You now belong to {name}. There is nothing to do yet: when there is a question, a card in the "
                    "channel says so, and answering takes a few minutes."
                ).format(name=name(community))
            ),
            Text(
                _(
                    "- {home} shows what is open and the next meeting\n"
                    "- {timezone} and {quiet} say when I may reach you\n"
                    "- {help} lists the rest"
                ).format(
                    home=command("home"), timezone=command("timezone"), quiet=command("quiet"), help=command("help")
                )
            ),
        ),
    )


def confirm_leaving(community: str, *, leads: bool) -> Message:
    parts: list[Text | Note] = [
        Text(_("Leave {name}?").format(name=name(community))),
        Text(
            _(
                "What you shared there stays without your name, unless you have it deleted too. What only you can "
                "read stays yours. Your replies to meetings go. I change my posts accordingly."
            )
        ),
    ]
    if leads:
        parts.append(Text(_("You also give up your role there; only an admin can give it back.")))
    parts.append(Note(_("Nobody is told. You can join again.")))
    return Message(
        parts=tuple(parts),
        actions=(
            Button(_("Leave"), "members.leave", "keep", "danger"),
            Button(_("Leave and delete what I wrote"), "members.leave", "delete", "danger"),
            Button(_("Stay"), "members.stay"),
        ),
    )


def stayed(community: str) -> Message:
    return card(_("You still belong to {name}; nothing has changed.").format(name=name(community)), replace=True)


def left(community: str, *, deleted: bool) -> Message:
    what_stays = (
        _("What you wrote there has been deleted.")
        if deleted
        else _("What you shared there no longer carries your name.")
    )
    return card(
        _("You have left {name}. {kept} I will not write to you about it again. {join} brings you back.").format(
            name=name(community), kept=what_stays, join=command("join")
        ),
        replace=True,
    )


def not_here(community: str) -> Message:
    return card(
        _("You do not belong to {name} any more; there is nothing to leave.").format(name=name(community)), replace=True
    )


def nameless() -> str:
    """The name shown on what a former member wrote."""
    return _("Someone who has left")


def settings_form(now: MemberSettings) -> Form:
    fields: list[Field] = [
        TextField(
            "role_group", _("What you do"), required=False, initial=now.role_group, max_length=LONGEST,
            hint=_("For example: youth worker, staff leader. Members see it."),
        ),
        TextField(
            "organization", _("Where"), required=False, initial=now.organization, max_length=LONGEST,
            hint=_("Your organization. Members see it. A colleague or a facilitator confirms it."),
        ),
        TickField(
            "ticks", _("What is welcome"), tick_names(), initial=now.ticks,
            hint=_("Tick what you welcome; leave out the rest."),
        ),
    ]  # fmt: skip
    if len(languages()) > 1:
        names = tuple((tag, _language(tag)) for tag in languages())
        fields.append(ChoiceField("language", _("Language"), names, initial=now.language))
    return Form("members.settings", _("Your settings"), tuple(fields), submit=_("Save"))


def tick_names() -> tuple[tuple[str, str], ...]:
    return (
        ("nudges", _("One private nudge when a question is about to close")),
        ("reminders", _("Private reminders of meetings I said yes or maybe to")),
        ("visible", _("Facilitators may see that I have not answered yet")),
        ("shows_attendance", _("Facilitators may see, by my name, how often I was there")),
    )


def too_long() -> str:
    return _("Please use at most {n} characters.").format(n=LONGEST)


def saved(row: Membership, language: str) -> Message:
    lines = [
        _("- You do: {role}").format(role=esc(row.role_group) or _("not said")),
        _("- Where: {organization}").format(organization=_organization(row)),
        *(
            _("- {what}: {answer}").format(what=what, answer=_("yes") if getattr(row, name) else _("no"))
            for name, what in tick_names()
        ),
    ]
    if language:
        lines.append(_("- Language: {language}").format(language=_language(language)))
    return Message(
        parts=(
            Text(_("Saved.")),
            Text("\n".join(lines)),
            Note(
                _("{zone} and {quiet} hold in every community.").format(
                    zone=command("timezone"), quiet=command("quiet")
                )
            ),
        )
    )


def _organization(row: Membership) -> str:
    if not row.organization:
        return _("not said")
    if row.organization_confirmed:
        return esc(row.organization)
    return _("{organization} (a colleague or a facilitator hasn’t confirmed it yet)").format(
        organization=esc(row.organization)
    )


def _language(tag: str) -> str:
    locale = Locale.parse(tag, sep="_" if "_" in tag else "-")
    return (locale.get_display_name() or tag).capitalize()
