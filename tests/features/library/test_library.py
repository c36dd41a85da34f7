"""What members share, and find again."""

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from bot.core.events import AutocompleteQuery, Click, Submission
from bot.demo import seed
from bot.ui import Button, Form, FormErrors, Link, Message, markup
from storage.communities import programs
from storage.library.endorsements import Endorsement
from storage.library.resources import PROGRAM, Resource, ResourceTopic
from storage.library.search_index import SearchEntry, SearchPosting, SearchTerm, SearchWord
from storage.operations.audit_log import Audit
from storage.privacy import personal_data
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community, join_program, person_key
from tests.support.scenes import scene

JOBS = {
    "title": "Arrival jobs board",
    "note": "The first ten minutes went from noise to purpose.",
    "topics": "arrivals",
}


def share(person: Actor, **answers: str) -> str:
    person.types("share")
    return person.fills(**{"title": "Arrival jobs board", "note": "It helped.", **answers})


def titles(chat: Chat) -> list[str]:
    return sorted(row.title for row in saved(chat))


def saved(chat: Chat) -> list[Resource]:
    with Session(chat.engine) as session:
        return list(session.exec(select(Resource).order_by(col(Resource.id))))


@scene
def two_communities(chat: Chat, program: str = "Riverside") -> None:
    """Create youth workers in #general (Mei, Olu, Ana) and stewards in #stewards (Lena), in one program."""
    create_community(chat)
    create_community(chat, ["Lena"], name="Quality stewards", channel="stewards", facilitator="Chi")
    with Session(chat.engine) as session, session.begin():
        join_program(session, program, 1, 2)


# --- sharing


def test_resource_is_shared_found_opened_and_endorsed(chat: Chat) -> None:
    """One card in the channel follows every endorsement, without names."""
    create_community(chat)
    mei, olu, ana = actors(chat, "Mei", "Olu", "Ana")
    mei.types("share https://www.example.org/arrival-jobs It calmed our arrivals")
    assert isinstance(mei.sees, Form)
    assert [f.initial for f in mei.sees.fields][:3] == [
        "Arrival jobs",
        "https://www.example.org/arrival-jobs",
        "It calmed our arrivals",
    ]
    said = mei.fills(title="Arrival jobs board", topics="Arrivals, youth voice")
    assert "can be found by everyone in Youth workers" in said
    card = chat.last
    assert card.channel == "general"
    assert card.message.title == "Arrival jobs board"
    assert "Shared by Mei · #arrivals #youth-voice" in card.words
    assert "It calmed our arrivals" in card.words
    assert Link("Open", "https://www.example.org/arrival-jobs") in card.message.actions

    assert "helped you too" in olu.presses("This helped me too", on=card)
    assert "helped 1 person more" in chat.posts[0].words
    assert "it counts once" in olu.presses("This helped me too", on=card)
    ana.presses("This helped me too", on=card)
    assert "helped 2 people more" in chat.posts[0].words
    assert "Olu" not in chat.posts[0].words
    assert "Taken back" in ana.presses("It did not help me")
    assert "helped 1 person more" in chat.posts[0].words
    assert len(chat.in_channel()) == 1
    assert "You shared this one" in mei.presses("This helped me too", on=card)

    assert "1 resource for “calm”" in olu.types("find calm")
    assert "Arrival jobs board · www.example.org" in words(olu.sees)
    assert "Arrival jobs board" in olu.chooses("Look at one closely", "Arrival jobs board")
    assert "Seen by everyone in Youth workers" in words(olu.sees)


