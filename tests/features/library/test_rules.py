"""Reading topics and links that people type."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.library import links, rules
from bot.features.library.search import views as search_views
from bot.features.library.sharing import views
from bot.ui import Link, markup


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("", ()),
        ("arrivals", ("arrivals",)),
        ("arrivals homework", ("arrivals", "homework")),
        ("Arrivals, Youth voice", ("arrivals", "youth-voice")),
        ("#Arrivals #youth_voice, music", ("arrivals", "youth-voice", "music")),
        ("arrivals, ARRIVALS ,, #", ("arrivals",)),
        ("participación; 21st century", ("participación", "21st-century")),
        ("हिन्दी", ("हिन्दी",)),
        ("a - b", None),
        ("c++", None),
        ("@everyone", None),
        ("a/b", None),
    ],
)
def test_topics_are_normalized(typed: str, topics: tuple[str, ...] | None) -> None:
    if topics is None:
        with pytest.raises(rules.BadTopics):
            rules.read_topics(typed)
    else:
        assert rules.read_topics(typed) == topics


@given(st.text(max_size=80))
def test_topics_of_any_text_are_refused_or_round_trip(typed: str) -> None:
    try:
        topics = rules.read_topics(typed)
    except rules.BadTopics:
        return
    assert rules.read_topics(", ".join(topics)) == topics
    assert len(topics) <= rules.MOST_TOPICS


@pytest.mark.parametrize(
    ("line", "link", "rest"),
    [
        ("https://x.org/a nice", "https://x.org/a", "nice"),
        ("example.org/a nice", "example.org/a", "nice"),
        ("javascript:alert(1) x", "javascript:alert(1)", "x"),
        ("Note: see this", "", "Note: see this"),
        ("v1.2 is out", "", "v1.2 is out"),
        ("", "", ""),
    ],
)
def test_first_word_is_a_link_when_it_is_meant_as_one(line: str, link: str, rest: str) -> None:
    assert rules.split_link(line) == (link, rest)


# --- links


def cases() -> Iterator[tuple[str, str, bool]]:
    """Yield one address, another, and whether they are the same page."""
    path = Path(__file__).parents[4] / "shared" / "data" / "links" / "canonical.json"
    if not path.exists():
        pytest.skip("needs: ../shared")
    told = json.loads(path.read_text())
    for group in told["same"]:
        yield from ((group[0], other, True) for other in group[1:])
    yield from ((one, other, False) for one, other in told["different"])


def test_page_has_one_canonical_link() -> None:
    """A page is recognized by every address of it, and by no other."""
    wrong = [(one, other) for one, other, same in cases() if (links.read(one).key == links.read(other).key) != same]
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://youtube.com/shorts/abc", "https://m.youtube.com/watch?v=abc", True),
        ("https://youtube.com/playlist?list=a", "https://youtube.com/playlist?list=b", False),
        ("https://drive.google.com/file/d/1A/view?usp=sharing", "https://drive.google.com/open?id=1A", True),
        ("https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fa&sa=D", "https://example.org/a", True),
        ("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=x",
         "https://example.org/a", True),
        ("https://www.google.com/url?q=https://www.google.com/url", "https://www.google.com/url", True),
        ("https://dx.doi.org/10.1/x", "https://doi.org/10.1/x", True),
        ("example.org:443/a", "https://example.org/a", True),
        ("http://example.org:443/a", "http://example.org/a", False),
        ("https://example.org./a", "https://example.org/a", True),
        ("https://example.org/a?", "https://example.org/a", True),
        ("https://example.org/a?x=1&x=2", "https://example.org/a?x=2&x=1", False),
        ("https://example.org/a//b", "https://example.org/a/b", False),
        ("https://example.org/a?q=%26b", "https://example.org/a?q=&b", False),
    ],
)  # fmt: skip
def test_canonical_link_of_known_sites_and_odd_spellings(one: str, other: str, same: bool) -> None:
    assert (links.read(one).key == links.read(other).key) is same


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("javascript:alert(1)", "scheme"),
        ("JavaScript://example.org/%0aalert(1)", "scheme"),
        ("data:text/html;base64,x", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("mailto:mei@example.org", "scheme"),
        ("vbscript:x", "scheme"),
        ("java\tscript:alert(1)", "unreadable"),
        ("", "unreadable"),
        ("https://", "unreadable"),
        ("https:example.org", "unreadable"),
        ("https://example", "unreadable"),
        ("https://exa mple.org", "unreadable"),
        ("https://a..b/", "unreadable"),
        ("https://example.org:99999/", "unreadable"),
        ("https://[::1]/", "unreadable"),
        ("https://[::1", "unreadable"),
        ("https://example.org/<script>", "unreadable"),
        ("https://example.org\\@evil.org", "unreadable"),
        ("https://bank.example@evil.org", "secret"),
        ("https://example.org/" + "a" * 481, "long"),
    ],
)
def test_unusable_link_is_refused_with_its_reason(typed: str, fault: str) -> None:
    with pytest.raises(links.NotALink) as no:
        links.read(typed)
    assert no.value.fault == fault
    assert views.link_problem(no.value)


def test_link_is_shown_as_typed_and_opened_in_ascii() -> None:
    """Every platform can open it."""
    link = links.read("https://café.fr/menú?q=a+b%20c#más")
    assert link.typed == "https://café.fr/menú?q=a+b%20c#más"
    assert link.opens == "https://xn--caf-dma.fr/men%C3%BA?q=a+b%20c#m%C3%A1s"
    assert link.host == "xn--caf-dma.fr"


@given(st.text(max_size=60), st.sampled_from(["", "https://example.org/", "http://", "example.org/?"]))
def test_link_of_any_text_is_refused_or_safe(typed: str, before: str) -> None:
    try:
        link = links.read(f"{before}{typed}")
    except links.NotALink:
        return
    assert link.opens.startswith(("http://", "https://"))
    assert link.opens.isascii()
    assert len(Link("Link", link.opens).url) <= links.LONGEST
    assert links.read(link.opens).key == link.key
    assert links.suggest_title(link)
    [block] = markup.parse(f"**{markup.esc(typed)}** {search_views.linked(link)}")
    shown = [part for part in block.inlines if isinstance(part, markup.TextRun) and part.link]
    assert "".join(part.text for part in shown) == markup.cut(link.host, 60)
    assert {links.read(part.link).key for part in shown} == {
        links.read(link.opens.replace("(", "%28").replace(")", "%29")).key
    }


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("See https://x.org/a.", "https://x.org/a", "See ."),
        ("(https://x.org/a)", "https://x.org/a", "( )"),
        ("https://x.org/a_(b) and", "https://x.org/a_(b)", "and"),
        ("<https://x.org/a|words>", "https://x.org/a", "< |words>"),
        ("nothing here", "", "nothing here"),
    ],
)
def test_link_in_a_message_is_found(text: str, address: str, rest: str) -> None:
    assert links.find_in(text) == (address, rest)


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("https://www.example.org/toolkits/arrival-jobs_board.html", "Arrival jobs board"),
        ("https://example.org/", "example.org"),
        ("https://example.org/p/123456/", "example.org"),
        ("https://example.org/d/1A2b3C4d5E6f7", "example.org"),
        ("https://example.org/guides/12345", "Guides"),
    ],
)
def test_title_is_suggested_from_the_link(link: str, title: str) -> None:
    assert links.suggest_title(links.read(link)) == title
