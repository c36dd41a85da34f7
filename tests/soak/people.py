"""Communities with many cadences, seasons, and time zones on two platforms, and what their people do in a week."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.events import Click, Command, Event, Place, PlatformUser, Submission
from bot.ui import Button, Message, Reply
from storage.communities.communities import Community
from storage.learning.rounds import Round
from storage.meetings import meetings
from storage.meetings.meetings import Meeting

PLATFORMS, SPACE = ("slack", "discord"), "S1"
ZONES = ("America/New_York", "Europe/London", "Africa/Nairobi", "Asia/Kolkata", "Pacific/Auckland")
MEMBERS = ("Ada", "Ben", "Cleo", "Dan", "Eve")
WEEK = timedelta(days=7)
WHEN = [
    f"{nth} {day}{season}, {hour}"
    for season, hour in (("", "9am"), (", October to June", "noon"), ("", "4pm"), (", September to May", "6:30pm"))
    for nth in ("first", "second", "third", "last")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
]
OFTEN = ("every other Tuesday, 4pm", "every Thursday, noon")


def place(n: int) -> Place:
    """Return the channel of community number n."""
    return Place(PLATFORMS[n % 2], SPACE, f"c{n}")


def zone(n: int) -> str:
    return ZONES[n // 5 % len(ZONES)]


def _cadence(n: int) -> str:
    """Of five communities, one meets every week, one every other week, and three monthly, half of these in seasons."""
    return OFTEN[n % 5] if n % 5 < len(OFTEN) else WHEN[n % len(WHEN)]


@dataclass
class SimulatedMembers:
    """The people of `count` communities, numbered from 0. `events` counts what they did."""

    app: App
    clock: StoppedClock
    count: int
    events: int = 0

    def begin(self, n: int) -> None:
        """Let an admin say when they meet."""
        understood = self.hear(Command(place(n), _fay(n), f"cadence set {_cadence(n)}", "admin"))
        self._press(n, understood, "meetings.keep_cadence")

    def live_week(self, week: int) -> None:
        """Let a week's events happen in each community.

        Two people answer open rounds and give feedback on the last meeting, and one says whether they come. Once a
        month each, someone suggests a topic, someone shares a resource, a newcomer joins, leaves, and deletes their
        data, and a meeting is moved. Once a quarter, one is cancelled.
        """
        self._answer(week)
        for n, id in enumerate(self._ids()):
            self._types(n, MEMBERS[week % 5], "rsvp yes", week)
            match (n + week) % 4:
                case 0:
                    self._types(n, "Eve", f"topic Arrivals in week {week}", week)
                case 1:
                    self._shares(n, week)
                case 2:
                    self._comes_and_goes(n, id, week)
                case _ if (n + week) % 12 == 3:
                    self._cancels(n, id)
                case _:
                    self._moves(n, id)

    def hear(self, what: Event) -> Reply:
        self.events += 1
        return self.app.handle(what)

    def _ids(self) -> list[int]:
        """Return the id of each community, by its number."""
        with Session(self.app.read_engine) as session:
            return [id for id in session.exec(select(Community.id).order_by(col(Community.id))) if id]

    def _answer(self, week: int) -> None:
        now = self.clock.now()
        with Session(self.app.read_engine) as session:
            open = session.exec(select(Round.community_id, Round.id).where(col(Round.closed_at).is_(None))).all()
            held = session.exec(
                select(Meeting.community_id, Meeting.id).where(Meeting.starts_at > now - WEEK, Meeting.starts_at < now)
            ).all()
        number = {id: n for n, id in enumerate(self._ids())}
        for who in MEMBERS[week % 4 :][:2]:
            for community, round in open:
                said = {"body": f"A thought of week {week}", "mood": "4", "audience": "group"}
                self._fills(number[community], who, "rounds.answer", f"{community}:{round}", said)
            for community, meeting in held:
                said = {"worked": "The start", "change": "The end", "useful": "4", "commitment": "", "home": "A song"}
                self._fills(number[community], who, "feedback.answer", f"{community}:{meeting}", said)

    def _shares(self, n: int, week: int) -> None:
        link = f"https://example.org/week/{week}"
        shared = {"title": f"Arrivals {week}", "link": link, "note": "It calmed our first ten minutes"}
        self._fills(n, "Ada", "resources.keep", "", shared | {"topics": "arrivals"})

    def _comes_and_goes(self, n: int, id: int, week: int) -> None:
        nell = _person(n, "Nell")
        joined = self.hear(Click(place(n), nell, "members.agree", f"{id}:"))
        assert _offers(joined, "home.open"), joined
        self._types(n, "Nell", "rsvp maybe", week)
        self.hear(Click(place(n), nell, "members.leave", f"{id}:delete"))
        gone = self.hear(Click(place(n), nell, "mydata.delete", f"{id}:"))
        assert isinstance(gone, Message), gone

    def _moves(self, n: int, id: int) -> None:
        if meeting := self._next(id):
            later = (meeting.starts_at + timedelta(days=1)).astimezone(ZoneInfo(zone(n)))
            moved = self.hear(Command(place(n), _fay(n), f"meeting move {later:%-d %b %-I:%M%p}", "facilitator"))
            assert _offers(moved, "meetings.move"), moved

    def _cancels(self, n: int, id: int) -> None:
        if meeting := self._next(id):
            chosen = f"{meeting.id}.{meeting.sequence}"
            said = {"meeting": chosen, "note": "Snow"}
            sure = self.hear(Submission(place(n), _fay(n), "meetings.cancel", f"{id}:{chosen}", said))
            self._press(n, sure, "meetings.cancelled")

    def _next(self, id: int) -> Meeting | None:
        with Session(self.app.read_engine) as session:
            return meetings.next_meeting(session, id, self.clock.now())

    def _press(self, n: int, reply: Reply, action: str) -> None:
        [button] = _offers(reply, action)
        self.hear(Click(place(n), _fay(n), button.action, button.value))

    def _fills(self, n: int, who: str, form: str, value: str, said: dict[str, str]) -> None:
        once = f"{form} {value} {who} {n} {self.events}"
        self.hear(Submission(place(n), _person(n, who), form, value, said, idempotency_key=once))

    def _types(self, n: int, who: str, line: str, week: int) -> None:
        self.hear(Command(place(n), _person(n, who), line, idempotency_key=f"{line} {n} {week}"))


def _offers(reply: Reply, action: str) -> list[Button]:
    """Return the buttons in a reply that do this action."""
    shown = reply.actions if isinstance(reply, Message) else ()
    return [each for each in shown if isinstance(each, Button) and each.action == action]


def _person(n: int, who: str) -> PlatformUser:
    return PlatformUser(f"{who.lower()} {n}", f"{who} {n}", zone=zone(n))


def _fay(n: int) -> PlatformUser:
    return PlatformUser(f"fay {n}", f"Fay {n}", zone=zone(n), can_manage=True)
