"""The messages between the forms of setup, the preview of the first month, and Start."""

from collections.abc import Mapping, Sequence

from bot.cadence import say_moment
from bot.core import signals
from bot.core.routes import TimerLabels
from bot.domain.preset_names import preset_names
from bot.domain.touchpoint_words import Vocabulary, say
from bot.domain.touchpoints import Around, Touchpoint
from bot.features.setup.draft import OURSELVES, Plan
from bot.features.setup.forms import policies
from bot.features.setup.rules import MEETING, Foreseen
from bot.i18n import gettext as _
from bot.i18n import locale as spoken
from bot.ui import Button, Facts, Message, Note, Part, Select, Text, card
from bot.ui.markup import channel, command, cut, esc

# Lines of the first month.
MOST_LINES = 16


def not_in_direct() -> str:
    return _("Please type this in the server where the community is to meet, in any channel that I can see.")


def go_on(plan: Plan) -> Message:
    name = esc(plan.name) or _("a community")
    return Message(
        parts=(
            Text(_("You have begun to set up **{name}**: {n} of 3 forms are done.").format(name=name, n=plan.step)),
            Note(_("Nothing has been started yet, and nobody else sees this.")),
        ),
        actions=(
            Button(_("Go on"), "setup.go_on", style="primary"),
            Button(_("Start over"), "setup.over"),
        ),
    )


def nothing_begun() -> str:
    return _("I have no setup of yours that is that far. {setup} begins one.").format(setup=command("setup", "admin"))


def basics_done(plan: Plan) -> Message:
    return _done(
        plan,
        (
            (_("Name"), esc(plan.name)),
            (_("Time zone"), esc(plan.zone)),
            (_("Public holidays"), plan.country or _("none kept")),
        ),
        Button(_("Next: where and who leads"), "setup.people", style="primary"),
        Button(_("Change"), "setup.basics"),
    )


def _done(plan: Plan, rows: tuple[tuple[str, str], ...], *buttons: Button) -> Message:
    note = Note(_("{n} of 3 forms done and kept. Nothing has been started yet.").format(n=plan.step))
    return Message(parts=(Facts(rows), note), actions=buttons)


def people_done(plan: Plan) -> Message:
    role = _("facilitator")
    rows = (
        (_("Channel"), channel(plan.channel, _("the channel you chose"))),
        (_("Facilitators"), ", ".join(f"[{role}](account:{account})" for account in plan.facilitators)),
        (_("A meeting"), _("{n} minutes").format(n=plan.minutes)),
        (_("Where"), esc(cut(plan.place, 200)) or _("not said")),
        (_("Who can join"), dict(policies())[plan.join_policy]),
    )
    return _done(
        plan,
        rows,
        Button(_("Next: when you meet"), "setup.rhythm", style="primary"),
        Button(_("Change"), "setup.people"),
    )


def ourselves() -> Message:
    return Message(
        (
            Text(
                _("You set each date yourselves. A facilitator adds one with {schedule}.").format(
                    schedule=command("meeting schedule", "facilitator")
                )
            ),
            Note(_("Everything timed by meetings follows from those dates. Nothing has been started yet.")),
        ),
        actions=(
            Button(_("Right: show what I do"), "setup.preview", style="primary"),
            Button(_("Change"), "setup.rhythm"),
        ),
    )


def no_longer(why: str) -> Message:
    return card(
        _("What you said about your meetings no longer works: {why}").format(why=esc(why)),
        actions=(Button(_("Change"), "setup.rhythm", style="primary"),),
    )


def preview(
    plan: Plan, month: Sequence[Foreseen], schedule: Sequence[Touchpoint], labels: Mapping[str, TimerLabels]
) -> Message:
    """Show what the bot would post. What belongs to meetings whose dates aren't known yet is listed without dates."""
    parts: list[Part] = []
    lines = [f"- {say_moment(f.at, plan.zone, spoken())}: {_what(f.what, labels)}" for f in month[:MOST_LINES]]
    if plan.how == OURSELVES:
        waiting = [f"- {_line(each, labels)}" for each in schedule if isinstance(each.when, Around)]
        if lines:
            parts.append(Text(_("This is what I would post in the next month, even before a meeting is planned:")))
            parts.append(Text("\n".join(lines)))
            parts.append(Text(_("And around each meeting, once one is planned:")))
        else:
            parts.append(Text(_("Until a meeting is planned I post nothing but a welcome. Then, around each meeting:")))
        parts.append(Text("\n".join(waiting)))
    elif month:
        parts.append(Text(_("This is what I would post in the channel, until a month after your first meeting:")))
        parts.append(Text("\n".join(lines)))
    parts.append(
        Text(
            _("Schedule: **{preset}**. If that suits you, there’s nothing to choose.").format(
                preset=preset_names()[plan.preset]
            )
        )
    )
    parts.append(
        Note(
            _(
                "At most one question a week to the community, none on weekends, holidays or while it is paused. "
                "Facilitators see each a week ahead with {preview} and may skip it."
            ).format(preview=command("preview", "facilitator"))
        )
    )
    others = tuple((each.value, name) for each, name in preset_names().items() if each is not plan.preset)
    parts.append(Note(_("Start posts one welcome in the channel. Nobody is made a member; each joins by themselves.")))
    return Message(
        tuple(parts),
        title=_("The first month of {name}").format(name=cut(plan.name, 60)),
        actions=(
            Button(_("Start"), "setup.start", style="primary"),
            Button(_("Change who"), "setup.basics"),
            Button(_("Change where"), "setup.people"),
            Button(_("Change when"), "setup.rhythm"),
            Select(_("Another schedule"), "setup.preset", others),
        ),
    )


def _line(touchpoint: Touchpoint, labels: Mapping[str, TimerLabels]) -> str:
    what = touchpoint.what
    return esc(say(touchpoint, Vocabulary({what: labels[what].shortened("")})))


def _what(kind: str, labels: Mapping[str, TimerLabels]) -> str:
    if kind in labels:
        return _(labels[kind].foretold)
    return {
        MEETING: _("**the meeting**"),
        "remind.w": _("reminder, a week before"),
        "remind.d": _("reminder, the working day before"),
        "remind.h": _("reminder, an hour before"),
    }[kind]


def started(community: str) -> Message:
    return Message(
        parts=(
            Text(_("**{name}** has started. The welcome is on its way to the channel.").format(name=esc(community))),
            Text(
                _(
                    "- You are its admin; the facilitators have been told what they can do\n"
                    "- {status} shows how I am doing, {cadence} changes when you meet\n"
                    "- You are not a member yet: join if you like to take part"
                ).format(status=command("status", "admin"), cadence=command("cadence set", "admin"))
            ),
        ),
        actions=(Button(_("Join"), signals.JOIN, style="primary"),),
        replace=True,
    )


def started_already() -> Message:
    return card(
        _("That has been started already; pressing again changes nothing. {status} shows how it is doing.").format(
            status=command("status", "admin")
        )
    )


def channel_went(other: str) -> Message:
    return card(
        _("Meanwhile that channel was given to {name}. Nothing has been started: please choose another.").format(
            name=esc(other)
        ),
        actions=(Button(_("Change where"), "setup.people", style="primary"),),
    )
