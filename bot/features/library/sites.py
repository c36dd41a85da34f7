"""What makes two addresses one on well-known sites: other hosts, account numbers, share parameters, redirecting pages.

One row for each site, in SITES. Where a site names each thing by an id, `pages` has the patterns of its addresses, and
nothing else of the address counts. For its other pages, `ignored` names the parameters that don't tell pages apart.

Sources: the rules of ClearURLs (github.com/ClearURLs/Rules) and AdGuard's tracking parameters filter, the help pages of
the sites on sharing and embedding, and addresses copied with each site's own "share" and "copy link".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True)
class Visit:
    """An address in parts. `host` is without "www." and in lower case; `path` is percent-encoded."""

    host: str
    path: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One kind of page that has an id. `path` matches the whole path, in any case.

    `key` is made of the named groups of the path, the parameters, and `host`. It applies only if none of those that it
    names is empty.
    """

    path: str
    key: str


@dataclass(frozen=True)
class Site:
    """A site. `pages` are those that have an id, and nothing else of their addresses counts.

    For other pages: `ignored` is a pattern of parameters that don't tell pages apart; `ignored_path` one of such a part
    of the path, as the number of the reader's account; `same_as` the host that all hosts of the site stand for, "" if
    each is its own.
    """

    pages: tuple[Page, ...] = ()
    ignored: str = ""
    ignored_path: str = ""
    same_as: str = ""

    def page_of(self, visit: Visit) -> str:
        """Return the key of the page, "" if the site has no id for it."""
        for page in self.pages:
            if found := re.fullmatch(page.path, visit.path, re.IGNORECASE):
                named = {name: value or "" for name, value in found.groupdict().items()}
                known = {"host": visit.host, **visit.query, **named}
                if all(known.get(name) for name in NAMED.findall(page.key)):
                    return page.key.format_map(known)
        return ""

    def path_of(self, path: str) -> str:
        return re.sub(self.ignored_path, "", path, count=1) if self.ignored_path else path

    def ignores(self, parameter: str) -> bool:
        return bool(self.ignored and re.fullmatch(self.ignored, parameter, re.IGNORECASE))


NAMED = re.compile(r"\{(\w+)\}")
REST = r"(?:/.*)?"

# Other hosts of the same site.
ALIASES = {
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "dx.doi.org": "doi.org",
    "mobile.twitter.com": "x.com",
    "m.twitter.com": "x.com",
    "mobile.x.com": "x.com",
    "twitter.com": "x.com",
    "fb.com": "facebook.com",
    "smile.amazon.com": "amazon.com",
    "discordapp.com": "discord.com",
    "ptb.discord.com": "discord.com",
    "canary.discord.com": "discord.com",
    "player.vimeo.com": "vimeo.com",
}

