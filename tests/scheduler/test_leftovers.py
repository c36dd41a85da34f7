"""What was marked as being sent by a try that never heard so is not forgotten."""

from pytest_mock import MockerFixture
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scheduler.sender import Sender
from storage import outbox
from tests.chat import Chat
from tests.village import cast, found


def test_a_commit_whose_answer_was_lost_ends_in_one_delivery(chat: Chat, mocker: MockerFixture) -> None:
    found(chat, ["Mei"])
    [ben] = cast(chat, "Ben")
    real = Sender._prepare
    lost: list[int] = []

    async def prepare(sender: Sender, id: int) -> object:
        ready = await real(sender, id)  # it is marked and committed …
        if not lost:
            lost.append(id)
            raise OperationalError("COMMIT", None, ConnectionError("the server closed the connection"))  # … unheard
        return ready

    mocker.patch.object(Sender, "_prepare", prepare)
    ben.types("checkin open What helped?")
    chat.settle()
    assert lost
    assert len([post for post in chat.in_channel() if "What helped?" in post.words]) == 1
    with Session(chat.engine) as session:
        assert outbox.interrupted(session) == []
