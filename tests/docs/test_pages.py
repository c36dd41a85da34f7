"""Every command, link, picture, and target that the documentation names exists."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.cadence import read
from bot.cli.offline import bare_app
from bot.core.resolver import SUFFIX
from bot.devtools.reference_docs import subcommands
from bot.settings import Settings
from tests.docs.pages import PAGES, anchors, code, targets

APP = bare_app(Settings.model_construct())
ROOTS = {f"/cop{suffix}": root for root, suffix in SUFFIX.items()}

COP = re.compile(r"(?:\.venv/bin/cop|cop|docker compose run --rm bot) (\w.*)")

every_page = pytest.mark.parametrize("page", PAGES, ids=str)


@every_page
def test_every_chat_command_exists(page: Path) -> None:
    known = {(spec.root, spec.name) for spec in APP.commands}
    for line in code(page):
        words = line.split()
        if words and words[0] in ROOTS and words[1:] not in ([], ["…"]):
            root = ROOTS[words[0]]
            assert {(root, words[1]), (root, " ".join(words[1:3]))} & known, f"{page} names {line}"


@every_page
def test_every_example_of_a_choice_exists(page: Path) -> None:
    chosen = {f"/cop{SUFFIX[spec.root]} {spec.name}": spec.choices for spec in APP.commands if spec.choices}
    commands = {f"/cop{SUFFIX[spec.root]} {spec.name}" for spec in APP.commands}
    for line in code(page):
        name, _space, choice = line.rpartition(" ")
        assert name not in chosen or line in commands or choice in chosen[name] or "|" in choice, f"{page} names {line}"


@every_page
def test_every_terminal_command_and_option_exists(page: Path) -> None:
    known = subcommands()
    for line in code(page):
        if said := COP.match(line):
            words = said[1].split()
            command = known.get(words[0]) or known.get(" ".join(words[:2]))
            assert command, f"{page} names {line}"
            options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
            assert {word for word in words if word.startswith("--")} <= options, f"{page} names {line}"


@every_page
def test_every_make_target_exists(page: Path) -> None:
    makefile = Path("Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {target for line in code(page) for target in re.findall(r"^make ([a-z]+)", line)}
    assert named <= known, f"{page} names {named - known}"


@every_page
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in targets(page):
        if target.startswith("https://"):
            continue
        path, _hash, anchor = target.partition("#")
        found = page.parent / path if path else page
        assert found.exists(), f"{page} leads to {target}"
        assert not anchor or anchor in anchors(found), f"{page} leads to {target}"


@every_page
def test_no_page_names_a_machine_or_a_registry(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|opt|usr|var|Users|mnt)/", text)
    assert not re.search(r"pypi\.org|files\.pythonhosted|registry\.npmjs|docker\.io|ghcr\.io", text)
    addresses = set(re.findall(r"https?://([\w.-]+)", text))
    allowed = {"api.slack.com", "slack.com", "discord.com", "keepachangelog.com", "semver.org"}
    if page.name == "compare.md":
        allowed |= {"v3.dailybot.com", "help.geekbot.com", "www.polly.ai"}
    assert {a for a in addresses if not a.endswith("example.org")} <= allowed


def test_every_page_is_reachable_from_the_first() -> None:
    reached, new = set[Path](), {Path("README.md")}
    while new:
        page = new.pop()
        reached.add(page)
        paths = (t.partition("#")[0] for t in targets(page) if not t.startswith("https://"))
        new |= {found for p in paths if p.endswith(".md") and (found := _inside(page.parent / p)) not in reached}
    assert {p for p in PAGES if p.name != "index.md"} <= reached


def _inside(path: Path) -> Path:
    return path.resolve().relative_to(Path.cwd())


def test_site_lists_every_page() -> None:
    listed = set(re.findall(r'"([\w/-]+\.md)"', Path("zensical.toml").read_text(encoding="utf-8")))
    assert listed == {str(p.relative_to("docs")) for p in PAGES if p.parts[0] == "docs"}


def test_changelog_has_an_unreleased_section() -> None:
    text = Path("CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert unreleased
    assert "\n- " in unreleased[1]


def test_first_page_begins_with_the_two_commands() -> None:
    made = [line for line in code(Path("README.md")) if line.startswith("make ")]
    assert made[:2] == ["make demo", "make test"]


def test_every_cadence_on_the_admins_page_is_readable() -> None:
    listed = Path("docs/how-to/admins.md").read_text(encoding="utf-8").partition("such as:\n\n")[2].partition("\n\n")[0]
    phrases = [line.removeprefix("- ") for line in listed.splitlines()]
    assert len(phrases) == 5
    for phrase in phrases:
        assert not read(phrase, zone="America/New_York", today=date(2026, 10, 5)).warnings, phrase
