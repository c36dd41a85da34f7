"""One page has one key, whoever shared it from wherever, and two pages have two."""

import re
from itertools import combinations

import pytest

from bot.features.library import links, sites
from bot.features.library.canonical_links import TRACKING

# Addresses of one page, in each row.
ONE_PAGE = [
    # shared by different apps, with different accounts
    """https://www.reddit.com/r/teachers/comments/1abc2d/arrivals/ https://www.reddit.com/r/teachers/comments/1abc2d/arrivals/?rdt=61234
    https://old.reddit.com/r/teachers/comments/1abc2d/ https://new.reddit.com/r/teachers/comments/1abc2d/arrivals?share_id=x&utm_name=y
    https://redd.it/1abc2d https://reddit.com/comments/1abc2d https://np.reddit.com/r/teachers/comments/1abc2d/arrivals/?context=3
    https://out.reddit.com/t3_1?url=https%3A%2F%2Fredd.it%2F1abc2d&token=q""",
    """https://www.reddit.com/r/teachers/comments/1abc2d/arrivals/k9/ https://reddit.com/r/teachers/comments/1abc2d/comment/k9/?rdt=4""",
    """https://www.reddit.com/r/teachers/ https://www.reddit.com/r/teachers?rdt=33""",
    """https://drive.google.com/file/d/1AbC/view https://drive.google.com/file/u/0/d/1AbC/view?usp=sharing
    https://drive.google.com/u/1/uc?id=1AbC&export=download https://drive.google.com/open?id=1AbC&authuser=2
    https://drive.google.com/a/district.example/file/d/1AbC/edit?resourcekey=0-x https://docs.google.com/file/d/1AbC/preview""",
    """https://drive.google.com/drive/folders/1F https://drive.google.com/drive/u/0/folders/1F?usp=drive_link
    https://drive.google.com/drive/u/3/mobile/folders/1F?sort=13 https://drive.google.com/folderview?id=1F""",
    """https://docs.google.com/document/d/1D/edit https://docs.google.com/document/u/2/d/1D/edit?tab=t.0#heading=h.1
    https://docs.google.com/a/district.example/document/d/1D/preview https://docs.google.com/document/d/1D/copy
    https://drive.google.com/open?id=1D https://docs.google.com/document/d/1D?authuser=ben%40example.org&pli=1""",
    """https://docs.google.com/forms/d/e/1F/viewform https://docs.google.com/forms/u/0/d/e/1F/viewform?usp=pp_url""",
    """https://docs.google.com/spreadsheets/d/1S/edit?gid=4#gid=4 https://docs.google.com/spreadsheets/u/0/d/1S/edit?usp=sharing""",
    """https://classroom.google.com/c/NzQ https://classroom.google.com/u/1/c/NzQ https://classroom.google.com/c/NzQ?authuser=1""",
    """https://calendar.google.com/calendar/r/week https://calendar.google.com/calendar/u/0/r/week""",
    """https://sites.google.com/view/arrivals https://sites.google.com/u/0/view/arrivals?pli=1""",
    """https://www.google.com/search?q=jobs+board https://www.google.com/search?q=jobs%20board&sca_esv=1&ei=x&ved=0&source=hp""",
    """https://www.linkedin.com/posts/mei-li_arrivals-activity-7123456789012345678-AbCd https://www.linkedin.com/feed/update/urn:li:activity:7123456789012345678/
    https://www.linkedin.com/posts/mei-li_arrivals-activity-7123456789012345678-AbCd?utm_source=share&rcm=ACoAAB
    https://uk.linkedin.com/posts/mei-li_arrivals-activity-7123456789012345678-zz?trk=public_post""",
    """https://www.linkedin.com/pulse/arrivals-mei-li https://www.linkedin.com/pulse/arrivals-mei-li/?trackingId=q%3D%3D&rcm=AC
    https://www.linkedin.com/safety/go?url=https%3A%2F%2Fwww.linkedin.com%2Fpulse%2Farrivals-mei-li&trk=z""",
    """https://www.linkedin.com/in/mei-li https://de.linkedin.com/in/mei-li?originalSubdomain=de&lipi=x""",
    """https://x.com/mei/status/17 https://twitter.com/mei/status/17?s=20&t=abc https://mobile.twitter.com/mei/status/17
    https://x.com/i/web/status/17 https://twitter.com/mei/status/17/photo/1?ref_src=twsrc%5Etfw""",
    """https://www.facebook.com/groups/9/posts/8/ https://m.facebook.com/groups/9/permalink/8/?mibextid=x&rdid=y
    https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fgroups%2F9%2Fposts%2F8&h=AT""",
    """https://www.facebook.com/watch/?v=55 https://fb.com/page/videos/55/ https://www.facebook.com/reel/55?mibextid=q""",
    """https://www.instagram.com/p/Cx1/ https://www.instagram.com/reel/Cx1/?igsh=abc== https://instagram.com/mei/p/Cx1/?img_index=2""",
    """https://www.tiktok.com/@mei/video/71 https://m.tiktok.com/v/71.html https://www.tiktok.com/@mei/video/71?_r=1&_t=8&is_from_webapp=1""",
    """https://www.pinterest.com/pin/12/ https://www.pinterest.co.uk/pin/board-for-jobs--12/?sender=1&invite_code=x""",
    """https://youtu.be/abcdefghijk?si=q https://www.youtube.com/watch?v=abcdefghijk&pp=x&ab_channel=y https://youtube.com/live/abcdefghijk?feature=share
    https://www.youtube-nocookie.com/embed/abcdefghijk https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2Fabcdefghijk""",
    """https://www.youtube.com/@mei https://www.youtube.com/@mei?si=abc""",
    """https://www.youtube.com/playlist?list=PL1 https://www.youtube.com/playlist?list=PL1&si=abc""",
    """https://vimeo.com/123 https://player.vimeo.com/video/123?h=abc https://vimeo.com/123/abc?share=copy""",
    """https://open.spotify.com/episode/4x https://open.spotify.com/episode/4x?si=1 https://open.spotify.com/intl-es/episode/4x""",
    """https://podcasts.apple.com/us/podcast/learn/id12?i=34 https://podcasts.apple.com/mx/podcast/learn/id12?i=34&l=es""",
    """https://medium.com/@mei/arrivals-abcdef123456 https://mei.medium.com/arrivals-abcdef123456?source=friends_link&sk=x https://medium.com/p/abcdef123456""",
    """https://learn.substack.com/p/arrivals https://open.substack.com/pub/learn/p/arrivals?r=1&utm_campaign=post&showWelcomeOnShare=true""",
    """https://www.amazon.com/Board-Jobs/dp/0123456789/ref=sr_1_1?keywords=jobs&qid=1 https://www.amazon.com/dp/0123456789 https://smile.amazon.com/gp/product/0123456789?tag=x""",
    """https://stackoverflow.com/questions/11/how-to https://stackoverflow.com/q/11/99 https://stackoverflow.com/questions/11?rq=1""",
    """https://arxiv.org/abs/2301.00001 https://arxiv.org/pdf/2301.00001v2.pdf https://www.arxiv.org/pdf/2301.00001""",
    """https://pubmed.ncbi.nlm.nih.gov/123/ https://www.ncbi.nlm.nih.gov/pubmed/123""",
    """https://www.figma.com/file/AbC/Board https://www.figma.com/design/AbC/Board?node-id=1-2&t=x""",
    """https://www.canva.com/design/DAFabc12345/xyz/view?utm_content=q https://www.canva.com/design/DAFabc12345/edit""",
    """https://www.loom.com/share/abc?sid=1 https://www.loom.com/embed/abc""",
    """https://www.dropbox.com/s/abc/board.pdf?dl=0 https://www.dropbox.com/s/abc/board.pdf?dl=1&st=x""",
    """https://us02web.zoom.us/j/1234567890?pwd=a https://zoom.us/j/1234567890 https://us02web.zoom.us/wc/join/1234567890""",
    """https://district.sharepoint.com/:w:/r/sites/a/Doc.docx?d=w1 https://district.sharepoint.com/:w:/r/sites/a/Doc.docx?d=w1&csf=1&web=1&e=Ab""",
    """https://www.notion.so/team/Board-0123456789abcdef0123456789abcdef https://team.notion.site/0123456789abcdef0123456789abcdef?pvs=4""",
    """https://www.eventbrite.com/e/meet-tickets-123456789?aff=oddtdtcreator https://www.eventbrite.com/e/123456789""",
    """https://team.slack.com/archives/C1/p2 https://team.slack.com/archives/C1/p2?thread_ts=1.0&cid=C1""",
    """https://canary.discord.com/channels/1/2/3 https://discord.com/channels/1/2/3""",
    """https://www.nytimes.com/2025/09/01/a.html https://www.nytimes.com/2025/09/01/a.html?unlocked_article_code=1&smid=url-share""",
    """https://en.wikipedia.org/wiki/Jobs https://en.m.wikipedia.org/wiki/Jobs?wprov=sfti1""",
    # redirecting pages
    """https://example.org/a https://urldefense.com/v3/__https://example.org/a__;!!x!y$ https://www.google.com/amp/s/example.org/a
    https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=x https://l.instagram.com/?u=https%3A%2F%2Fexample.org%2Fa&e=1
    https://linkprotect.cudasvc.com/url?a=https%3A%2F%2Fexample.org%2Fa&c=E https://example-org.cdn.ampproject.org/c/s/example.org/a""",
    # any site
    """https://example.org/a?x=1 https://example.org/a?x=1&ref=newsletter https://example.org/a?x=1&ref=blog.example.com
    https://example.org/a?x=1&fbclid=q&_hsmi=2&mc_eid=3&srsltid=4&at_medium=5&pk_campaign=6""",
]  # fmt: skip
# Addresses of different pages, in each row.
DIFFERENT_PAGES = [
    "https://example.org/lesson https://example.org/lesson?ref=1042 https://example.org/lesson?ref=1043 https://example.org/lesson?ref=AB-7",
    "https://example.org/x?source=a https://example.org/x?source=b",
    "https://example.org/x?si=1 https://example.org/x?si=2",
    "https://example.org/x?spm=1 https://example.org/x?spm=2",
    "https://example.org/x?trk=1 https://example.org/x?trk=2",
    "https://example.org/x?usp=1 https://example.org/x?usp=2",
    "https://example.org/x?share_id=1 https://example.org/x?share_id=2",
    "https://example.org/x?ns_id=1 https://example.org/x?ns_id=2",
    "https://example.org/x?at_id=1 https://example.org/x?at_id=2",
    "https://example.org/x?pk_id=1 https://example.org/x?pk_id=2",
    "https://example.org/x?cid=1 https://example.org/x?cid=2",
    "https://example.org/x?rdt=1 https://example.org/x?rdt=2",
    "https://example.org/x?rcm=1 https://example.org/x?rcm=2",
    "https://example.org/x?s=1 https://example.org/x?s=2",
    "https://example.org/x?t=1 https://example.org/x?t=2",
    "https://example.org/x?e=1 https://example.org/x?e=2",
    "https://example.org/u/0/a https://example.org/u/1/a https://example.org/a",
    "https://git.example.org/file?ref=main https://git.example.org/file?ref=v1.2 https://git.example.org/file?ref=main.py",
    "https://www.reddit.com/comments/a https://www.reddit.com/comments/b https://www.reddit.com/r/c/comments/a/t/d https://www.reddit.com/r/c",
    "https://drive.google.com/file/d/1A/view https://drive.google.com/file/d/1B/view https://drive.google.com/drive/folders/1A",
    "https://docs.google.com/forms/d/e/1F/viewform https://docs.google.com/forms/d/1F/edit",
    "https://www.youtube.com/watch?v=abc https://www.youtube.com/@abc https://www.youtube.com/playlist?list=abc",
    "https://www.linkedin.com/in/mei https://www.linkedin.com/in/ana https://www.linkedin.com/company/mei",
    "https://x.com/mei https://x.com/mei/status/1 https://x.com/mei/status/2",
    "https://www.amazon.com/dp/0123456789 https://www.amazon.com/dp/0123456780 https://www.amazon.de/dp/0123456789 https://www.amazon.com/s?k=a https://www.amazon.com/s?k=b",
    "https://stackoverflow.com/q/11 https://stackoverflow.com/q/12 https://stackoverflow.com/a/11",
    "https://en.wikipedia.org/wiki/A https://es.wikipedia.org/wiki/A https://en.wikipedia.org/w/index.php?title=A&oldid=5 https://en.wikipedia.org/wiki/B",
    "https://a.substack.com/p/x https://b.substack.com/p/x https://a.substack.com/p/y https://a.substack.com/",
    "https://www.tiktok.com/search?q=a https://www.tiktok.com/search?q=b",
    "https://www.google.com/search?q=a https://www.google.com/search?q=b https://www.google.com/search?q=a&udm=2",
    "https://a.sharepoint.com/:w:/r/x?d=1 https://a.sharepoint.com/:w:/r/x?d=2 https://b.sharepoint.com/:w:/r/x?d=1",
    "https://notlinkedin.com/in/mei https://linkedin.com/in/mei https://linkedin.com.example.org/in/mei",
    "https://www.facebook.com/mei https://www.facebook.com/ana https://www.facebook.com/photo?fbid=1 https://www.facebook.com/photo?fbid=2",
    "https://www.nytimes.com/a?x=1 https://www.nytimes.com/a?x=2",
    "https://www.google.com/url https://www.google.com/",
]  # fmt: skip


def key(address: str) -> str:
    return links.read(address).key


@pytest.mark.parametrize("addresses", ONE_PAGE, ids=lambda row: row.split()[0])
def test_addresses_of_one_page_have_one_key(addresses: str) -> None:
    keys = {address: key(address) for address in addresses.split()}
    assert len(set(keys.values())) == 1, keys


@pytest.mark.parametrize("addresses", DIFFERENT_PAGES, ids=lambda row: row.split()[0])
def test_addresses_of_different_pages_have_different_keys(addresses: str) -> None:
    same = [(one, other) for one, other in combinations(addresses.split(), 2) if key(one) == key(other)]
    assert same == []


def test_no_name_that_sites_use_for_pages_counts_as_tracking_everywhere() -> None:
    names = ("ref", "source", "src", "id", "cid", "pid", "si", "s", "t", "e", "p", "v", "share", "share_id", "from", "campaign",
             "trk", "spm", "usp", "st", "sp", "tab", "page", "lang", "hl", "code", "token", "key", "version", "at_id", "pk")  # fmt: skip
    assert [name for name in names if TRACKING.fullmatch(name)] == []


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
