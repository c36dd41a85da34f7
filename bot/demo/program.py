"""Data of the simulated program: its communities and when they meet, its residents, and what they have shared.

An out-of-school-time program: youth workers, staff leaders and quality stewards meet on the second Wednesday from
October to June, executive directors four times a year on dates they chose, a STEAM community monthly.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = "America/New_York"
COUNTRY = "US"
PROGRAM = "Riverside Out-of-School Time"
# The resident who convenes it.
CONVENER = "ada"
SEASON_STARTS, SEASON_ENDS = (9, 1), (6, 30)  # (month, day)
# When the demo begins: the Monday of the week in which the season's first reminder is sent.
OPENS = datetime(2026, 10, 5, 9, 0, tzinfo=ZoneInfo(ZONE))


@dataclass(frozen=True)
class DemoRole:
    """A resident's role in a community, which is named by its channel: 1 member, 2 facilitator, 3 admin."""

    community: str
    role: int = 1
    role_group: str = ""


@dataclass(frozen=True)
class Resident:
    """A simulated member. `agrees_to_be_named` lets facilitators see that they have not been heard yet."""

    id: str
    name: str
    blurb: str
    organization: str
    roles: tuple[DemoRole, ...]
    can_manage: bool = False
    agrees_to_be_named: bool = True


@dataclass(frozen=True)
class DemoCommunity:
    """A community. `cadence` is in plain words, as a facilitator would type it."""

    channel: str
    name: str
    purpose: str
    cadence: str
    minutes: int
    place: str = ""
    link: str = ""


@dataclass(frozen=True)
class Remark:
    """A message that a resident wrote in a channel before the demo begins."""

    channel: str
    by: str
    words: str


@dataclass(frozen=True)
class Find:
    """A resource that a resident shared before the demo begins."""

    community: str
    by: str
    title: str
    link: str
    note: str
    topics: tuple[str, ...]
    kind: str


COMMUNITIES = (
    DemoCommunity(
        "youth-workers",
        "Youth Workers",
        "People who work directly with young people explore good practice, and how to look after themselves doing it.",
        "second Wednesday of each month, October to June, 4pm to 5:30pm",
        90,
        place="Riverside Library, room 2",
    ),
    DemoCommunity(
        "staff-leaders",
        "Staff Leaders",
        "Supervisors explore what it means to lead, mentor and coach the people who work with young people.",
        "second Wednesday of each month, October to June, 4pm to 5:30pm",
        90,
        place="Riverside Library, room 3",
    ),
    DemoCommunity(
        "quality-stewards",
        "Quality Stewards",
        "Directors and managers reflect on how leadership, mission and outcomes hang together.",
        "second Wednesday of each month, October to June, 4pm to 5:30pm",
        90,
        place="Riverside Library, room 4",
    ),
    DemoCommunity(
        "executive-directors",
        "Executive Director Learning Space",
        "Executive directors gather with their peers, share their work and learn from each other.",
        "Oct 21, Jan 20, Apr 21 and Jun 16 at 9:30am",
        120,
        link="https://meet.example.org/directors",
    ),
    DemoCommunity(
        "steam",
        "STEAM Programming",
        "Front-line staff and program directors build STEAM curriculum together.",
        "third Thursday of each month, September to June, 3:30pm to 4:30pm",
        60,
        link="https://meet.example.org/steam",
    ),
)

RESIDENTS = (
    Resident("mei", "Mei Tanaka", "Youth worker, Harbor Club", "Harbor Club",
             (DemoRole("youth-workers", role_group="youth worker"), DemoRole("steam", role_group="youth worker"))),
    Resident("olu", "Olu Adeyemi", "Youth worker, Eastside Center", "Eastside Center",
             (DemoRole("youth-workers", role_group="youth worker"),)),
    Resident("ana", "Ana Ruiz", "Youth worker, Harbor Club", "Harbor Club",
             (DemoRole("youth-workers", role_group="youth worker"),), agrees_to_be_named=False),
    Resident("jon", "Jon Park", "Youth worker, Mill Street", "Mill Street",
             (DemoRole("youth-workers", role_group="youth worker"), DemoRole("steam", role_group="youth worker"))),
    Resident("priya", "Priya Raman", "Youth worker, Mill Street", "Mill Street",
             (DemoRole("youth-workers", role_group="youth worker"),)),
    Resident("tomas", "Tomas Vidal", "Youth worker, Eastside Center", "Eastside Center",
             (DemoRole("youth-workers", role_group="youth worker"),)),
    Resident("ben", "Ben Okafor", "Facilitator, Youth Workers", PROGRAM, (DemoRole("youth-workers", 2),)),
    Resident("chi", "Chi Nguyen", "Facilitator, Staff Leaders and Quality Stewards", PROGRAM,
             (DemoRole("staff-leaders", 2), DemoRole("quality-stewards", 2))),
    Resident("sam", "Sam Whitefeather", "Staff leader, Harbor Club", "Harbor Club",
             (DemoRole("staff-leaders", role_group="supervisor"),)),
    Resident("lena", "Lena Fischer", "Quality steward, Eastside Center", "Eastside Center",
             (DemoRole("quality-stewards", role_group="director"), DemoRole("steam", 2, "director"))),
    Resident("ruth", "Ruth Abebe", "Executive director, Harbor Club", "Harbor Club",
             (DemoRole("executive-directors", 2, "director"),)),
    Resident("ada", "Ada Romero", "Program admin", PROGRAM,
             tuple(DemoRole(c.channel, 3) for c in COMMUNITIES), can_manage=True),
    Resident("kit", "Kit Larsen", "New here, has not joined anything yet", "", ()),
)  # fmt: skip

REMARKS = (
    Remark(
        "youth-workers", "olu", "The arrival jobs board saved my Monday again: seven kids, seven jobs, no shouting."
    ),
    Remark("youth-workers", "jon", "How do the rest of you manage the late bus? I have six of them until 6:15, alone."),
)

FINDS = (
    Find("youth-workers", "olu", "Arrival jobs board", "https://example.org/arrival-jobs",
         "Everybody who comes through the door picks a job card. The first ten minutes went from noise to purpose.",
         ("arrivals", "youth-voice"), "practice"),
    Find("youth-workers", "ana", "Feelings thermometer, printable", "https://example.org/thermometer",
         "Hung by the door; young people move a magnet instead of having to say it out loud.",
         ("well-being", "arrivals"), "tool"),
    Find("youth-workers", "jon", "Homework help without hovering", "https://example.org/homework-help",
         "Three questions to ask before you give an answer. Works with mixed ages.",
         ("homework", "coaching"), "strategy"),
    Find("steam", "lena", "Bridges from newspaper", "https://example.org/paper-bridges",
         "An hour, no budget, and an argument about triangles. Photos of every failed bridge are the lesson.",
         ("engineering", "low-cost"), "practice"),
)  # fmt: skip
