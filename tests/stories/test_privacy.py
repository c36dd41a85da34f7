"""What someone wrote reaches only those it was for, through no command, button, form, file, or message."""

from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from bot.core.events import Click, PlatformUser, Submission
from bot.operations.maintenance import housekeeping
from bot.ui import Form
from storage.communities import communities
from storage.meetings import feedback, meetings, rsvps
from storage.messaging import outbox
from storage.people import people
from tests.support.answers import answers
from tests.support.chat import Chat, words
from tests.support.community import ZONE, actors, create_community
from tests.support.crawler import Crawler

SECRETS = {
    "me": "Only I know of the lighthouse",
    "facilitators": "Facilitators know of the windmill",
    "group": "Everyone knows of the aqueduct",
}
RESERVED = {
    "commitment": "I will mend the drawbridge",
    "home": "Take home the catapult",
    "worked": "The portcullis worked",
    "change": "Change the moat",
}
PRIVATE = ("lighthouse", "windmill", "drawbridge", "catapult", "portcullis", "moat")


@pytest.fixture
def wrote(chat: Chat) -> Chat:
    """A community in which three people, Mei among them, have answered, reflected, and given feedback."""
    id = create_community(chat, ["Mei", "Olu", "Ana"])
    create_community(chat, ["Zed"], name="Neighbours", channel="next-door", facilitator="Yan")
    with Session(chat.engine) as session, session.begin():
        held = meetings.add(session, id, title="Autumn", starts_at=chat.clock.now() - timedelta(hours=3), minutes=60)
        assert held.id
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    ben.types("checkin open What did you try?")
    for who, audience in ((mei, "me"), (olu, "facilitators"), (ana, "group")):
        who.types("answer")
        answers(who, SECRETS[audience], audience)
        who.types("reflect")
        who.fills(body=SECRETS[audience], audience=audience)
    submission = Submission(mei.place(), mei.who, "feedback.answer", f"{id}:1", {**RESERVED, "useful": "5"})
    assert "kept" in words(chat.app.handle(submission))
    return chat


class Eyes:
    """Remembers every word that a person is shown."""

    def __init__(self) -> None:
        self.seen = ""

    def __call__(self, reply: object) -> None:
        if isinstance(reply, Form):
            self.seen += " ".join(str(f) for f in reply.fields)
        if reply:
            self.seen += words(reply) + str(getattr(reply, "attachment", "") or "")


@pytest.mark.parametrize(
    ("who", "channel", "may"),
    [
        pytest.param(
            PlatformUser("olu", "Olu", zone=ZONE),
            "general",
            {"windmill", "aqueduct"},
            id="member",
            marks=pytest.mark.anywhere,
        ),
        pytest.param(PlatformUser("ben", "Ben", zone=ZONE), "general", {"windmill", "aqueduct"}, id="facilitator"),
        pytest.param(PlatformUser("zed", "Zed", zone=ZONE), "general", set(), id="neighbour"),
        pytest.param(
            PlatformUser("zed", "Zed", zone=ZONE), "next-door", set(), id="at home", marks=pytest.mark.anywhere
        ),
        pytest.param(
            PlatformUser("yan", "Yan", zone=ZONE),
            "next-door",
            set(),
            id="next door's facilitator",
            marks=pytest.mark.anywhere,
        ),
        pytest.param(
            PlatformUser("pat", "Pat", can_manage=True), "general", set(), id="manager", marks=pytest.mark.anywhere
        ),
        pytest.param(PlatformUser("kim", "Kim"), "general", set(), id="stranger", marks=pytest.mark.anywhere),
    ],
)
def test_private_words_reach_only_their_readers(wrote: Chat, who: PlatformUser, channel: str, may: set[str]) -> None:
    """Try everything the bot offers them, with the ids of others' things in every button and form."""
    eyes = Eyes()
    already = len(wrote.posts)
    Crawler(wrote, who, "1", eyes, channel=channel).walk()
    private = "".join(p.words + str(p.message.attachment or "") for p in wrote.posts[already:] if p.person == who.id)
    seen = {word for word in (*PRIVATE, "aqueduct") if word in eyes.seen + private}
    assert seen <= may


def test_admin_who_does_not_facilitate_reads_no_more_than_a_member(wrote: Chat) -> None:
    with Session(wrote.engine) as session, session.begin():
        row = people.membership(session, 1, 3)
        assert row
        row.role, row.joined_at = 3, None
        for number in (1, 2, 4, 5, 6):
            feedback.save(session, 1, number, worked="moat", change="moat", useful=3, now=wrote.clock.now())
        later = wrote.clock.now() + timedelta(days=3)
        coming = meetings.add(session, 1, title="Winter", starts_at=later, minutes=60)
        rsvps.say(session, coming.id or 0, 1, "yes", wrote.clock.now())
        who = people.accounts(session, 3)[0].external
    eyes = Eyes()
    Crawler(wrote, PlatformUser(who, who.title(), zone=ZONE), "1", eyes).walk()
    assert not {word for word in ("lighthouse", "drawbridge", "catapult", "portcullis", "moat") if word in eyes.seen}