# A Google account by its number: /u/0/, and /b/0/ for a brand.
GOOGLE_ACCOUNT = r"/[ub]/\d+(?=/|$)"
GOOGLE_DOMAIN = r"(?:/a/[^/]+)?"
GOOGLE_FILE = "docs.google.com/d/{id}"
GOOGLE_DOCUMENTS = Site(
    (
        Page(
            rf"{GOOGLE_DOMAIN}/(?:document|spreadsheets|presentation|forms|drawings|videos|file)(?:/u/\d+)?"
            rf"/d/(?P<id>(?:e/)?[\w-]+){REST}",
            GOOGLE_FILE,
        ),
        Page(rf"{GOOGLE_DOMAIN}(?:/u/\d+)?/file(?:/u/\d+)?/d/(?P<id>[\w-]+){REST}", GOOGLE_FILE),
        Page(rf"{GOOGLE_DOMAIN}(?:/u/\d+)?/(?:open|uc|thumbnail|download)", GOOGLE_FILE),
        Page(
            rf"{GOOGLE_DOMAIN}(?:/drive)?(?:/u/\d+)?(?:/mobile)?/folders/(?P<id>[\w-]+){REST}",
            "drive.google.com/folders/{id}",
        ),
        Page(rf"{GOOGLE_DOMAIN}(?:/u/\d+)?/(?:embedded)?folderview", "drive.google.com/folders/{id}"),
    ),
    r"usp|authuser|pli|resourcekey|ouid|rtpof|sd",
    GOOGLE_ACCOUNT,
)
GOOGLE = Site(
    ignored=r"authuser|pli|usp|ved|ei|oq|sxsrf|source|sourceid|ie|aqs|rlz|s?client|gs_\w+|uact|sca_\w+|bi[wh]|dpr|iflsig|"
    r"entry|g_ep|g_st|coh|skid|pcampaignid",
    ignored_path=GOOGLE_ACCOUNT,
)
MICROSOFT_FILES = Site(
    ignored=r"e|csf|web|rtime|ovuser|clickparams|xsdata|sdata|or|cid|wdorigin|redeem|migratedtospo|authkey|wdlor|ct|ga|nav|isspofile|mobileredirect"
)
MEDIUM = Site(
    (Page(r"/(?:[^/]+/)*(?:[^/]*-)?(?P<id>[0-9a-f]{10,12})", "medium.com/p/{id}"),),
    r"source|sk|postpublishedtype|gi|responsesopen|sortby",
)
NOTION = Site(
    (
        Page(r"/(?:.*[/-])?(?P<id>[0-9a-f]{32})", "notion.so/{id}/{p}"),
        Page(r"/(?:.*[/-])?(?P<id>[0-9a-f]{32})", "notion.so/{id}"),
    ),
    r"pvs|source|v",
)
QUESTIONS_AND_ANSWERS = Site(
    (
        # A share link has the number of the person who shares at its end.
        Page(r"/(?:questions|q)/(?P<id>\d+)(?:/[^/]*)?", "{host}/questions/{id}"),
        Page(r"/a/(?P<id>\d+)(?:/\d+)?", "{host}/a/{id}"),
        Page(r"/questions/\d+/[^/]*/(?P<id>\d+)", "{host}/a/{id}"),
    ),
    r"rq|lq|noredirect|newreg",
)
AMAZON = Site(
    (Page(r"/(?:.*/)?(?:dp|gp/product|gp/aw/d|exec/obidos/asin)/(?P<id>[0-9a-z]{10})(?:/.*)?", "{host}/dp/{id}"),),
    r"ref_?|tag|p[fd]_rd_\w+|qid|sr|_encoding|crid|sprefix|dib|dib_tag|linkcode|linkid|creative(?:asin)?|ascsubtag|camp|content-id",
    r"/ref=[^/]*",
)
X = Site(
    (Page(r"/[^/]+/(?:web/)?status(?:es)?/(?P<id>\d+)(?:/.*)?", "x.com/status/{id}"),),
    r"s|t|cxt|ref_src|ref_url|cn|refsrc",
)
NEWS = (
    r"smid|smtyp|unlocked_article_code|referringsource|partner|emc|nl|itid|pwapi_token|carta-url|cmp|ocid|xtor|reflink|mod|"
    r"st|srnd|sref|sharetype|segmentid|accesstoken|gift|giftcopy|source|ref_?\w*|campaign_id|instance_id|user_id|regi_id"
)

