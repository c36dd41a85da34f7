"""Make a key that is equal for addresses of the same page. Pure functions; nothing is fetched.

Two addresses are compared by their text alone. What is true of every site stands here, and what is true of one site in
the table of bot.features.library.sites. In doubt, two addresses are two pages: people notice a resource that is there
twice, but can't share one that is refused as a copy. RULES must be raised with every change here or there that changes
a key, because resources keep theirs.
"""

import re
from contextlib import suppress
from urllib.parse import parse_qsl, unquote, urlencode

from yarl import URL

from bot.features.library.sites import ALIASES, Site, Visit, redirect_target, site_of

# The version of the rules. Saved keys of an earlier version are made anew when they are needed.
RULES = 1
# At most so many redirecting pages are followed, by their parameters.
MOST_DETOURS = 3

# Parameters that no page is told apart by on any site: their makers put them there to follow people or campaigns. Each
# name is distinctive. Names that sites use for pages too ("ref", "source", "id") are not here.
# Sources: the global rules of ClearURLs, the query-stripping lists of Firefox and Brave, and the documentation of the
# named makers.
TRACKING = re.compile(
    # Google: campaigns, ads, analytics, the merchant center
    r"utm_\w+|gclid|gclsrc|dclid|[gw]braid|gad_(source|campaignid)|_g[al]|_gac|srsltid|"
    # Meta, Microsoft, X, TikTok, LinkedIn, Pinterest, Snapchat, Reddit, Yandex: clicks
    r"fbclid|fb_(action_ids|action_types|source|ref)|igshi?d?|msclkid|twclid|ttclid|li_fat_id|epik|sccid|rdt_cid|yclid|"
    r"_openstat|__twitter_impression|guc(counter|e_referrer|e_referrer_sig)|"
    # Matomo and Piwik
    r"(pk|mtm|piwik|matomo)_(campaign|kwd|keyword|source|medium|content|cid|group|placement)|"
    # Mailchimp, HubSpot, Marketo, Vero, Omeda, Drip, MailerLite, Klaviyo, Dotdigital, ConvertKit, Acoustic, Bronto
    r"mc_([ce]id|tc)|_hs(enc|mi)|hsctatracking|__hs(fp|sc|tc)|hsa_\w+|mkt_tok|vero_(id|conv)|oly_(anon|enc)_id|__s|"
    r"ml_subscriber(_hash)?|_ke|_kx|dm_i|ck_subscriber_id|sp(mailing|user|job|report)id|_bta_(tid|c)|"
    # Adobe, Oracle, Webtrekk, AT Internet and Piano, comScore, Humble Bundle and others
    r"s_(cid|kwcid)|ef_id|elqtrack(id)?|cmpid|icid|wt_z?mc|wtrid|"
    r"at_(medium|campaign|custom\d|link_(id|type|origin)|format|ptr_name|bbc_team)|"
    r"ns_(source|mchannel|campaign|linkname|fee)|sc_(campaign|channel|content|medium|outcome|geo|country)|itm_\w+|hmb_\w+|"
    r"otm_\w+|echobox|rb_clickid|wickedid|irclickid|sfmc_\w+",
    re.IGNORECASE,
)
# "ref" says where people came from only if its value is a network, a newsletter, or a host as blogs add it themselves
# ("ref=example.com"). Otherwise it may name the page ("lesson?ref=1042").
CAME_FROM = re.compile(r"ref|referrer|referer", re.IGNORECASE)
NETWORK = re.compile(
    r"twitter|t\.co|facebook|fb|instagram|linkedin|reddit|slack|discord|youtube|pinterest|whatsapp|telegram|mastodon|"
    r"bluesky|threads|tiktok|hackernews|hn|producthunt|newsletter|e?mail|rss|share|sharing|social|"
    r"(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|info|news|blog|dev|app|email|us|uk|ca|au|de|es|fr|mx)",
    re.IGNORECASE,
)
MOBILE_WIKIPEDIA = re.compile(r"([a-z-]+)\.m\.(wiki\w+\.org)")
FRONT_PAGE = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.IGNORECASE)
USUAL_PORTS = {"http": 80, "https": 443}


def canonical_key(url: URL, detours: int = MOST_DETOURS) -> str:
    """Return the key of an address, following redirecting pages by their parameters."""
    visit = _visit(url)
    if detours and (target := redirect_target(visit)):
        with suppress(ValueError):
            inner = URL(target)
            if inner.scheme in USUAL_PORTS and inner.raw_host:
                return canonical_key(inner, detours - 1)
    site = site_of(visit.host)
    if site and (page := site.page_of(visit)):
        return page
    return _general_key(url, visit, site)


def exact_key(opens: str) -> str:
    """Return the key of a page of which someone said that it's another one, though the rules see no difference.

    `opens` is its whole address. No canonical key begins like this.
    """
    return f"={opens}"


def is_exact(key: str) -> bool:
    return key.startswith("=")


def _visit(url: URL) -> Visit:
    query = dict(parse_qsl(url.raw_query_string, keep_blank_values=True))
    return Visit(_host(url), url.raw_path, query)


def _general_key(url: URL, visit: Visit, site: Site | None) -> str:
    pairs = parse_qsl(url.raw_query_string, keep_blank_values=True)
    parameters = sorted(((k, v) for k, v in pairs if not _is_ignored(k, v, site)), key=lambda pair: pair[0])
    port = url.explicit_port
    is_usual = port is None or port == USUAL_PORTS[url.scheme]
    path = FRONT_PAGE.sub("/", site.path_of(visit.path) if site else visit.path).rstrip("/")
    search = f"?{urlencode(parameters)}" if parameters else ""
    # A fragment is a position on the page, except in single-page applications, where it is the page.
    place = f"#{url.raw_fragment}" if url.raw_fragment.startswith(("/", "!")) else ""
    host = site.same_as if site and site.same_as else visit.host
    return f"{host}{'' if is_usual else f':{port}'}{path}{search}{place}"


def _is_ignored(name: str, value: str, site: Site | None) -> bool:
    if TRACKING.fullmatch(name) or (site and site.ignores(name)):
        return True
    return bool(CAME_FROM.fullmatch(name) and NETWORK.fullmatch(unquote(value).strip()))


def _host(url: URL) -> str:
    host = (url.raw_host or "").lower().rstrip(".")
    if host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    host = MOBILE_WIKIPEDIA.sub(r"\1.\2", host)
    return ALIASES.get(host, host)