def test_resource_without_a_link_can_be_shared(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "Kept" in share(mei)
    assert not any(isinstance(a, Link) for a in chat.last.message.actions)
    assert saved(chat)[0].link_key is None


@pytest.mark.parametrize(
    ("text", "link", "title", "note"),
    [
        ("Look: https://example.org/quiet-corners, it works!", "https://example.org/quiet-corners",
         "Quiet corners", "Look: , it works!"),
        ("We put a bench by the door\nand it helped", "https://chat.example.com/p/1", "We put a bench by the door",
         "We put a bench by the door\nand it helped"),
        ("A bench", "", "A bench", "A bench"),
    ],
)  # fmt: skip
def test_message_is_saved_from_its_menu(chat: Chat, text: str, link: str, title: str, note: str) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.shortcut("resources.save", text, "https://chat.example.com/p/1" if link else "")
    assert isinstance(mei.sees, Form)
    assert [f.initial for f in mei.sees.fields][:3] == [title, link, note]
    assert "Kept" in mei.fills()


@pytest.mark.parametrize("again", ["https://example.org/jobs", "http://EXAMPLE.org/jobs/?utm_source=mail#top"])
def test_known_link_gets_a_note_instead_of_a_copy(chat: Chat, again: str) -> None:
    """Sharing a link that is in the library adds a note to it."""
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, link="https://example.org/jobs")
    assert "kept here already, as Arrival jobs board" in olu.types(f"share {again} Shy ones love the cards")
    assert "Shy ones love the cards" in words(olu.sees)
    olu.presses("Add my note")
    assert isinstance(olu.sees, Form)
    assert olu.sees.fields[0].initial == "Shy ones love the cards"
    assert "stands beside Arrival jobs board" in olu.fills()
    assert "helped 1 person more" in chat.posts[0].words
    mei.types("find jobs")
    assert "Olu: Shy ones love the cards" in mei.chooses("Look at one closely", "Arrival jobs board")
    assert "You have shared this link already" in mei.types(f"share {again}")
    assert "kept here already" in share(olu, title="Jobs", link=again)
    assert len(saved(chat)) == 1


def test_same_link_may_be_shared_in_another_community(chat: Chat) -> None:
    two_communities(chat)
    mei, lena = actors(chat, "Mei", "Lena")
    lena.channel = "stewards"
    share(mei, link="https://example.org/jobs")
    assert "Kept" in share(lena, link="https://example.org/jobs")


def test_form_sent_twice_saves_one_resource(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share")
    assert isinstance(mei.sees, Form)
    event = Submission(mei.place(), mei.who, "resources.keep", mei.sees.value, JOBS)
    assert words(chat.app.handle(event)) == words(chat.app.handle(event))
    chat.deliver_all()
    assert len(saved(chat)) == len(chat.posts) == 1


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"title": " "}, "Please give it a title"),
        ({"title": "", "link": "https://example.org/quiet-corners"}, "I took one from the link"),
        ({"title": "x" * 101}, "101 characters and the most I can keep is 100"),
        ({"note": ""}, "why it helped"),
        ({"note": "\N{GRINNING FACE}" * 10_000}, "10000 characters and the most I can keep is 1200"),
        ({"link": "javascript:alert(1)"}, "begins with javascript:"),
        ({"link": "data:text/html,hi"}, "begins with data:"),
        ({"link": "file:///etc/passwd"}, "begins with file:"),
        ({"link": "no link at all"}, "I cannot read this as a link"),
        ({"link": "https://mei:secret@example.org"}, "a name or a password"),
        ({"link": "https://example.org/" + "x" * 500}, "520 characters long"),
        ({"link": "https://example.org/" + "é" * 200}, "the most I can keep is 500"),
        ({"link": "https://example.org/" + "x" * 5_000}, "the most I can keep is 500"),
        ({"topics": "a, b, c, d, e, f"}, "6 topics and a resource has up to five"),
        ({"topics": "<!channel>"}, "cannot read “<!channel>” as a topic"),
        ({"topics": "x" * 31}, "too long for a topic"),
    ],
)
def test_rejected_form_keeps_what_was_typed(chat: Chat, typed: dict[str, str], answer: str) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share")
    assert answer in mei.fills(**{**JOBS, **typed})
    assert isinstance(mei.sees, FormErrors)
    assert mei.sees.draft
    filled = {f.name: f.initial for f in mei.sees.form.fields}
    assert {n: v for n, v in filled.items() if n not in typed} == {
        n: v for n, v in {**JOBS, "link": ""}.items() if n not in typed
    }
    assert saved(chat) == []
    assert chat.posts == []


