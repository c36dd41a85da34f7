"""Parse a web address, and make a key that is equal for addresses of the same page. Pure functions.

Nothing is fetched: two addresses are compared by their text alone, and by rules for well-known sites.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from yarl import URL

LONGEST = 500  # characters; a button's link may have 512 on Discord
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
# Punctuation after an address that belongs to the sentence around it.
AFTER_A_LINK = ".,;:!?'\"’”»…"
BRACKETS = {")": "(", "]": "[", "}": "{"}
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")

Fault = Literal["scheme", "long", "secret", "unreadable"]


class NotALink(ValueError):
    """The text is not an address that can be saved. `fault` says why, `what` is the part that is wrong."""

    def __init__(self, fault: Fault, what: str = "") -> None:
        super().__init__(fault)
        self.fault, self.what = fault, what


@dataclass(frozen=True)
class ResourceLink:
    """A web address.

    `opens` is the address in ASCII, which every platform accepts. `key` is equal for all spellings of one address.
    `host` ("example.org") is in ASCII (punycode), so that no look-alike letter passes for another.
    """

    typed: str
    opens: str
    key: str
    host: str


def read(typed: str) -> ResourceLink:
    """Parse an address, which may lack its "https://". Raises NotALink, also for one that holds a name or password."""
    text = typed.strip()
    if len(text) > LONGEST:
        raise NotALink("long", str(len(text)))
    scheme = SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise NotALink("scheme", scheme[1].lower())
    if not scheme:
        text = f"https://{text}"
    if any(c.isspace() or c in '<>"\\' for c in text):
        raise NotALink("unreadable")
    try:
        url = URL(text)
        host = (url.raw_host or "").rstrip(".")
        key = _key(url)
    except ValueError as bad:
        raise NotALink("unreadable") from bad
    if url.user is not None or url.password is not None:
        raise NotALink("secret")
    if not HOST.fullmatch(host):
        raise NotALink("unreadable")
    opens = _in_ascii(url, text)
    if len(opens) > LONGEST:
        raise NotALink("long", str(len(opens)))
    return ResourceLink(text, opens, key, host)


def find_in(text: str) -> tuple[str, str]:
    """Return (the first address in a text, the text without it), or ("", text) if there is none."""
    found = ADDRESS.search(text)
    if found is None:
        return "", text
    address = found[0]
    while address[-1] in AFTER_A_LINK or _is_left_over(address):
        address = address[:-1]
    before, after = text[: found.start()], text[found.start() + len(address) :]
    return address, f"{before.rstrip()} {after.lstrip()}".strip()


def suggest_title(link: ResourceLink) -> str:
    """Suggest a title: the last part of the path that looks like words, else the host."""
    home = link.host.removeprefix("www.")
    for part in reversed(URL(link.opens).path.split("/")):
        name = re.sub(r"\.\w{2,5}$", "", unquote(part))
        words = " ".join(re.split(r"[-_+\s.]+", name)).strip()
        if len(words) > 3 and sum(c.isalpha() for c in words) * 3 > len(words) * 2:
            return f"{words[:1].upper()}{words[1:70]}"
    return home[:100]


def _is_left_over(address: str) -> bool:
    """Whether the last letter closes a bracket that was opened before the address."""
    opening = BRACKETS.get(address[-1])
    return opening is not None and address.count(opening) < address.count(address[-1])


def _in_ascii(url: URL, text: str) -> str:
    """Encode the address in ASCII: the host as punycode, the rest in percent-encoding unless it is encoded already."""
    scheme, _colon, rest = text.partition("://")
    after_host = re.split(r"(?=[/?#])", rest, maxsplit=1)[1:]
    port = f":{url.explicit_port}" if url.explicit_port else ""
    return f"{scheme.lower()}://{url.raw_host}{port}{quote(''.join(after_host), safe='%/?#[]@!$&()*+,;=:~-._')}"


# --- what makes two addresses one

# Parameters that newsletters, social networks and campaigns add without changing where the address leads.
TRACKING = re.compile(
    r"(utm|pk|mtm|piwik|matomo|hsa|vero|oly|at)_\w+|[a-z]*clid|gclsrc|[gw]braid|igshi?d?|mc_[ce]id|_?hs(enc|mi|ctatracking)|"
    r"__hs\w+|mkt_tok|_g[al]|ref|ref_src|ref_url|s_cid|cmpid|icid|spm|trk|trkcampaign|share_id|si|wt_mc|_openstat|"
    r"ns_\w+|sc_campaign|li_fat_id|rb_clickid|wickedid|usp|sfnsn|mibextid",
    re.IGNORECASE,
)
# Other hosts of the same site.
ALIASES = {
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "dx.doi.org": "doi.org",
    "m.facebook.com": "facebook.com",
    "mobile.twitter.com": "x.com",
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
}
MOBILE_WIKIPEDIA = re.compile(r"([a-z-]+)\.m\.(wiki\w+\.org)")
FRONT_PAGE = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.IGNORECASE)
VIDEO = re.compile(r"/(?:embed|shorts|live|v)/([\w-]+)")
DOCUMENT = re.compile(r"/(document|spreadsheets|presentation|forms|drawings)/(?:u/\d+/)?d/((?:e/)?[\w-]+)")
FILE = re.compile(r"/file/(?:u/\d+/)?d/([\w-]+)")
# Redirecting pages, and the parameters that hold the address they redirect to.
DETOURS = {
    "google.com/url": ("q", "url"),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "slack-redir.net/link": ("url",),
}
SAFE_LINKS = ".safelinks.protection.outlook.com"


def _key(url: URL, detours: int = 2) -> str:
    """Return the key of an address, following at most `detours` redirecting pages by their parameters."""
    host = _host(url)
    query = parse_qsl(url.raw_query_string, keep_blank_values=True)
    if detours and (inner := _redirect_target(host, url.raw_path, dict(query))):
        return _key(inner, detours - 1)
    if known := SITES.get(host, _any_site)(url.raw_path, dict(query)):
        return f"{host}/{known}"
    parameters = sorted(((k, v) for k, v in query if not TRACKING.fullmatch(k)), key=lambda pair: pair[0])
    port = url.explicit_port
    usual = port is None or port == {"http": 80, "https": 443}[url.scheme]
    path = FRONT_PAGE.sub("/", url.raw_path).rstrip("/")
    search = f"?{urlencode(parameters)}" if parameters else ""
    # A fragment is a position on the page, except in single-page applications, where it is the page.
    place = f"#{url.raw_fragment}" if url.raw_fragment.startswith(("/", "!")) else ""
    return f"{host}{'' if usual else f':{port}'}{path}{search}{place}"


def _host(url: URL) -> str:
    host = (url.raw_host or "").lower().rstrip(".")
    if host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    host = MOBILE_WIKIPEDIA.sub(r"\1.\2", host)
    return ALIASES.get(host, host)


def _redirect_target(host: str, path: str, query: dict[str, str]) -> URL | None:
    if host == "youtu.be":
        return URL("https://youtube.com/watch").with_query(v=path[1:])
    names = ("url",) if host.endswith(SAFE_LINKS) else DETOURS.get(f"{host}{path}", ())
    for name in names:
        with suppress(ValueError):
            inner = URL(query.get(name, ""))
            if inner.scheme in ("http", "https") and inner.raw_host:
                return inner
    return None


def _any_site(path: str, query: dict[str, str]) -> str:
    return ""


def _youtube(path: str, query: dict[str, str]) -> str:
    named = VIDEO.match(path)
    video = named[1] if named else query.get("v", "") if path == "/watch" else ""
    return f"watch?v={video}" if video else ""


def _google_document(path: str, query: dict[str, str]) -> str:
    found = DOCUMENT.match(path)
    return f"{found[1]}/d/{found[2]}" if found else ""


def _google_file(path: str, query: dict[str, str]) -> str:
    found = FILE.match(path)
    file = found[1] if found else query.get("id", "") if path in ("/open", "/uc") else ""
    return f"file/d/{file}" if file else ""


SITES: dict[str, Callable[[str, dict[str, str]], str]] = {
    "youtube.com": _youtube,
    "docs.google.com": _google_document,
    "drive.google.com": _google_file,
}
