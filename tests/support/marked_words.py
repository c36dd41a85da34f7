"""A person whose words and name pass through every feature that stores or posts them, and how they go."""

from dataclasses import replace

from sqlmodel import Session, SQLModel

from bot.core.context import MESSAGE
from bot.domain.questions import Condition, Question, Questionnaire, QuestionType
from bot.ui import FormErrors
from tests.support.answers import answers
from tests.support.chat import Actor, Chat
from tests.support.checkins import open_check_in
from tests.support.community import actors
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members
from tests.support.scenes import scene

NAME = "Zanzibar Quill"
# What the person writes, by where. Each is a word that nothing else holds.
WORDS = {
    place: f"quokka{number:02}lighthouse"
    for number, place in enumerate(
        (
            "answer", "answer for facilitators", "answer for me", "reflection", "reflection for facilitators",
            "reflection for me", "about", "resource title", "resource note", "resource topic", "note on a resource",
            "reply note", "worked", "change", "commitment", "home", "catch-up", "role", "organization", "draft",
            "several, first", "several, second", "under review", "page of a draft", "typed, not confirmed",
        )
    )
}  # fmt: skip
# A topic stays without a name, as the privacy page says.
TOPIC = "wombattopic"


def quill(chat: Chat) -> Actor:
    [actor] = actors(chat, "Mei")
    actor.who = replace(actor.who, name=NAME)
    return actor


@scene
def tell_story(chat: Chat) -> None:
    """Let a person's words and name pass through every feature that stores or posts them."""
    id = create_meeting_community(chat)
    ben, olu, ana = actors(chat, "Ben", "Olu", "Ana")
    mei = quill(chat)
    more = join_members(chat, id, "Lee", "Kim", "Jo")
    mei.types("settings")
    mei.fills(role_group=WORDS["role"], organization=WORDS["organization"], ticks="nudges reminders visible")
    for audience, place in (("group", "answer"), ("facilitators", "answer for facilitators"), ("me", "answer for me")):
        ben.types(f"checkin open What did you try for {audience}?")
        mei.types("answer")
        answers(mei, WORDS[place], audience)
        olu.types("answer")
        olu.fills(body="Olu tried a song")
        ben.types("checkin close")
        ben.presses("Close it now")
    for audience, place in (
        ("group", "reflection"), ("facilitators", "reflection for facilitators"), ("me", "reflection for me"),
    ):  # fmt: skip
        mei.types("reflect")
        mei.fills(body=WORDS[place], about=WORDS["about"], audience=audience)
    mei.types("share https://example.org/board")
    mei.fills(title=WORDS["resource title"], note=WORDS["resource note"], topics=WORDS["resource topic"])
    olu.types("share https://example.org/song")
    olu.fills(title="A song", note="It helped Olu")
    song = next(p for p in chat.in_channel() if p.message.title == "A song")
    mei.presses("This helped me too", on=song)
    mei.presses("Add my note")
    mei.fills(note=WORDS["note on a resource"])
    mei.types(f"topic {TOPIC}")
    olu.types("topic Quiet arrivals")
    mei.types("rsvp yes")
    mei.presses("Add a note")
    mei.fills(note=WORDS["reply note"])
    olu.types("rsvp yes")
    # A form that is sent back is kept as a draft.
    mei.types("reflect")
    assert isinstance(_fills(mei, body=WORDS["draft"] * 200), FormErrors)
    card = end_first_meeting(chat)
    for who in (olu, ana, *more):
        who.presses("Answer", on=card)
        who.fills(worked="Small groups", useful="4")
    mei.presses("Answer", on=card)
    mei.fills(**{name: WORDS[name] for name in ("worked", "change", "commitment", "home")}, useful="5")
    mei.types("notes missed")
    mei.presses("Answer the question")
    mei.fills(answer=WORDS["catch-up"])
    chat.wait(days=8)
    answer_check_ins(chat)


# Two pages: the last question follows from the first.
SEVERAL = (
    Question("bus", "How was the bus?", QuestionType.SHORT),
    Question("hand", "Would a hand help?", QuestionType.YES_NO),
    Question("with", "With what?", QuestionType.LONG, condition=Condition("hand", "one_of", ("yes",))),
)


def answer_check_ins(chat: Chat) -> None:
    """Answer check-ins of several questions: one is summed up, one under review, one a draft, and words are typed."""
    mei, [ben, olu] = quill(chat), actors(chat, "Ben", "Olu")
    for name, bus, hand in (
        ("Summed up", WORDS["several, first"], WORDS["several, second"]),
        ("Under review", WORDS["under review"], ""),
    ):
        card, _id = open_check_in(chat, Questionnaire(name, SEVERAL), is_reviewed=name == "Under review")
        mei.presses("Answer", on=card)
        mei.fills(bus=bus, hand="yes" if hand else "no")
        if hand:
            mei.presses("Continue")
            mei.fills(**{"with": hand})
        olu.presses("Answer", on=card)
        olu.fills(bus="Olu’s bus was late")
        ben.types("checkin close")
        ben.presses("Close it now")
    card, _id = open_check_in(chat, Questionnaire("Half answered", SEVERAL))
    mei.presses("Answer", on=card)
    mei.fills(bus=WORDS["page of a draft"], hand="yes")
    assert "does this answer?" in mei.writes(WORDS["typed, not confirmed"], "message 1")


def _fills(actor: Actor, **answers: str) -> object:
    actor.fills(**answers)
    return actor.sees


def as_others_see_it(chat: Chat) -> str:
    """Return everything that the platform shows in channels, and privately to others: texts, buttons and values."""
    return "\n".join(MESSAGE.dump_json(p.message).decode() for p in chat.posts if p.person != "mei" and not p.deleted)


def kept(chat: Chat) -> str:
    """Return every value of every table, as text."""
    found = []
    with Session(chat.engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            found += [str(tuple(values)) for values in session.connection().execute(table.select())]
    return "\n".join(found)


def delete_everything(chat: Chat) -> None:
    mei = quill(chat)
    mei.types("data delete")
    mei.presses("Delete my data")


def leave(chat: Chat, value: str) -> None:
    mei = quill(chat)
    mei.types("leave")
    mei.presses("Leave" if value == "keep" else "Leave and delete what I wrote")