SITES: dict[str, Site] = {
    "youtube.com": Site(
        (
            Page("/watch", "youtube.com/watch?v={v}"),
            Page(r"/(?:embed|shorts|live|v)/(?P<v>[\w-]+)(?:/.*)?", "youtube.com/watch?v={v}"),
            Page("/playlist", "youtube.com/playlist?list={list}"),
        ),
        r"si|feature|pp|ab_channel|app|persist_app|kw|themerefresh|cbrd|ucbcb",
    ),
    "youtu.be": Site((Page(r"/(?P<v>[\w-]+)/?", "youtube.com/watch?v={v}"),)),
    "docs.google.com": GOOGLE_DOCUMENTS,
    "drive.google.com": GOOGLE_DOCUMENTS,
    "drive.usercontent.google.com": GOOGLE_DOCUMENTS,
    "meet.google.com": Site((Page(r"/(?P<id>[a-z]{3}-[a-z]{4}-[a-z]{3})", "meet.google.com/{id}"),), GOOGLE.ignored),
    "x.com": X,
    "vimeo.com": Site(
        (
            # An unlisted video has a second part, in the path or as "h".
            Page(
                r"/(?:video/|channels/[^/]+/|groups/[^/]+/videos/|showcase/\d+/video/)?(?P<id>\d+)(?:/\w+)?",
                "vimeo.com/{id}",
            ),
        ),
        r"share|fl|fe|h|ts|signup",
    ),
    "medium.com": MEDIUM,
    "loom.com": Site((Page(r"/(?:share|embed|s)/(?P<id>\w+)/?", "loom.com/share/{id}"),), r"sid|t|hideembedtopbar"),
    "figma.com": Site(
        (
            Page(r"/(?:file|design)/(?P<id>\w+)(?:/.*)?", "figma.com/design/{id}"),
            Page(r"/(?P<kind>proto|board|slides|deck)/(?P<id>\w+)(?:/.*)?", "figma.com/{kind}/{id}"),
        ),
    ),
    "miro.com": Site((Page(r"/app/(?:board|live-embed)/(?P<id>[\w=%-]+)/?.*", "miro.com/app/board/{id}"),)),
    "canva.com": Site((Page(r"/design/(?P<id>[\w-]{8,})(?:/.*)?", "canva.com/design/{id}"),), r"ui|embed"),
    "dropbox.com": Site(ignored=r"dl|raw|st|rlkey|e"),
    "stackoverflow.com": QUESTIONS_AND_ANSWERS,
    "superuser.com": QUESTIONS_AND_ANSWERS,
    "serverfault.com": QUESTIONS_AND_ANSWERS,
    "askubuntu.com": QUESTIONS_AND_ANSWERS,
    "mathoverflow.net": QUESTIONS_AND_ANSWERS,
    "arxiv.org": Site(
        (Page(r"/(?:abs|pdf|html)/(?P<id>(?:[a-z.-]+/)?\d{4}\.?\d{3,5})(?:v\d+)?(?:\.pdf)?/?", "arxiv.org/abs/{id}"),)
    ),
    "pubmed.ncbi.nlm.nih.gov": Site((Page(r"/(?P<id>\d+)/?", "pubmed.ncbi.nlm.nih.gov/{id}"),)),
    "ncbi.nlm.nih.gov": Site((Page(r"/pubmed/(?P<id>\d+)/?", "pubmed.ncbi.nlm.nih.gov/{id}"),)),
    "eventbrite.com": Site(
        (Page(r"/e/(?:[^/]*-)?(?P<id>\d{8,})", "eventbrite.com/e/{id}"),), r"aff|aff_id|ref|keep_tld"
    ),
    "meetup.com": Site(ignored=r"_xtd|recid|recsource|searchid|eventorigin|from|rv\d*|_af\w*"),
    "podcasts.apple.com": Site(
        (
            Page(r"/(?:[a-z]{2}/)?podcast/(?:[^/]+/)?(?P<id>id\d+)", "podcasts.apple.com/{id}?i={i}"),
            Page(r"/(?:[a-z]{2}/)?podcast/(?:[^/]+/)?(?P<id>id\d+)", "podcasts.apple.com/{id}"),
        ),
    ),
    "open.spotify.com": Site(
        (
            Page(
                r"/(?:intl-[a-z-]+/)?(?:embed/)?(?P<kind>track|album|playlist|episode|show|artist)/(?P<id>\w+)",
                "open.spotify.com/{kind}/{id}",
            ),
        ),
        r"si|nd|dlsi|context|go|sp_cid|pi|pt",
    ),
    "imdb.com": Site((Page(r"/(?:[a-z]{2}/)?title/(?P<id>tt\d+)/?", "imdb.com/title/{id}"),), r"ref_?"),
    "goodreads.com": Site(
        (Page(r"/(?:[a-z]{2}/)?book/show/(?P<id>\d+)(?:[.-].*)?", "goodreads.com/book/show/{id}"),),
        r"ref|from_search|from_srp|qid|rank|ac|from_choice|from_home_module",
    ),
    "etsy.com": Site(
        (Page(r"/(?:[a-z-]+/)?listing/(?P<id>\d+)(?:/.*)?", "etsy.com/listing/{id}"),),
        r"ref|click_\w+|ga_\w+|organic_\w+|frs",
    ),
    "ted.com": Site(ignored=r"referrer|trigger|autoplay|rss|source|rid"),
    "producthunt.com": Site(ignored=r"ref|bc|comment"),
    "kickstarter.com": Site(ignored=r"ref|ref_?id"),
    "change.org": Site(ignored=r"recruiter|recruited_by_id|source_location|psf_variant|share_\w+|pt"),
    "gofundme.com": Site(ignored=r"member|sharetype|attribution_id|qid|modal"),
    "twitch.tv": Site(ignored=r"tt_content|tt_medium|tt_email_id|sr"),
    "bilibili.com": Site(
        ignored=r"spm_id_from|vd_source|share_\w+|from_\w+|seid|unique_k|buvid|mid|plat_id|bbid|timestamp|ts"
    ),
    "aliexpress.com": Site(
        (Page(r"/item/(?:[^/]*/)?(?P<id>\d+)\.html", "aliexpress.com/item/{id}"),), r"spm|scm|pvid|algo_\w+"
    ),
    "teacherspayteachers.com": Site(
        (Page(r"/product/(?:.*-)?(?P<id>\d{4,})", "teacherspayteachers.com/product/{id}"),), r"st|sp|ref|epik"
    ),
    "1drv.ms": MICROSOFT_FILES,
    "nytimes.com": Site(ignored=NEWS),
    "washingtonpost.com": Site(ignored=NEWS),
    "theguardian.com": Site(ignored=NEWS),
    "bbc.com": Site(ignored=NEWS),
    "bbc.co.uk": Site(ignored=NEWS),
    "wsj.com": Site(ignored=NEWS),
    "bloomberg.com": Site(ignored=NEWS),
    "ft.com": Site(ignored=NEWS),
    "theatlantic.com": Site(ignored=NEWS),
    "newyorker.com": Site(ignored=rf"{NEWS}|mbid|bxid|cndid|esrc"),
    "npr.org": Site(ignored=r"ft|f|sc|live"),
    "cnn.com": Site(ignored=r"cid|ref"),
    "edweek.org": Site(ignored=r"cmp|s_kwcid|m2|intc|r"),
}

