"""A community's records as a file: everything that members shared, nothing private."""

import codecs
import csv
import io
import json

import pytest
from sqlmodel import Session

from storage.communities import communities
from storage.learning import reflections, rounds
from storage.library import resources
from storage.library.resources import Content
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community


@pytest.fixture
def ada(chat: Chat) -> Actor:
    community = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        row = rounds.open_round(session, community, rounds.CHECKIN, "How is it going?", now=now, closes_at=now)
        row.closed_at = now
        open_now = rounds.open_round(session, community, rounds.CHECKIN, "And now?", now=now, closes_at=now)
        for round, name, body, audience in (
            (row, "mei", "=SUM(A1) for all", rounds.GROUP),
            (row, "olu", "for facilitators", rounds.FACILITATORS),
            (row, "ana", "for me alone", rounds.ME),
            (open_now, "mei", "not yet revealed", rounds.GROUP),
        ):
            who = people.account(session, chat.name, name)
            assert who
            rounds.save_answer(session, round.id or 0, who.person_id, None, body=body, audience=audience, now=now)
        mei = people.account(session, chat.name, "mei")
        place = communities.get(session, community)
        assert mei
        assert place
        resources.add(session, place, mei.person_id, Content("Silent starts", "It calms", link="https://e.org"), now)
        reflections.add(session, mei.person_id, community, "my own thought", "", rounds.ME, now)
    ada = chat.person("Ada", manages=True)
    ada.types("role map admin <@ada>", root="admin")
    return ada


def file(actor: Actor) -> str:
    attachment = actor.direct()[-1].message.attachment
    assert attachment
    return attachment.body


PRIVATE = ("for me alone", "my own thought", "not yet revealed")


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_export_for_an_admin_holds_what_everybody_may_read(ada: Actor, form: str) -> None:
    said = ada.types(f"export {form}", root="admin")
    assert "Answers meant for facilitators are not in it." in said
    body = file(ada)
    for word in ("Mei", "Silent starts", "https://e.org", "How is it going?", "SUM(A1) for all"):
        assert word in body
    for word in (*PRIVATE, "for facilitators"):
        assert word not in body


def test_export_for_a_space_manager_holds_no_members_words(chat: Chat, ada: Actor) -> None:
    """Managing the space isn't reading."""
    pat = chat.person("Pat", manages=True)
    assert "what its members shared and answered is not in it" in pat.types("export md", root="admin")
    body = file(pat)
    assert "Mei" in body
    assert "Silent starts" not in body
    assert "for all" not in body


def test_export_for_a_facilitator_holds_what_was_said_to_them(chat: Chat, ada: Actor) -> None:
    ada.types("role map admin <@ben>", root="admin")
    [ben] = actors(chat, "Ben")
    ben.types("export json", root="admin")
    body = file(ben)
    assert "for facilitators" in body
    assert all(word not in body for word in PRIVATE)


def test_csv_export_holds_no_formula(ada: Actor) -> None:
    ada.types("export csv", root="admin")
    rows = list(csv.DictReader(io.StringIO(file(ada).removeprefix("\ufeff"))))
    assert [r["text"] for r in rows if r["what"] == "answer"] == ["'=SUM(A1) for all"]


def test_csv_export_says_that_it_is_unicode(ada: Actor) -> None:
    """Excel shows “RÃ©union” without a byte-order mark."""
    ada.types("export csv", root="admin")
    attachment = ada.direct()[-1].message.attachment
    assert attachment
    assert attachment.body.encode().startswith(codecs.BOM_UTF8)


def test_json_export_is_readable_by_a_program(ada: Actor) -> None:
    ada.types("export json", root="admin")
    kinds = [r["what"] for r in json.loads(file(ada))["records"]]
    assert kinds == ["member"] * 4 + ["resource", "question", "answer", "question"]


def test_each_export_is_audited(ada: Actor) -> None:
    ada.types("export md", root="admin")
    assert "Ada made a copy of everything (md)" in ada.types("audit", root="admin")


def test_unknown_format_is_refused(ada: Actor) -> None:
    assert "xlsx is not one of csv, json, md, answers" in ada.types("export xlsx", root="admin")
