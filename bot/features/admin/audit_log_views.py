"""Every word about what admins and facilitators did."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from bot.cadence import Rule, say
from bot.domain.timer_labels import chores
from bot.features.admin.closure_views import stretches
from bot.features.admin.views import role_word
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Message, Note, Text
from bot.ui.markup import as_many, cut, esc, mention, moment
from bot.ui.markup import channel as channel_token
from storage.operations.audit_log import Audit
from storage.people import people
from storage.people.people import Person


def deeds() -> Mapping[str, str]:
    """What was done, after the name of who did it, for everything that `ctx.note` writes down."""
    return {
        "agenda.add": _("added a topic to the agenda"),
        "agenda.apart": _("took topics apart that had been put together"),
        "agenda.clone": _("brought topics of last year back"),
        "agenda.merge": _("put two topics together"),
        "agenda.note": _("wrote a note about a topic for facilitators"),
        "agenda.publish": _("published the agenda"),
        "agenda.remove": _("took a topic off the agenda"),
        "agenda.vote": _("opened the vote on topics"),
        "calendar.link": _("made a calendar link for the community"),
        "calendar.stop": _("switched the community’s calendar link off"),
        "channel.bind": _("let the community live in a channel"),
        "channel.unbind": _("took the community out of a channel"),
        "checkins.open": _("opened a check-in"),
        "closure.add": _("closed days"),
        "closure.remove": _("opened days again"),
        "export": _("made a copy of everything"),
        "feedback.did": _("wrote what was done about feedback"),
        "feedback.undo": _("took back what was done about feedback"),
        "kinds.accept": _("put a meeting of another community among ours"),
        "kinds.choose": _("chose a kind of meeting"),
        "kinds.invite": _("invited other communities to a meeting"),
        "kinds.prepare": _("prepared a meeting"),
        "kinds.task": _("added a task for a meeting"),
        "meetings.adjust": _("changed the place, link or length of a meeting"),
        "meetings.as_ruled": _("put a meeting back as the rule says"),
        "meetings.attendance": _("marked who came to a meeting"),
        "meetings.cadence": _("changed when the community meets"),
        "meetings.cancel": _("cancelled a meeting"),
        "meetings.expect": _("wrote down a meeting whose day is not known yet"),
        "meetings.move": _("moved a meeting"),
        "meetings.pause": _("paused reminders and questions"),
        "meetings.reminders": _("changed when the channel is reminded of meetings"),
        "meetings.restore": _("brought a cancelled meeting back"),
        "meetings.resume": _("resumed reminders and questions"),
        "meetings.schedule": _("added a meeting"),
        "meetings.unexpect": _("took a meeting whose day was not known off the list"),
        "members.leave": _("left, and gave up a role"),
        "notes.share": _("shared the notes of a meeting"),
        "notes.write": _("wrote notes of a meeting"),
        "prompts.queue": _("put a reflection prompt in line"),
        "prompts.send": _("sent a reflection prompt"),
        "prompts.unqueue": _("took a reflection prompt out of line"),
        "resources.edit": _("edited what somebody shared"),
        "resources.kind": _("changed the kind of what somebody shared"),
        "resources.remove": _("removed what somebody shared"),
        "retention": _("changed how long answers are kept"),
        "role.map": _("gave or took a role"),
        "rounds.close": _("closed a question"),
        "rounds.themes": _("wrote the themes of a question"),
        "setup.start": _("started the community"),
        "status.drop": _("dropped messages that could not be delivered"),
        "status.retry": _("tried messages again that could not be delivered"),
        "upcoming.restore": _("brought back what had been left out"),
        "upcoming.skip": _("left out what was to be posted"),
    }


def audit(rows: Sequence[tuple[Audit, Person | None, str]]) -> Message:
    """`rows` are the newest first: what was noted, who did it, and the detail in words, if there is any."""
    known = deeds()
    lines = []
    for row, person, detail in rows:
        who = mention(people.key(person), person.name) if person else _("somebody")
        line = _("- {when}: {who} {deed}").format(
            when=moment(row.at), who=who, deed=known.get(row.action, esc(row.action))
        )
        lines.append(f"{line} ({detail})" if detail else line)
    note = Note(_("The newest first. It never holds what people answered."))
    return Message(
        (Text("\n".join(as_many(lines, 2_700)) or _("Nothing has been done yet.")), note), title=_("What was done")
    )


def rhythm(rule: Rule) -> str:
    return esc(cut(say(rule, locale()), 200))


def meeting(at: datetime) -> str:
    return _("the one on {when}").format(when=moment(at))


def moved(was: datetime, at: datetime) -> str:
    return _("from {was} to {at}").format(was=moment(was), at=moment(at))


def asked(at: datetime) -> str:
    return _("asked on {when}").format(when=moment(at))


def kept(at: datetime) -> str:
    return _("shared on {when}").format(when=moment(at))


def channel(id: str, platform: str, *, here: bool) -> str:
    return channel_token(id, id) if here else f"{esc(id)}, {esc(platform.title())}"


def person_role(who: Person, role: str) -> str:
    return _("{person}: {role}").format(person=mention(people.key(who), who.name), role=role_word(role))


def group_role(group: str, platform: str, role: str) -> str:
    return _("platform role {group} of {platform}: {role}").format(
        group=f"`{group.replace('`', '')}`", platform=esc(platform.title()), role=role_word(role)
    )


def days(closed: Sequence[date]) -> str:
    listed = stretches(closed)
    return "; ".join(listed if len(listed) <= 5 else [*listed[:5], "…"])


def plain(action: str, detail: str) -> str:
    """The details that need no looking up."""
    said: Mapping[str, Callable[[], str]] = {
        "export": lambda: f"`{detail}`",
        "retention": lambda: _months(int(detail)),
        "setup.start": lambda: esc(cut(detail, 80)),
        "status.drop": lambda: _messages(int(detail)),
        "status.retry": lambda: _messages(int(detail)),
        "upcoming.restore": lambda: chores().get(detail.partition(" ")[0], ""),
        "upcoming.skip": lambda: chores().get(detail.partition(" ")[0], ""),
    }
    return said[action]() if action in said else ""


def _months(n: int) -> str:
    return ngettext("one month", "{n} months", n).format(n=n)


def _messages(n: int) -> str:
    return ngettext("one message", "{n} messages", n).format(n=n)