def test_export_by_a_space_manager_holds_no_answers(wrote: Chat) -> None:
    wrote.wait(days=10)
    pat = wrote.person("Pat", manages=True)
    said = pat.types("export md", root="admin")
    assert "is not in it" in said
    [file] = [p.message.attachment for p in pat.direct() if p.message.attachment]
    assert "aqueduct" not in file.body
    assert "Mei" in file.body


def test_summary_is_not_posted_to_a_channel_the_community_left(wrote: Chat) -> None:
    with Session(wrote.engine) as session, session.begin():
        communities.bind(session, 1, wrote.name, wrote.space, "new-home")
        communities.unbind(session, 1, wrote.name, wrote.space, "general")
    already = len(wrote.in_channel("general"))
    wrote.wait(days=10)
    assert len(wrote.in_channel("general")) == already


def test_themes_do_not_open_a_round_early(wrote: Chat) -> None:
    ben = actors(wrote, "Ben")[0]
    event = Submission(ben.place(), ben.who, "rounds.themes", "1:1", {"themes": "Water"})
    assert "when this closes" in words(wrote.app.handle(event))
    wrote.deliver_all()
    assert not [p for p in wrote.in_channel() if "shared this with everyone" in p.words]


def test_reflection_for_facilitators_is_refused_when_there_are_only_admins(wrote: Chat) -> None:
    with Session(wrote.engine) as session, session.begin():
        for row, _person in people.members(session, 1):
            if row.role == 2:
                row.role = 3
    [mei] = actors(wrote, "Mei")
    mei.types("reflect")
    assert "Nobody facilitates here" in mei.fills(body="windmill", audience="facilitators")


def test_facilitator_who_left_does_not_facilitate_after_returning(wrote: Chat) -> None:
    with Session(wrote.engine) as session, session.begin():
        row = people.membership(session, 1, 4)
        assert row
        row.role, row.facilitates = 3, True
    [ben] = actors(wrote, "Ben")
    wrote.app.handle(Click(ben.place(), ben.who, "members.leave", "1:keep"))
    wrote.app.handle(Click(ben.place(), ben.who, "members.agree", "1:"))
    with Session(wrote.engine) as session:
        assert not people.does_facilitate(people.membership(session, 1, 4))


def everything_kept(chat: Chat) -> str:
    """Return every value of every table, as text."""
    found = []
    with Session(chat.engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            found += [str(tuple(row)) for row in session.connection().execute(table.select())]
    return "\n".join(found)


@pytest.mark.parametrize("reached", [True, False], ids=["delivered", "on its way"])
def test_deletion_of_personal_data_leaves_no_word_and_no_name(wrote: Chat, reached: bool) -> None:
    [ana] = actors(wrote, "Ana")
    if not reached:
        wrote.unreachable |= {"general": "channel gone", "ben": "direct messages closed"}
    ana.types("share https://example.org/zeppelin How zeppelins helped")
    ana.fills(title="Zeppelins", topics="zeppelins")
    ana.types("data download")
    ana.types("topic About dirigibles")
    with Session(wrote.engine) as session, session.begin():
        session.get_one(outbox.Outgoing, 1).state = outbox.SENT
    wrote.wait(days=10)
    ana.types("data delete")
    ana.presses("Delete my data")
    kept = everything_kept(wrote)
    for word in ("aqueduct", "eppelin", "Ana", "'ana'"):
        assert word not in kept, [line for line in kept.splitlines() if word in line]


def test_file_is_not_kept_after_delivery(wrote: Chat) -> None:
    [mei] = actors(wrote, "Mei")
    mei.types("data download")
    assert "lighthouse" in str([p.message.attachment for p in mei.direct()])
    housekeeping(wrote.app)
    with Session(wrote.engine) as session:
        assert not [r.key for r in session.exec(select(outbox.Outgoing)) if "lighthouse" in r.message]


def test_member_who_left_reads_nothing_new(wrote: Chat) -> None:
    [olu] = actors(wrote, "Olu")
    wrote.app.handle(Click(olu.place(), olu.who, "members.leave", "1:keep"))
    eyes = Eyes()
    crawler = Crawler(wrote, olu.who, "1", eyes)
    crawler.walk()
    assert "aqueduct" not in eyes.seen


def test_draft_for_one_resource_is_not_offered_for_another(wrote: Chat) -> None:
    olu, mei = actors(wrote, "Olu", "Mei")
    for number in (1, 2):
        olu.types(f"share https://example.org/{number}")
        olu.fills(title=f"Thing {number}", note="Good")
    mei.types("share https://example.org/1 It calmed our windmill")
    press = Click(mei.place(), mei.who, "resources.add_note", "1:2")
    other = wrote.app.handle(press)
    assert isinstance(other, Form)
    assert "windmill" not in str(other.fields)
