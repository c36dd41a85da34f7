"""After an outage the newest request is made, the others are left out, and facilitators get one note."""

from datetime import timedelta

from sqlmodel import Session

from storage.messaging import timers
from tests.support.chat import Chat
from tests.support.community import actors
from tests.support.meetings import create_meeting_community, local


def test_three_days_of_outage_end_in_one_question_and_one_note(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 19, 12))
    before = len([post for post in chat.posts if post.channel and not post.under])
    with Session(chat.engine) as session, session.begin():
        # Over the end of a week: its reflection prompt on Friday, and the call and the check-in of the next one.
        friday = local(2025, 10, 24, 9)
        for days, kind in enumerate(("prompts.due", "agenda.call", "checkins.due")):
            timers.put(session, 1, kind, "2", friday + timedelta(days=days))
    chat.clock.move(local(2025, 10, 26, 20))
    chat.deliver_all()
    came = [post for post in chat.posts if post.channel and not post.under][before:]
    assert [post.message.title for post in came] == ["Check-in"]
    # The note waits for the end of his quiet hours.
    chat.wait(hours=14)
    assert len([post for post in ben.direct() if "I was away for a while" in post.words]) == 1
