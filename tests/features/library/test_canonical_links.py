"""One page has one key, whoever shared it from wherever, and two pages have two."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from bot.features.library import links, sites
from bot.features.library.canonical_links import TRACKING

GOLDEN = Path(__file__).parent / "golden"


def paragraphs(name: str) -> list[list[str]]:
    """Return the addresses of each paragraph in a file."""
    _comment, *found = (GOLDEN / name).read_text().split("\n\n")
    return [paragraph.split() for paragraph in found]


def key(address: str) -> str:
    return links.read(address).key


@pytest.mark.parametrize("addresses", paragraphs("one_page.txt"), ids=lambda row: row[0])
def test_addresses_of_one_page_have_one_key(addresses: list[str]) -> None:
    keys = {address: key(address) for address in addresses}
    assert len(set(keys.values())) == 1, keys


@pytest.mark.parametrize("addresses", paragraphs("different_pages.txt"), ids=lambda row: row[0])
def test_addresses_of_different_pages_have_different_keys(addresses: list[str]) -> None:
    same = [(one, other) for one, other in combinations(addresses, 2) if key(one) == key(other)]
    assert same == []


def test_no_name_that_sites_use_for_pages_counts_as_tracking_everywhere() -> None:
    names = """
        ref source src id cid pid si s t e p v share share_id from trk spm usp st sp tab page lang hl code token
        key version at_id pk pk_id ns_id
    """
    assert [name for name in names.split() if TRACKING.fullmatch(name)] == []


def test_patterns_of_sites_can_be_compiled_and_match_no_empty_name() -> None:
    rows = [*sites.SITES.values(), *sites.SUBDOMAINS.values(), *(site for _pattern, site in sites.COUNTRIES)]
    for site in rows:
        for page in site.pages:
            named = set(re.compile(page.path).groupindex)
            assert named or sites.NAMED.findall(page.key)
        assert not site.ignores("")
        assert re.compile(site.ignored_path or "x")


def test_broken_redirecting_page_is_a_page() -> None:
    for address in (
        "https://www.google.com/url?q=https://[",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://l.facebook.com/l.php?u=",
        "https://urldefense.com/v3/__x",
    ):
        assert key(address)


def test_redirecting_pages_are_followed_a_few_times() -> None:
    address = "https://example.org/a"
    for _time in range(8):
        address = f"https://www.google.com/url?q={address}"
    assert key(address).startswith("google.com/url")
