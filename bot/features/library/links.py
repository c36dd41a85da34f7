"""Parse a web address, find one in a text, and suggest a title for it. Pure functions; nothing is fetched."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from yarl import URL

from bot.features.library.canonical_links import canonical_key

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

    `opens` is the address in ASCII, which every platform accepts. `key` is equal for all addresses of one page.
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
        key = canonical_key(url)
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
