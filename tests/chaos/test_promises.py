"""Checks that `make chaos` fails when a promise is broken, since a check that can't fail proves nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.core.context import MESSAGE
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from tests.chaos import __main__ as chaos
from tests.chaos import scenarios
from tests.chaos.answers import Answers, reckon
from tests.chaos.cluster import LeftOut
from tests.chaos.platforms import PeerTrial
from tests.chaos.sink import Sink
from tests.chaos.trial import Result, Trial
from tests.chaos.victim import wave_message
from tests.conformance.people import Shown

Sent = list[dict[str, Any]]
# The id of a process.
KILLED = 7


async def reckoned(folder: Path, happens: Callable[[Trial, Sent], None], *, can_tell: bool = True) -> list[str]:
    """Decide on three messages for one channel, let `happens` play the platform, and return the broken promises."""
    folder.mkdir()
    sink = Sink(suppresses=False)
    it = Trial(folder, f"sqlite:///{folder}/commonplace.db", sink, can_tell, Result("x", "sqlite"))
    sent: Sent = []
    with Session(it.engine, expire_on_commit=False) as session, session.begin():
        for n in range(3):
            message, now = MESSAGE.dump_json(wave_message(f"{n}")).decode(), datetime.now(UTC)
            row = outbox.put(
                session, key=f"chaos.{n}@1", platform="sink", space="S1", address="", message=message, now=now
            )
            row.state, row.receipt = outbox.SENT, f"m{n + 1}"
            sent.append(
                {
                    "ref": f"{row.id}-0-5",
                    "by": KILLED,
                    "attempt": f"{n}",
                    "place": "c",
                    "earlier": "",
                    "message": message,
                }
            )
    happens(it, sent)
    it.reckon()
    it.engine.dispose()
    return it.result.broken_promises


def accept(it: Trial, sent: Sent) -> None:
    for one in sent:
        it.sink._accept(one)


def take_two(it: Trial, sent: Sent) -> None:
    accept(it, sent[:2])


def take_one_twice(it: Trial, sent: Sent) -> None:
    accept(it, [*sent, sent[0]])


def take_one_twice_as_another(it: Trial, sent: Sent) -> None:
    accept(it, [*sent, sent[0] | {"ref": sent[0]["ref"].replace("-0-", "-1-")}])


def take_one_twice_at_a_kill(it: Trial, sent: Sent) -> None:
    take_one_twice(it, sent)
    it.cut_off[KILLED] = {1}


def take_one_twice_unheard(it: Trial, sent: Sent) -> None:
    accept(it, [*sent, sent[0] | {"attempt": "again"}])
    it.sink.given_up = {sent[0]["attempt"], "one that never arrived"}


def take_two_twice_at_a_kill_of_one(it: Trial, sent: Sent) -> None:
    accept(it, [*sent, *sent[:2]])
    it.cut_off[KILLED] = {1}


def take_the_last_first(it: Trial, sent: Sent) -> None:
    accept(it, sent)
    it.sink.order["c"].reverse()


def take_other_words(it: Trial, sent: Sent) -> None:
    accept(it, [*sent[:2], sent[2] | {"message": json.dumps({"parts": []})}])


def take_what_nobody_writes_down(it: Trial, sent: Sent) -> None:
    accept(it, sent)
    with Session(it.engine) as session, session.begin():
        session.exec(select(Outgoing)).first().state = outbox.SENDING  # type: ignore[union-attr]


def take_all_but_a_moment(it: Trial, sent: Sent) -> None:
    accept(it, sent)
    it.planned = 1


def take_too_soon(it: Trial, sent: Sent) -> None:
    accept(it, sent)
    it.sink.hasty = 1


@pytest.mark.parametrize(
    ("happens", "broken"),
    [
        (accept, []),
        (take_two, ["1 lost"]),
        (take_one_twice, ["1 repeated, of at most 0"]),
        (take_one_twice_as_another, ["1 repeated, of at most 0"]),
        (take_one_twice_at_a_kill, ["1 repeated, of at most 0"]),
        (take_the_last_first, ["2 out of order"]),
        (take_other_words, ["1 lost"]),
        (take_what_nobody_writes_down, ["1 lost"]),
        (take_all_but_a_moment, ["19 lost"]),
        (take_too_soon, ["1 came sooner than the platform had asked for"]),
    ],
)
async def test_broken_promise_is_found(
    tmp_path: Path, happens: Callable[[Trial, Sent], None], broken: list[str]
) -> None:
    assert await reckoned(tmp_path / "trial", happens) == broken


async def test_only_messages_taken_from_the_killed_may_repeat_without_lookup(tmp_path: Path) -> None:
    """Where nobody can tell whether a message arrived, only what a killed process had sent may be there twice."""
    assert await reckoned(tmp_path / "at a kill", take_one_twice_at_a_kill, can_tell=False) == []
    assert await reckoned(tmp_path / "unheard", take_one_twice_unheard, can_tell=False) == []
    assert await reckoned(tmp_path / "beyond", take_two_twice_at_a_kill_of_one, can_tell=False) == [
        "2 repeated, of at most 1"
    ]
    assert await reckoned(tmp_path / "without", take_one_twice, can_tell=False) == ["1 repeated, of at most 0"]


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (Result("x", "sqlite", expected=1), 0),
        (Result("x", "sqlite"), 1),
        (Result("x", "sqlite", expected=1, lost=1), 1),
        (Result("x", "sqlite", expected=1, repeated=2, allowed=1), 1),
        (Result("x", "sqlite", expected=1, repeated=1, allowed=1), 0),
        (Result("x", "sqlite", expected=1, out_of_order=1), 1),
        (Result("x", "sqlite", expected=1, wrong=["it waited"]), 1),
    ],
)
def test_one_broken_promise_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result, code: int
) -> None:
    async def scenario(folder: Path, _url: str, _kills: int) -> Result:
        folder.mkdir()
        (folder / "victim.log").touch()
        return result

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(chaos, "KEPT", tmp_path / "chaos.json")
    monkeypatch.setitem(scenarios.TROUBLING, "5xx", scenario)
    assert chaos.main(["5xx"]) == code
    assert json.loads((tmp_path / "chaos.json").read_text())[0]["lost"] == result.lost


def shown(*words: str) -> list[Shown]:
    return [Shown(each) for each in words]


@pytest.mark.parametrize(
    ("cards", "broken"),
    [
        (("Wave 1", "Wave 2"), []),
        (("Wave 2",), ["1 lost"]),
        (("Wave 1", "Wave 1", "Wave 2"), ["1 repeated, of at most 0"]),
        (("Wave 2", "Wave 1"), ["1 out of order"]),
    ],
)
def test_what_people_see_on_a_platform_is_reckoned_with(cards: tuple[str, ...], broken: list[str]) -> None:
    it = PeerTrial.__new__(PeerTrial)
    it.result = Result("x", "sqlite")
    for words in ("Wave 1", "Wave 2"):
        it.check(1, words, shown(*cards))
    it.check_order(shown(*cards))
    assert it.result.broken_promises == broken


async def test_readiness_against_the_facts_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that goes on saying that it is ready while its database is gone fails the trial."""
    monkeypatch.setattr("tests.chaos.trial.READY_S", 0.0)
    it = Trial(tmp_path, f"sqlite:///{tmp_path}/commonplace.db", Sink(suppresses=False), True, Result("x", "sqlite"))

    async def ready(*_asked: object) -> str:
        return json.dumps({"parts": {"database": True}, "problems": {}})

    monkeypatch.setattr(it, "send_until_heard", ready)
    assert await it.until_ready(True) == ""
    assert it.result.wrong == []
    await it.until_ready(False)
    assert it.result.wrong == ["database is ready, against the facts"]
    it.engine.dispose()


async def test_answers_that_are_gone_or_not_given_back_are_found(tmp_path: Path) -> None:
    it = Trial(tmp_path, f"sqlite:///{tmp_path}/commonplace.db", Sink(suppresses=False), True, Result("x", "sqlite"))
    answers = Answers(dict.fromkeys(it.members, 3), failed=2, given_back=1)
    reckon(it, answers)
    assert it.result.lost == len(it.members)
    scenarios._gave_back(it, answers)
    assert it.result.wrong == ["1 answers failed without being given back"]
    it.engine.dispose()


def test_untried_scenario_is_named_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(_folder: Path, _url: str, _kills: int) -> Result:
        raise LeftOut("There is no server here.")

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(chaos, "KEPT", tmp_path / "chaos.json")
    monkeypatch.setitem(scenarios.TROUBLING, "5xx", scenario)
    assert chaos.main(["5xx"]) == 0
    assert "Left out: There is no server here." in capsys.readouterr().out
    assert json.loads((tmp_path / "chaos.json").read_text())[0]["left_out"] == "There is no server here."