# Every host that ends like this, except those above.
SUBDOMAINS: dict[str, Site] = {
    "reddit.com": Site(
        (
            Page(
                r"(?:/(?:r|user|u)/[^/]+)?/comments/(?P<post>\w+)/(?:comment|[^/]+)/(?P<id>\w+)/?",
                "reddit.com/comments/{post}/{id}",
            ),
            Page(r"(?:/(?:r|user|u)/[^/]+)?/comments/(?P<post>\w+)(?:/[^/]*)?/?", "reddit.com/comments/{post}"),
            Page(r"/gallery/(?P<post>\w+)/?", "reddit.com/comments/{post}"),
        ),
        r"rdt|share_id|ref|ref_source|ref_campaign|correlation_id|post_(?:full)?name\w*|post_index|context|st|sh|utm_name|"
        r"\$?deep_link|\$\w+|_branch_\w+|embed\w*|chainedposts|captcha|solution|js_challenge|token|rdt_cid",
        same_as="reddit.com",
    ),
    "linkedin.com": Site(
        (
            Page(
                r"(?:/embed)?/feed/update/urn(?::|%3a)li(?::|%3a)(?:activity|share|ugcpost)(?::|%3a)(?P<id>\d+)/?",
                "linkedin.com/feed/{id}",
            ),
            Page(r"/posts/.*-(?:activity|share|ugcpost)-(?P<id>\d+)(?:-[^/]*)?/?", "linkedin.com/feed/{id}"),
            Page(r"/jobs/view/(?:[^/]*-)?(?P<id>\d+)/?", "linkedin.com/jobs/view/{id}"),
        ),
        r"rcm|trk\w*|trackingid|refid|li[pc][iu]|lgcta|lgtemp|mid(?:token|sig)|otptoken|eid|ebp|recommendedflavor|"
        r"original(?:subdomain|_?referer)|miniprofileurn|src|veh|lici|position|pagenum|ref|originaltrackingid|savejobaction",
        same_as="linkedin.com",
    ),
    "facebook.com": Site(
        (
            Page(r"/watch/?", "facebook.com/videos/{v}"),
            Page(r"/(?:[^/]+/videos|reel)/(?:[^/]+/)?(?P<v>\d+)/?", "facebook.com/videos/{v}"),
            Page(r"/events/(?:s/[^/]+/)?(?P<id>\d+)/?", "facebook.com/events/{id}"),
            Page(r"/groups/(?P<group>[^/]+)/(?:posts|permalink)/(?P<id>\d+)/?", "facebook.com/groups/{group}/{id}"),
        ),
        r"mibextid|sfnsn|ref\w*|fref|hc_\w+|__tn__|__cft__.*|__xts__.*|__cft.*|rdid|share_url|paipv|eav|_rdr|_rdc|"
        r"acontext|action_history|notif_\w+|extid|ext|hash|wtsid|idorvanity|app|m_entstream_source|comment_tracking",
        same_as="facebook.com",
    ),
    "instagram.com": Site(
        (Page(r"/(?:[^/]+/)?(?:p|reels?|tv)/(?P<id>[\w-]+)(?:/embed)?(?:/captioned)?/?", "instagram.com/p/{id}"),),
        r"igsh\w*|img_index|taken-by|utm\w*|__\w+",
        same_as="instagram.com",
    ),
    "tiktok.com": Site(
        (Page(r"/(?:@[^/]*/(?:video|photo)|embed(?:/v2)?|v)/(?P<id>\d+)(?:\.html)?/?", "tiktok.com/video/{id}"),),
        r"_[rt]|_d|is_from_webapp|is_copy_url|sender_\w+|web_id|tt_from|u_code|share_\w+|source|checksum|ug\w*|sec_\w+|"
        r"refer|enable_\w+|preview_pb|timestamp|user_id|social_\w+|from_page",
        same_as="tiktok.com",
    ),
    "pinterest.com": Site(
        (Page(r"/pin/(?:[^/]*--)?(?P<id>\d+)(?:/.*)?", "pinterest.com/pin/{id}"),),
        r"sender|invite_code|sfo|lp|nic_v\w+|rs|source_app",
        same_as="pinterest.com",
    ),
    "zoom.us": Site(
        (
            Page(r"/(?:j|w|wc/join|wc)/(?P<id>\d{9,11})(?:/.*)?", "zoom.us/j/{id}"),
            Page(r"/(?:meeting|webinar)/register/(?P<id>[\w-]+)", "zoom.us/register/{id}"),
        ),
        r"pwd|omn|from|uname|tk|startTime",
    ),
    "medium.com": MEDIUM,
    "substack.com": Site(
        (
            Page(r"/pub/(?P<name>[\w-]+)/p/(?P<slug>[\w-]+)(?:/.*)?", "{name}.substack.com/p/{slug}"),
            Page(r"/p/(?P<slug>[\w-]+)(?:/.*)?", "{host}/p/{slug}"),
        ),
        r"r|s|showwelcome\w*|is[_]?freemail|publication_id|post_id|triedredirect|triggershare|selection|token|comments",
    ),
    "stackexchange.com": QUESTIONS_AND_ANSWERS,
    "sharepoint.com": MICROSOFT_FILES,
    "onedrive.live.com": MICROSOFT_FILES,
    "google.com": GOOGLE,
    "slack.com": Site(
        (Page(r"/archives/(?P<channel>\w+)/(?P<message>p\d+)/?", "{host}/archives/{channel}/{message}"),)
    ),
    "teams.microsoft.com": Site(
        ignored=r"context|anon|deeplinkid|launchtype|directdl|mslaunch|enablemobilepage|suppressprompt|type|createdtime|groupid|tenantid|allowxtenantaccess"
    ),
    "forms.office.com": Site(ignored=r"origin|host|route|lang|subpage"),
    "notion.so": NOTION,
    "notion.site": NOTION,
    "wikipedia.org": Site(
        ignored=r"wprov|useskin|useformat|oldformat",
    ),
}
# Sites with a host in each country.
COUNTRIES: tuple[tuple[re.Pattern[str], Site], ...] = (
    (re.compile(r"amazon\.(?:com?\.)?[a-z]{2,3}"), AMAZON),
    (re.compile(r"google\.(?:com?\.)?[a-z]{2,3}"), GOOGLE),
    (re.compile(r"eventbrite\.(?:com?\.)?[a-z]{2,3}"), SITES["eventbrite.com"]),
    (re.compile(r"pinterest\.(?:com?\.)?[a-z]{2,3}"), SUBDOMAINS["pinterest.com"]),
)
# Redirecting pages, by host and path ("*": any path), and the parameters that hold the address they redirect to.
DETOURS: dict[str, tuple[str, ...]] = {
    "google.com/url": ("q", "url"),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "l.messenger.com/l.php": ("u",),
    "l.instagram.com/": ("u",),
    "linkedin.com/redir/redirect": ("url",),
    "linkedin.com/safety/go": ("url",),
    "youtube.com/redirect": ("q",),
    "out.reddit.com/*": ("url",),
    "slack-redir.net/link": ("url",),
    "t.umblr.com/redirect": ("z",),
    "vk.com/away.php": ("to",),
    "steamcommunity.com/linkfilter": ("url", "u"),
    "steamcommunity.com/linkfilter/": ("url", "u"),
    "duckduckgo.com/l/": ("uddg",),
    "exit.sc/": ("url",),
    "linkprotect.cudasvc.com/url": ("a",),
    "safelinks.protection.outlook.com/*": ("url",),
    "statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html": ("url",),
}
PROOFPOINT = re.compile(r"/v3/__(?P<address>https?:/.+?)__;.*")
AMP = re.compile(r"/(?:amp/|[civ]/)(?P<secure>s/)?(?P<address>.+)")


