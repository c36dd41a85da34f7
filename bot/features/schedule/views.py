"""Messages and forms about the schedule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from babel.dates import format_skeleton

from bot.cadence import Unreadable, locale_to_read, say_moment, say_zone
from bot.cadence.calendar_names import listed, short_date
from bot.domain import limit_words
from bot.domain.limit_words import FROM_ALL, Promise
from bot.domain.placing import LeftOut, Placed, Reason
from bot.domain.preset_names import preset_names
from bot.domain.questions import Questionnaire
from bot.domain.touchpoint_words import Vocabulary, say, say_channels, say_when
from bot.domain.touchpoints import OWN, Preset, Touchpoint, still_there
from bot.features.schedule.rules import LIMITS, MOST_LINES, Month, Wrong
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext, speaking
from bot.ui import Button, ChoiceField, Form, Message, Note, Part, Select, Text, TextField, TickField
from bot.ui.limits import MAX_CHOICES, MAX_TICKS
from bot.ui.markup import command, cut, esc
from storage.communities.schedules import Limits

# Characters of a line.
LONGEST = 500


def name(what: str, words: Vocabulary) -> str:
    shown = words.whats.get(what, what)
    return shown[:1].upper() + shown[1:]


def _day(day: date) -> str:
    with speaking(locale_to_read()):
        return short_date(day)


def schedule(
    lines: Sequence[tuple[Touchpoint, datetime | None]],
    words: Vocabulary,
    zone: str,
    *,
    promise: Promise,
    addable: Sequence[str],
    paused: bool,
) -> Message:
    """Show each line, with when it comes next."""
    parts: list[Part] = []
    if paused:
        parts.append(Text(_("**Paused**: none of this is posted until an admin resumes.")))
    said = [
        f"- **{esc(name(t.what, words))}**: {esc(say_when(t, words))}{_state(t, at, zone)}{_gone(t, words)}"
        for t, at in lines
    ]
    parts.append(Text("\n".join(said) if said else _("Nothing is scheduled.")))
    parts.append(
        Note(
            _("Times are {zone} time. {limit} To change a line in words, use {set}.").format(
                zone=esc(say_zone(zone, locale())),
                limit=limit_words.here(promise),
                set=command("schedule set", "admin"),
            )
        )
    )
    there = _choices([t.what for t, _at in lines], words)
    more = tuple((value, cut(_("Add: {what}").format(what=what), 75)) for value, what in _choices(addable, words))
    return Message(
        tuple(parts),
        title=_("Schedule"),
        actions=(
            Button(_("Limits"), "schedule.limit"),
            Select(_("Change or add a line"), "schedule.change", (*there, *more)[:MAX_CHOICES]),
            Select(_("Start from a preset"), "schedule.preset", tuple(preset_names().items())),
        ),
    )


def _state(touchpoint: Touchpoint, at: datetime | None, zone: str) -> str:
    if not touchpoint.is_on:
        return " (" + _("off") + ")"
    if touchpoint.paused_until:
        return " (" + _("paused until {day}").format(day=_day(touchpoint.paused_until)) + ")"
    if at is None:
        return " (" + _("no date yet") + ")"
    return " (" + _("next: {when}").format(when=say_moment(at, zone, locale())) + ")"


def _gone(touchpoint: Touchpoint, words: Vocabulary) -> str:
    """Say which of its channels the community is no longer connected to."""
    gone = [each for each in touchpoint.channels if not still_there([each], words.channels)]
    if not gone:
        return ""
    names = listed([f"#{esc(each.name)}" for each in gone])
    if len(gone) == len(touchpoint.channels):
        return " (" + _("{channels} isn’t connected, so it goes to all your channels").format(channels=names) + ")"
    return " (" + _("{channels} isn’t connected").format(channels=names) + ")"


def _choices(whats: Collection[str], words: Vocabulary) -> tuple[tuple[str, str], ...]:
    return tuple((encoded(what), cut(name(what, words), 75)) for what in whats)


def encoded(what: str) -> str:
    """A value in a button or a tick has no space."""
    return what.replace(" ", "~")


def decoded(value: str) -> str:
    return value.replace("~", " ")


def shows_channels(what: str, words: Vocabulary) -> bool:
    """Whether the form of a line lets people choose channels: for a check-in of their own, if there are several."""
    return what.startswith(OWN) and 1 < len(set(words.channels.values())) <= MAX_TICKS


def form(what: str, words: Vocabulary, typed: str = "", ticked: Sequence[int] = ()) -> Form:
    """Change or add one line. `ticked` are the channels that are checked."""
    channels: tuple[TickField, ...] = ()
    if shows_channels(what, words):
        # Of channels with one name, the last stands for all.
        ids = {name: str(id) for id, name in words.channels.items()}
        channels = (
            TickField(
                "channels",
                _("In which channels?"),
                tuple((id, cut(f"#{name}", 75)) for name, id in ids.items()),
                initial=tuple(dict.fromkeys(ids[words.channels[id]] for id in ticked if id in words.channels)),
                hint=_("Check none to ask in all of them."),
            ),
        )
    return Form(
        "schedule.line",
        cut(name(what, words), 24),
        (
            TextField(
                "when",
                _("When, and how?"),
                initial=typed,
                max_length=LONGEST,
                hint=_("5 working days after each meeting · every Monday at 9 privately · halfway between meetings"),
            ),
            *channels,
        ),
        value=encoded(what),
        submit=_("Show me"),
        intro=_(
            "In plain words. You can add an hour, “privately”, “for facilitators”, “open 2 days”, “no nudge”, and "
            "“may move”, “keep the day”, or “no matter what” for a week that is taken. You’ll see the next month "
            "before anything is saved."
        ),
    )


def unreadable(doubt: Unreadable) -> str:
    if not doubt.suggestion:
        return _("{why} Nothing is saved.").format(why=esc(str(doubt)))
    return _("{why} Try **{right}**. Nothing is saved.").format(why=esc(str(doubt)), right=esc(doubt.suggestion))


def unreadable_plain(doubt: Unreadable) -> str:
    if not doubt.suggestion:
        return str(doubt)
    return _("{why} Try {right}").format(why=str(doubt), right=doubt.suggestion)


def wrong(why: Wrong, what: str, words: Vocabulary, *, private: int) -> str:
    return {
        Wrong.CARD: _("The after-meeting card asks how a meeting was, so it comes when one ends."),
        Wrong.CALL: _(
            "The vote on topics opens 9 days before a meeting, so the call for topics has to come earlier than that."
        ),
        Wrong.BUILT_IN: _(
            "The {what} always goes to everyone, in the channel. Only check-ins that you make yourself can be private, "
            "for some people, or open for another time."
        ).format(what=words.whats.get(what, what)),
        Wrong.PUBLIC: _("Everyone sees what is in the channel. To ask only some people, ask them privately."),
        Wrong.BOTH: _("A check-in goes to people privately or to a channel, not both."),
        Wrong.NEVER: _("That never comes in the next year."),
        Wrong.OVERLAPS: _("It would come again before the one before it is closed."),
        Wrong.DENSE: ngettext(
            "A person gets at most {n} private question a week. Choose fewer days.",
            "A person gets at most {n} private questions a week. Choose fewer days.",
            private,
        ).format(n=private),
    }[why]


def confirm(
    touchpoint: Touchpoint,
    ahead: Month,
    words: Vocabulary,
    zone: str,
    draft: str,
    warnings: Sequence[str],
    *,
    limits: Limits,
    invited: int | None,
) -> Message:
    """Repeat what was understood, with the month ahead and what gives way, before anything is saved."""
    parts: list[Part] = [
        Text(_("I understood: **{line}**.").format(line=esc(say(touchpoint, words)))),
        *_month(ahead, words, zone),
        *_fares(touchpoint, ahead, limits),
    ]
    if invited is not None:
        asked = ngettext("It asks {n} person.", "It asks {n} people.", invited).format(n=invited)
        parts.append(Note(_("{asked} Each gets it at their own local hour.").format(asked=asked)))
    parts += [Note(esc(warning)) for warning in warnings]
    parts.append(Note(_("Nothing is saved yet.")))
    actions = [Button(_("Save"), "schedule.save", draft, "primary")]
    if ahead.crowded and not touchpoint.private and touchpoint.yields != "anyway":
        actions.append(Button(_("Save, no matter what"), "schedule.save", f"{draft}.anyway"))
    actions.append(Button(_("Change the words"), "schedule.rephrase", draft))
    return Message(tuple(parts), actions=tuple(actions))


def _fares(touchpoint: Touchpoint, ahead: Month, limits: Limits) -> list[Part]:
    """Say whether a line finds its weeks."""
    if touchpoint.private or not ahead.crowded:
        return []
    days = listed([format_skeleton("MMMd", day, locale=locale().replace("-", "_")) for day in ahead.crowded])
    if touchpoint.yields == "anyway":
        return []
    if not ahead.found:
        start = _("In the next two months it never finds a free week.")
    else:
        start = _("In the next two months, {found} of {sought} find a free week.").format(
            found=ahead.found, sought=ahead.sought
        )
    both = ngettext(
        "Saved “no matter what”, it also comes on {days}, in weeks that already have {n} question.",
        "Saved “no matter what”, it also comes on {days}, in weeks that already have {n} questions.",
        limits.requests,
    ).format(n=limits.requests, days=days)
    return [Note(f"{start} {both}")]


def _month(ahead: Month, words: Vocabulary, zone: str) -> list[Part]:
    entries = [(each.request.at, placed_line(each, words, zone)) for each in ahead.comes]
    lines = [line for _at, line in sorted(entries)[:MOST_LINES]]
    parts: list[Part] = [
        Text("\n".join([_("**The next month**"), "", *(lines or [_("- nothing")])])),
    ]
    if ahead.left_out:
        out = [left_out_line(each, words) for each in ahead.left_out[:MOST_LINES]]
        parts.append(Text("\n".join([_("**What gives way**"), "", *out])))
    return parts


def placed_line(each: Placed, words: Vocabulary, zone: str) -> str:
    line = f"- {say_moment(each.request.at, zone, locale())}: {esc(words.whats.get(each.touchpoint.what, ''))}"
    if each.touchpoint.channels:
        line += " " + esc(say_channels(each.touchpoint, words))
    if each.to and each.wanted:
        moved = _("moved from {day}, for the {what}").format(
            day=_day(each.wanted), what=esc(words.whats.get(each.to.what, each.to.what))
        )
        return f"{line} ({moved})"
    return line


def left_out_line(each: LeftOut, words: Vocabulary) -> str:
    what = esc(words.whats.get(each.touchpoint.what, each.touchpoint.what))
    return f"- {_day(each.day)}: {what} ({reason(each, words)})"


def reason(each: LeftOut, words: Vocabulary) -> str:
    if each.reason is Reason.TAKEN and each.to:
        return _("gives way to the {what}").format(what=esc(words.whats.get(each.to.what, each.to.what)))
    return _("a meeting is too near") if each.reason is Reason.MEETING else _("closed until its next date")


def confirm_preset(chosen: Preset, lines: Sequence[Touchpoint], ahead: Month, words: Vocabulary, zone: str) -> Message:
    said = [f"- {esc(say(each, words))}" for each in lines]
    return Message(
        (
            Text(
                _("**{preset}** replaces the whole schedule:").format(preset=preset_names()[chosen])
                + "\n\n"
                + "\n".join(said)
            ),
            *_month(ahead, words, zone),
            Note(_("Check-ins of your own come off the schedule. The check-ins themselves stay.")),
        ),
        title=_("Replace the schedule?"),
        actions=(
            Button(_("Replace the schedule"), "schedule.reset", chosen, "primary"),
            Button(_("Keep the schedule"), "schedule.show"),
        ),
    )


def saved(touchpoint: Touchpoint, at: datetime | None, words: Vocabulary, zone: str) -> Message:
    when = _("It comes next {when}.").format(when=say_moment(at, zone, locale())) if at else _("It has no date yet.")
    return Message(
        (
            Text(_("Saved: **{line}**. {when}").format(line=esc(say(touchpoint, words)), when=when)),
            Note(_("Members see it with {schedule}, and can mute it.").format(schedule=command("schedule"))),
        ),
        actions=(Button(_("Show the schedule"), "schedule.show"), *controls(touchpoint)),
        replace=True,
    )


def one(touchpoint: Touchpoint, at: datetime | None, words: Vocabulary, zone: str) -> Message:
    """Show one line, to change it."""
    line = f"**{esc(name(touchpoint.what, words))}**: {esc(say_when(touchpoint, words))}"
    return Message(
        (Text(line + _state(touchpoint, at, zone) + _gone(touchpoint, words)),),
        actions=(
            Button(_("Change"), "schedule.edit", encoded(touchpoint.what), "primary"),
            *controls(touchpoint),
            Button(_("Show the schedule"), "schedule.show"),
        ),
    )


def controls(touchpoint: Touchpoint) -> tuple[Button, ...]:
    what = encoded(touchpoint.what)
    if touchpoint.is_on and not touchpoint.paused_until:
        buttons = [Button(_("Turn off"), "schedule.off", what)]
    else:
        buttons = [Button(_("Resume"), "schedule.resume", what)]
    if touchpoint.is_own:
        buttons.append(Button(_("Remove"), "schedule.remove", what, "danger"))
    return tuple(buttons)


def paused(touchpoint: Touchpoint, at: datetime | None, words: Vocabulary, zone: str) -> Message:
    what = esc(name(touchpoint.what, words))
    if not touchpoint.is_on:
        text = _("**{what}** is off until somebody resumes it.").format(what=what)
    else:
        until = _day(touchpoint.paused_until) if touchpoint.paused_until else ""
        text = _("**{what}** is paused until {day}.").format(what=what, day=until)
        if at:
            text += " " + _("It comes next {when}.").format(when=say_moment(at, zone, locale()))
    return Message(
        (Text(text),), actions=(*controls(touchpoint), Button(_("Show the schedule"), "schedule.show")), replace=True
    )


def removed(what: str, words: Vocabulary) -> Message:
    return Message(
        (Text(_("**{what}** is off the schedule. The check-in itself stays.").format(what=esc(name(what, words)))),),
        actions=(Button(_("Show the schedule"), "schedule.show"),),
        replace=True,
    )


def reset(chosen: Preset) -> Message:
    return Message(
        (Text(_("The schedule is now: **{preset}**.").format(preset=preset_names()[chosen])),),
        actions=(Button(_("Show the schedule"), "schedule.show"),),
        replace=True,
    )


def limit_form(limits: Limits) -> Form:
    def every(requests: int, weeks: int) -> str:
        if weeks > 1:
            return _("1 question every {n} weeks").format(n=weeks)
        return ngettext("{n} question a week", "{n} questions a week", requests).format(n=requests)

    now = next((key for key, value in LIMITS.items() if value == (limits.requests, limits.weeks)), "1")
    return Form(
        "schedule.limit",
        _("Limits"),
        (
            ChoiceField(
                "limit",
                _("At most, in this community"),
                tuple((key, every(*value)) for key, value in LIMITS.items()),
                initial=now,
                hint=_("One a week keeps people answering."),
            ),
            ChoiceField(
                "private",
                _("At most, to one member privately"),
                tuple((str(n), every(n, 1)) for n in range(1, FROM_ALL + 1)),
                initial=str(limits.private),
                hint=_("From all their communities together, no one gets more than 2 a week."),
            ),
        ),
        submit=_("Save"),
    )


def limited(promise: Promise, ahead: Month, dense: Sequence[str], words: Vocabulary, zone: str) -> Message:
    parts: list[Part] = [
        Text(
            _("Saved. {here} {privately}").format(
                here=limit_words.here(promise), privately=limit_words.privately(promise)
            )
        ),
        *_month(ahead, words, zone),
    ]
    if dense:
        often = _("Privately, {whats} would come more often than that. What is over the limit doesn’t reach people.")
        parts.append(Note(often.format(whats=listed([esc(words.whats.get(what, what)) for what in dense]))))
    parts.append(
        Note(
            _("A question that is open stays open. Members read the limits with {schedule}.").format(
                schedule=command("schedule")
            )
        )
    )
    return Message(tuple(parts), actions=(Button(_("Show the schedule"), "schedule.show"),), replace=True)


def not_scheduled(what: str, words: Vocabulary) -> str:
    return _("The {what} isn’t on the schedule. To add it, use {add}.").format(
        what=esc(words.whats.get(what, what)), add=command("schedule add", "admin")
    )


def scheduled_already(line: str) -> str:
    return _("That is on the schedule already: **{line}**. To change it, use {set}.").format(
        line=esc(line), set=command("schedule set", "admin")
    )


def unknown() -> str:
    return _("That is no longer there. To see the schedule, use {show}.").format(show=command("schedule show", "admin"))


def draft_gone() -> str:
    return _("I no longer have those words, so nothing changed. Type them again with {set}.").format(
        set=command("schedule set", "admin")
    )


def unreadable_day(typed: str) -> str:
    return _("I didn’t understand “{typed}” as a day to come. Try {right}.").format(
        typed=esc(cut(typed, 60)), right=command("schedule pause check-in until January 12", "admin")
    )


def nothing_planned(kinds: str) -> str:
    return _("No {kinds} is planned, so this doesn’t come until one is.").format(kinds=kinds)


def resting() -> str:
    return _("This check-in is resting, so no one is asked until somebody uses it again.")


def nobody_yet() -> str:
    return _("It’s for no one at present, so no one is asked until somebody joins or gets that role.")


def no_season() -> str:
    return _("No season is running or planned, so this doesn’t come until one is.")


# --- for members


def for_members(
    lines: Sequence[tuple[Touchpoint, datetime | None]],
    muted: Collection[str],
    words: Vocabulary,
    zone: str,
    community: str,
    promise: Promise,
    *,
    may_mute: bool,
) -> Message:
    said = []
    for touchpoint, at in lines:
        line = f"- **{esc(name(touchpoint.what, words))}**: {esc(say_when(touchpoint, words))}"
        line += _state(touchpoint, at, zone)
        said.append(line + (" – " + _("muted by you") if touchpoint.what in muted else ""))
    mute = (Button(_("Mute"), "schedule.mute"),) if may_mute else ()
    return Message(
        (
            Text("\n".join(said) if said else _("Nothing is scheduled.")),
            Note(f"{limit_words.here(promise)} {limit_words.privately(promise)}"),
            Note(
                _(
                    "This is what I send in {community}, in {zone} time. What you mute sends you no private messages. "
                    "Posts in the channel go on."
                ).format(community=esc(community), zone=esc(say_zone(zone, locale())))
            ),
        ),
        title=_("Schedule"),
        actions=mute,
    )


def mute_form(whats: Mapping[str, str], muted: Collection[str]) -> Form:
    return Form(
        "schedule.mute",
        _("Mute"),
        (
            TickField(
                "muted",
                _("What shouldn’t reach you privately?"),
                tuple((encoded(what), cut(shown, 75)) for what, shown in list(whats.items())[:10]),
                initial=tuple(encoded(what) for what in whats if what in muted),
                hint=_("Only you see this. Check nothing to get everything."),
            ),
        ),
        submit=_("Save"),
    )


def muted_now(whats: Sequence[str], words: Vocabulary) -> Message:
    if not whats:
        text = _("Nothing is muted.")
    else:
        text = _("Muted: {whats}. I won’t message you about these.").format(
            whats=listed([esc(words.whats.get(what, what)) for what in whats])
        )
    return Message((Text(text), Note(_("Only you can see this."))))


def missed(community: str) -> Message:
    return Message(
        (
            Text(
                _(
                    "I was away for a while, so I left out what **{community}** missed, and go on with the newest."
                ).format(community=esc(community))
            ),
            Note(_("To see what comes next, use {preview}.").format(preview=command("preview", "facilitator"))),
        )
    )


def nobody_there(name: str) -> Message:
    """Tell facilitators that a private check-in asked nobody, because it's for nobody who is there."""
    return Message(
        (
            Text(_("I didn’t ask **{name}**, because no one it’s for is here at present.").format(name=esc(name))),
            Note(
                _(
                    "Once somebody joins or gets that role, I’ll ask them. To ask others, an admin can use {set}."
                ).format(set=command("schedule set", "admin"))
            ),
        )
    )


def elsewhere(name: str, gone: Sequence[str], *, falls_back: bool) -> Message:
    """Tell facilitators that a check-in couldn't go to some of the channels it's for."""
    channels = listed([f"#{esc(each)}" for each in gone])
    if falls_back:
        text = _("**{name}** is for {channels}, where I can’t post now. I posted it in your other channels.")
    else:
        text = _("**{name}** is also for {channels}, where I can’t post now. I posted it in its other channels.")
    return Message(
        (
            Text(text.format(name=esc(name), channels=channels)),
            Note(
                _("To connect a channel, use {bind} there. To choose other channels, use {set}.").format(
                    bind=command("channel bind", "admin"), set=command("schedule set", "admin")
                )
            ),
        )
    )


def preview(title: str, asked: Questionnaire) -> Message:
    lines = [f"- {esc(cut(question.words, 200))}" for question in asked.questions]
    return Message((Text(f"**{esc(title)}**"), Text("\n".join(lines))), title=_("Check-in"))


def nothing_to_mute() -> str:
    return _("Nothing on the schedule here sends you private messages.")
