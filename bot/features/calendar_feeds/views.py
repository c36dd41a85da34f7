"""Messages about calendar links and files."""

from bot.features.calendar_feeds.http import is_only_here
from bot.i18n import gettext as _
from bot.ui import Attachment, Button, Link, Message, Note, Quote, Text
from bot.ui.markup import command, esc, moment
from storage.meetings.calendar_feeds import Feed
from storage.meetings.meetings import Meeting


def yours(feed: Feed | None) -> Message:
    what = Text(
        _(
            "A private link puts the meetings of all your communities into the calendar you already use, and keeps "
            "them right when one moves or is cancelled."
        )
    )
    if feed is None:
        return Message(
            (what, _whoever_has_it()), actions=(Button(_("Make my link"), "calendar.make", style="primary"),)
        )
    return Message(
        (what, _made_before(feed), _whoever_has_it()), actions=_replace_or_stop("calendar.make", "calendar.stop")
    )


def for_all(community: str, feed: Feed | None) -> Message:
    what = Text(
        _(
            "A link to the calendar of {community}, for its page, its mailing list, or people who are not here. It "
            "holds the meetings and nothing about anybody."
        ).format(community=esc(community))
    )
    if feed is None:
        make = Button(_("Make the link"), "calendar.make_for_all", style="primary")
        return Message((what, _whoever_has_it()), actions=(make,))
    again = _replace_or_stop("calendar.make_for_all", "calendar.stop_for_all")
    return Message((what, _made_before(feed), _whoever_has_it()), actions=again)


def _made_before(feed: Feed) -> Text:
    return Text(
        _("There is one since {when}. I do not hold the link itself, so I cannot show it again.").format(
            when=moment(feed.made_at, "day")
        )
    )


def _whoever_has_it() -> Note:
    return Note(_("Whoever has the link can read when and where you meet. You can make a new one at any time."))


def _replace_or_stop(make: str, stop: str) -> tuple[Button, Button]:
    return (Button(_("Make a new one; the old one stops"), make), Button(_("Switch it off"), stop, style="danger"))


def made(link: str) -> Message:
    return _link(_("Here is your private calendar link."), link, _("Only you see this. Keep the link to yourself."))


def made_for_all(community: str, link: str) -> Message:
    text = _("Here is the calendar link of {community}.").format(community=esc(community))
    return _link(text, link, _("Only you see this. Give the link to whoever may know when and where you meet."))


def _link(text: str, link: str, who: str) -> Message:
    how = _(
        "In your calendar, choose to add a calendar by its address (“From URL”, “Subscribe”) and paste it. Calendars "
        "look for changes when they like: some every hour, Google about twice a day."
    )
    if is_only_here(link):
        how = _("You are trying this out: only a calendar on this computer can open the link.")
    once = _("I cannot show it a second time.")
    parts = (Text(text), Quote(link), Text(how), Note(f"{who} {once}"))
    return Message(parts, actions=(Link(_("Open it"), link),), replace=True)


def stopped() -> Message:
    text = _("Your calendar link is switched off. Calendars that used it show nothing new from now on.")
    return Message(
        (Text(text), Note(_("{calendar} makes another.").format(calendar=command("my calendar")))), replace=True
    )


def stopped_for_all(community: str) -> Message:
    text = _("The calendar link of {community} is switched off, for everybody who has it.")
    return Message((Text(text.format(community=esc(community))),), replace=True)


def no_address() -> str:
    return _(
        "I have no address on the web, so there is no link that stays up to date. Whoever runs me can give me one "
        "(the setting PUBLIC_ADDRESS). {calendar} gives your meetings as a file meanwhile."
    ).format(calendar=command("my calendar"))


def only_a_file(file: Attachment) -> Message:
    note = _(
        "The file does not change by itself when a meeting moves: ask for it again then. Whoever runs me can offer "
        "a link that stays up to date (the setting PUBLIC_ADDRESS)."
    )
    text = Text(_("Your meetings as a file that any calendar can open. Only you get it."))
    return Message((text, Note(note)), attachment=file)


def one(meeting: Meeting, file: Attachment) -> Message:
    text = _("{title}, {when}, as a file that any calendar can open.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    note = _("It does not change by itself if the meeting moves; {calendar} gives you a link that does.").format(
        calendar=command("my calendar")
    )
    return Message((Text(text), Note(note)), attachment=file)


def not_found() -> str:
    return _("That meeting is no longer planned. {next} shows the next one.").format(next=command("next"))