def site_of(host: str) -> Site | None:
    if site := SITES.get(host):
        return site
    for ending in _endings(host):
        if site := SUBDOMAINS.get(ending):
            return site
    return next((site for pattern, site in COUNTRIES if pattern.fullmatch(host)), None)


def redirect_target(visit: Visit) -> str:
    """Return the address that the page redirects to, "" if it isn't a redirecting page."""
    names = DETOURS.get(f"{visit.host}{visit.path}", ())
    for ending in () if names else _endings(visit.host):
        names = names or DETOURS.get(f"{ending}/*", ())
    for name in names:
        if visit.query.get(name):
            return visit.query[name]
    if visit.host == "redd.it":
        return f"https://reddit.com/comments{visit.path}" if len(visit.path) > 1 else ""
    if visit.host in ("urldefense.com", "urldefense.us") and (found := PROOFPOINT.match(visit.path)):
        # Its letters that are kept elsewhere stand as "*". Without any, the address is whole.
        return "" if "*" in found["address"] else re.sub(r"^(https?:)/+", r"\1//", found["address"])
    is_amp = visit.host == "google.com" or visit.host.endswith(".cdn.ampproject.org")
    if is_amp and (found := AMP.fullmatch(visit.path)):
        return f"http{'s' if found['secure'] else ''}://{unquote(found['address'])}"
    return ""


def _endings(host: str) -> Iterator[str]:
    """Yield the host and what remains of it without its first names: a.b.org, b.org."""
    while "." in host:
        yield host
        host = host.partition(".")[2]