def test_title_suggested_from_the_link_can_be_sent_unchanged(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share")
    mei.fills(title="", link="https://example.org/quiet-corners.pdf", note="It helped.")
    assert "Quiet corners" in mei.fills()


@pytest.mark.parametrize(
    "line", ["share javascript:alert(1)", "share https://mei:pw@example.org x", "share www.x..org y"]
)
def test_command_with_an_unusable_link_is_refused_in_words(chat: Chat, line: str) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "https://example.org" in mei.types(line)
    assert isinstance(mei.sees, Message)


def test_stranger_neither_shares_nor_finds(chat: Chat) -> None:
    create_community(chat)
    mei, kit = actors(chat, "Mei", "Kit")
    share(mei)
    for line in ("share", "find jobs", "recent"):
        assert "have not joined" in kit.types(line)
    assert "have not joined" in kit.presses("This helped me too", on=chat.posts[0])


# --- changing and removing


def test_author_edits_and_removes_their_resource(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, topics="arrivals")
    assert "tool" in mei.chooses("What kind of thing is it?", "Tool")
    assert "tool" in chat.posts[0].words
    mei.presses("Edit")
    assert "Changed. Feelings magnet" in mei.fills(title="Feelings magnet", topics="feelings", link="example.org/m")
    assert chat.posts[0].message.title == "Feelings magnet"
    assert "tool" in chat.posts[0].words
    assert "Nothing here matches" in olu.types("find #arrivals")
    assert "Nothing here matches" in olu.types("find board")
    assert "1 resource" in olu.types("find magnet")
    olu.presses("This helped me too", on=chat.posts[0])

    mei.presses("Edit")
    mei.fills()
    assert "cannot be brought back" in mei.presses("Remove")
    assert "stays as it is" in mei.presses("Keep it")
    mei.types("find magnet")
    mei.chooses("Look at one closely", "Feelings magnet")
    mei.presses("Remove")
    assert "is deleted" in mei.presses("Remove it")
    assert chat.posts[0].words.strip() == "A resource stood here and has been removed."
    assert "no longer here" in words(chat.app.handle(Click(olu.place(), olu.who, "resources.helped", "1:1")))
    with Session(chat.engine) as session:
        for table in (Resource, ResourceTopic, Endorsement, SearchEntry, SearchPosting, SearchTerm, SearchWord):
            assert session.exec(select(table)).first() is None


def test_edit_may_not_take_the_link_of_another_resource(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    share(mei, link="https://example.org/one")
    share(mei, title="Two", link="https://example.org/two")
    mei.presses("Edit")
    assert "shared this link already, as Arrival jobs board" in mei.fills(link="https://example.org/one/", title="New")
    mei.presses("Change the link")
    assert isinstance(mei.sees, Form)
    assert mei.sees.fields[0].initial == "New"
    assert "Changed. New" in mei.fills(link="https://example.org/new")
    assert titles(chat) == ["Arrival jobs board", "New"]


def test_edited_link_is_another_page_when_its_author_says_so(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    share(mei, link="https://example.org/one")
    share(mei, title="Two", link="https://example.org/two")
    mei.presses("Edit")
    mei.fills(link="https://example.org/one?utm_source=2", title="New")
    assert "Changed. New" in mei.presses("It’s another page")
    mei.presses("Edit")
    assert "Changed. Newer" in mei.fills(title="Newer")


def test_lessons_told_apart_by_a_parameter_are_two_resources(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, link="https://lessons.example.org/lesson?ref=1042")
    assert "Kept" in share(olu, title="Next", link="https://lessons.example.org/lesson?ref=1043")
    assert titles(chat) == ["Arrival jobs board", "Next"]


@pytest.mark.parametrize("route", ["form", "command", "menu"])
def test_link_refused_as_a_copy_is_shared_by_one_press(chat: Chat, route: str) -> None:
    """Whatever the rules take for one page, people know better."""
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, link="https://example.org/jobs")
    again = "https://example.org/jobs?utm_content=week-2"
    match route:
        case "form":
            assert "kept here already" in share(olu, title="Week 2", link=again)
            assert "Kept" in olu.presses("It’s another page")
        case "command":
            assert "kept here already" in olu.types(f"share {again} It calms")
            olu.presses("It’s another page")
            assert "Kept" in (olu.fills(title="Week 2") if isinstance(olu.sees, Form) else words(olu.sees))
        case _:
            olu.shortcut("resources.save", f"Look: {again}", "")
            assert "kept here already" in words(olu.sees)
            assert "Kept" in olu.presses("It’s another page")
    assert len(saved(chat)) == 2
    # Now that address is known, letter by letter, and the first one still is.
    for link, words_of in ((again, ""), ("https://example.org/jobs/", "Arrival jobs board")):
        assert "already" in mei.types(f"share {link} Once more")
        assert words_of in words(mei.sees)
    assert len(saved(chat)) == 2


def test_same_address_cannot_be_another_page(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, link="https://example.org/jobs")
    share(olu, title="Jobs", link="https://example.org/jobs")
    assert isinstance(olu.sees, Message)
    assert [a.label for a in olu.sees.actions if isinstance(a, Button)] == [
        "This helped me too", "Add my note", "Change the link",
    ]  # fmt: skip


def test_press_after_the_draft_is_gone_changes_nothing(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, link="https://example.org/jobs")
    share(olu, title="Week 2", link="https://example.org/jobs?utm_content=2")
    olu.presses("It’s another page")
    for action in ("another", "correct_link"):
        answer = words(chat.app.handle(Click(olu.place(), olu.who, f"resources.{action}", "1:1")))
        assert "no longer have what you wrote" in answer
    assert len(saved(chat)) == 2


def test_links_saved_under_earlier_rules_follow_the_new_ones(chat: Chat) -> None:
    """What is one page by the new rules stays two resources, and what is told apart by them can be shared."""
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, title="Thread", link="https://www.reddit.com/r/teachers/comments/1abc2d/arrivals/")
    share(mei, title="Lesson", link="https://example.org/lesson?ref=1042")
    share(mei, title="Two", link="https://example.org/two")
    with Session(chat.engine) as session, session.begin():
        rows = session.exec(select(Resource).order_by(col(Resource.id))).all()
        rows[0].link_key = "reddit.com/r/teachers/comments/1abc2d/arrivals"
        # By the old rules, this was the key of every lesson.
        rows[1].link_key = "example.org/lesson"
        rows[2].link = "https://old.reddit.com/comments/1abc2d?rdt=5"
        rows[2].link_key = "reddit.com/comments/1abc2d?rdt=5"
        for row in rows:
            row.link_rules = 0
    assert "kept here already, as Thread" in olu.types("share https://new.reddit.com/comments/1abc2d?rdt=61 It helps")
    assert "Kept" in share(olu, title="Next lesson", link="https://example.org/lesson?ref=1043")
    assert "kept here already, as Two" in olu.types("share https://old.reddit.com/comments/1abc2d?rdt=5 It helps")
    assert titles(chat) == ["Lesson", "Next lesson", "Thread", "Two"]


def test_facilitator_edits_and_removes_any_resource_with_an_audit_entry(chat: Chat) -> None:
    two_communities(chat)
    mei, olu, ben = actors(chat, "Mei", "Olu", "Ben")
    share(mei)
    for action in ("edit", "ask_remove", "remove", "kind"):
        click = Click(olu.place(), olu.who, f"resources.{action}", "1:1", ("tool",))
        assert "Only the person who shared this" in words(chat.app.handle(click))
    ben.types("find jobs")
    ben.chooses("Look at one closely", "Arrival jobs board")
    ben.presses("Edit")
    assert isinstance(ben.sees, Form)
    # Only the person who shared it can open it to others.
    assert "audience" not in [f.name for f in ben.sees.fields]
    ben.fills(note="It helped, without the name.")
    ben.presses("Remove")
    ben.presses("Remove it")
    assert saved(chat) == []
    with Session(chat.engine) as session:
        assert [(a.action, a.detail) for a in session.exec(select(Audit).order_by(col(Audit.id)))] == [
            ("resources.edit", "resource 1"),
            ("resources.remove", "resource 1"),
        ]


# --- finding


def test_results_come_five_a_page_best_first(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    for number in range(1, 13):
        share(mei, title=f"Circle {number}")
    first = olu.types("find circle")
    assert "12 resources for “circle”, best match first." in first
    assert "Circle 12\n" in first
    assert "Circle 7\n" not in first
    assert "Page 2 of 3" in olu.presses("Next")
    assert isinstance(olu.sees, Message)
    assert olu.sees.replace
    last = olu.presses("Next")
    assert "Circle 2\n" in last
    assert "Circle 1\n" in last
    assert "Page 2 of 3" in olu.presses("Earlier")
    [later] = [action.value for action in olu.shown.actions if isinstance(action, Button) and action.label == "Next"]
    search = later.rpartition(".")[0]
    beyond = Click(olu.place(), olu.who, "resources.page", f"{search}.999")
    assert "Page 3 of 3" in words(chat.app.handle(beyond))
    assert "no longer remember" in words(chat.app.handle(Click(mei.place(), mei.who, "resources.page", f"{search}.2")))
    assert "Circle 12\n" in mei.types("recent")
    assert "Circle 2\n" not in words(mei.sees)


def test_topics_narrow_a_search_and_are_offered_in_a_menu(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, title="Door jobs", topics="arrivals, door")
    share(mei, title="Door songs", topics="#music #arrivals")
    share(mei, title="Farewell songs", topics="music")
    assert "1 resource for “songs #arrivals”" in olu.types("find songs #Arrivals")
    assert "Door songs" in words(olu.sees)
    assert "2 resources on “#music”, newest first" in olu.types("find #music")
    assert "1 resource on “#music #arrivals”" in olu.types("find #music, #arrivals")
    assert "2 resources on “#arrivals”" in olu.chooses("Look through a topic", "#arrivals (2)")
    assert "letters, numbers and hyphens" in olu.types("find #<b>")
    assert "Please say what to look for" in olu.types("find #")
    typing = [
        chat.app.complete(AutocompleteQuery(olu.place(), olu.who, f"find {t}"))
        for t in ("", "#m", "songs #a", "mus", "a b")
    ]
    assert typing == [["#arrivals", "#music", "#door"], ["#music"], ["songs #arrivals"], ["#music"], []]


def test_misspelled_search_is_corrected_and_says_so(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, title="Thermometer for feelings")
    said = olu.types("find thermomter <b>*x*</b>")
    assert "I looked for “thermometer <b>*x*</b>”" in said
    assert "Thermometer for feelings" in said


def test_empty_result_says_what_to_do_next(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    assert "Nothing has been shared here yet" in olu.types("recent")
    olu.presses("Share something")
    assert isinstance(olu.sees, Form)
    share(mei, topics="youth-voice, homework")
    said = olu.types("find #youthvoice")
    assert "Nothing here matches “#youthvoice” yet" in said
    assert "Close to it: #youth-voice." in said
    assert "Arrival jobs board" in olu.presses("#youth-voice")
    assert "Close to it: #homework" in olu.types("find hom3work volunteers")
    assert "Nothing here matches “@everyone <!channel>”" in olu.types("find @everyone <!channel>")


# --- who may see it


def test_resource_shared_with_the_program_is_found_in_its_communities(chat: Chat) -> None:
    """What is shared only with its own community isn't found elsewhere, by search, suggestion, or a forged button."""
    two_communities(chat)
    mei, lena = actors(chat, "Mei", "Lena")
    lena.channel = "stewards"
    assert "everyone in Youth workers" in share(mei, title="Private xylophone", topics="secret", note="Zither")
    assert "every community of Riverside" in share(mei, title="Open marimba", topics="music", audience=PROGRAM)
    assert "Nothing here matches" in lena.types("find xylophone")
    for slip in ("xylophne", "zithr", "#secret", "#secert", "private"):
        said = lena.types(f"find {slip}").lower()
        assert not any(hidden in said for hidden in ("xylophone", "zither", "#secret.", "jobs"))
        assert not any(isinstance(a, Button) for a in getattr(lena.sees, "actions", ()))
    assert chat.app.complete(AutocompleteQuery(lena.place(), lena.who, "find #")) == ["#music"]
    seen = lena.types("find marimba")
    assert "Shared by Mei of Youth workers" in seen
    assert "1 resource" in lena.types("find #music")
    assert "Open marimba" in lena.types("recent")
    assert "Private" not in words(lena.sees)
    lena.chooses("Look at one closely", "Open marimba")
    assert isinstance(lena.sees, Message)
    assert [a.label for a in lena.sees.actions if isinstance(a, Button)] == ["This helped me too", "Add my note"]
    lena.presses("This helped me too")
    [card] = [p for p in chat.posts if "helped 1 person more" in p.words]
    assert card.channel == "general"
    assert chat.in_channel("stewards") == []
    for action in ("show", "helped", "add_note", "edit", "remove"):
        button = Click(lena.place(), lena.who, f"resources.{action}", "2:1")
        assert "no longer here" in words(chat.app.handle(button))
    assert "Only the person" in words(chat.app.handle(Click(lena.place(), lena.who, "resources.remove", "2:2")))

    mei.types("find marimba")
    mei.chooses("Look at one closely", "Open marimba")
    mei.presses("Edit")
    mei.fills(audience="community")
    assert "Nothing here matches" in lena.types("find marimba")
    assert "1 resource" in mei.types("find marimba")


def test_search_finds_nothing_of_another_program(chat: Chat) -> None:
    two_communities(chat)
    mei, lena = actors(chat, "Mei", "Lena")
    lena.channel = "stewards"
    share(mei, title="Open marimba", topics="music", audience=PROGRAM)
    with Session(chat.engine) as session, session.begin():
        row = programs.part(session, 1, 2)
        assert row
        programs.end(session, row)
    assert "Nothing here matches" in lena.types("find marimba")
    assert "Nothing here matches" in lena.types("find #music")
    with Session(chat.engine) as session, session.begin():
        join_program(session, "Riverside", 2)
    assert "Nothing here matches" in lena.types("find marimba")
    assert "Nothing here matches" in lena.types("find #music")


def test_program_is_not_offered_without_one(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share")
    assert isinstance(mei.sees, Form)
    assert [f.name for f in mei.sees.fields] == ["title", "link", "note", "topics"]
    event = Submission(mei.place(), mei.who, "resources.keep", mei.sees.value, {**JOBS, "audience": PROGRAM})
    assert "everyone in Youth workers" in words(chat.app.handle(event))
    assert saved(chat)[0].audience == "community"


def test_deleted_person_leaves_no_resource_in_search(chat: Chat) -> None:
    two_communities(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei, title="Open marimba", topics="music", audience=PROGRAM)
    share(olu, title="Drum circle")
    olu.presses("This helped me too", on=chat.posts[0])
    before = replace(chat.posts[0])
    with Session(chat.engine) as session, session.begin():
        id = person_key(session, chat, "Mei", chat.clock.now())
        assert personal_data.count(session, id)["resources"] == 1
        personal_data.forget(session, id, "Someone")
    assert [r.title for r in saved(chat)] == ["Drum circle"]
    with Session(chat.engine) as session:
        assert {e.community_id for e in session.exec(select(SearchEntry))} == {1}
        assert session.exec(select(Endorsement)).all() == []
        assert session.exec(select(SearchTerm).where(col(SearchTerm.community_id) < 0)).all() == []
    assert "Nothing here matches" in olu.types("find marimba")
    assert "no longer here" in olu.presses("This helped me too", on=before)
    assert chat.posts[0].words.strip() == "This has been deleted."


def test_resource_of_a_member_who_left_stays_without_their_name(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    share(mei)
    with Session(chat.engine) as session, session.begin():
        personal_data.leave(session, person_key(session, chat, "Mei", chat.clock.now()), 1, "Someone", delete_too=False)
    assert "Shared by Someone" in olu.types("find jobs")


def test_demo_has_resources_to_find(chat: Chat) -> None:
    with Session(chat.engine) as session, session.begin():
        seed.seed(session, chat.clock.now(), "cop", chat.name, chat.space)
    lena = Actor(chat, chat.person("Lena Fischer").who, "steam")
    lena.who = type(lena.who)("lena", "Lena Fischer")
    assert "Bridges from newspaper" in lena.types("find triangles")
    assert "Shared by Olu Adeyemi of Youth Workers" in lena.types("find #youth-voice")


# --- typed text is data


def test_typed_markup_stays_text(chat: Chat) -> None:
    two_communities(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    nasty = "@everyone <!channel> <@U1> **b** [a](http://evil) [x](person:1) `c` a\u202eb"
    plain = nasty.replace("\u202e", "")
    said = share(mei, title=nasty, note=nasty, link="https://example.org/)[x](person:1)&copy;*_`")
    assert said.count(plain) == 2
    assert chat.last.words.count(plain) == 2
    assert plain in olu.types("find everyone")
    assert isinstance(olu.sees, Message)
    targets = {i.link for p in olu.sees.parts for b in markup.parse(getattr(p, "body", "")) for i in b.inlines
               if isinstance(i, markup.TextRun) and p.kind == "text"}  # fmt: skip
    assert targets == {"", "https://example.org/%29%5Bx%5D%28person:1%29&copy;*_%60"}
    assert olu.chooses("Look at one closely", plain).count(plain) == 2


@pytest.mark.parametrize("letter", ["*", "x", "\N{GRINNING FACE}", "é"])
def test_longest_resource_fits_every_card(chat: Chat, letter: str) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.who = type(mei.who)("mei", letter * 80)
    for number in range(11):
        topics = ", ".join(f"topic-{number}-{n}-{'y' * 15}" for n in range(5))
        said = share(
            mei,
            title=f"{number} {letter * 97}",
            note="door " + letter * 1_190,
            topics=topics,
            link=f"https://{'h' * 60}.example.org/{number}{'x' * 390}",
        )
        assert "Kept" in said
    for person in (olu, mei):
        assert "11 resources" in person.types("find door")
        assert "Shared lately" in person.types("recent")
        click = Click(person.place(), person.who, "resources.show", "1:", ("1",))
        assert letter * 1_100 in words(chat.app.handle(click))
    olu.presses("This helped me too", on=chat.posts[0])
    olu.presses("Add my note")
    assert "501 characters" in olu.fills(note=letter * 501)
    assert "stands beside" in olu.fills(note=letter * 500)


def test_forged_button_does_nothing(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    share(mei)
    for value in ("", "x", "-1", "9" * 30, "1.1", "²"):
        for action in ("show", "helped", "take_back", "add_note", "edit", "kind", "ask_remove", "remove", "leave_it"):
            click = Click(mei.place(), mei.who, f"resources.{action}", f"1:{value}")
            assert "no longer here" in words(chat.app.handle(click))
        click = Click(mei.place(), mei.who, "resources.page", f"1:{value}")
        assert "no longer remember" in words(chat.app.handle(click))
    kind = Click(mei.place(), mei.who, "resources.kind", "1:1", ("nonsense",))
    assert "choose one of the kinds" in words(chat.app.handle(kind))
