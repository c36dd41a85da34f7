"""What a click, a form or a menu names is looked up within what the person who acts may reach."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FEATURES = sorted(Path("bot/features").rglob("*.py"))
# In the arguments of a call that looks up an id from outside, one of these says within what.
WITHIN = {"community_id", "community", "me", "sibling"}
# Calls that get an id from outside and are no lookup, or check whose it is themselves. Each says why.
CHECKED_THERE = {
    "link_codes.open_request": "each handler compares the two people of the request with who acts",
    "people.get": "a name in the audit log, or of an announcement; the log is the community's own",
    "_receiver": "looks up the membership in this community",
    "_removable": "looks up the membership in this community",
    "communities.get": "passed to act_in, which refuses what does not know of the person",
    "meetings.get_any": "the meeting of an invitation; nothing is drawn unless it was sent to this community",
    "programs.get": "its part in this community is looked up next",
    "meetings.occurrences_of": "its series was looked up in this community before",
    "rounds.anywhere": "the membership in the community of the round is looked up next",
    "waiting.get": "a dictionary of this community's topics",
    "moving": "a version, not an id",
    "answer_messages.get": "what stands below it is posted to its own writer, as a question of this community",
    "_offer": "a place among the prompts that would come next",
    "_page": "the number of a page",
    "max": "the number of a page",
}

# Where a feature names the community itself, and why that is no way in.
OWN = {
    "bot/features/personal_data/written.py": "the community of a row that is the person's own",
    "bot/features/programs/lookup.py": "a community of the program, to post in; access stays that of the person",
}


def lookups(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that get an id from outside as it arrived."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(
            isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "parse_id"
            for each in node.args
        ):
            yield node


def names(call: ast.Call) -> set[str]:
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Attribute | ast.Name)
    }


@pytest.mark.parametrize("path", FEATURES, ids=str)
def test_id_from_outside_is_looked_up_within_what_the_person_may_reach(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unchecked = [
        ast.unparse(call)
        for call in lookups(tree)
        if not names(call) & WITHIN and ast.unparse(call.func) not in CHECKED_THERE
    ]
    assert unchecked == []


@pytest.mark.parametrize("path", [path for path in FEATURES if path.as_posix() not in OWN], ids=str)
def test_only_the_core_says_in_which_community_an_event_acts(path: Path) -> None:
    """A feature may clear it, and asks `identity.act_in` for another, which checks it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    chosen = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(each, ast.Attribute) and each.attr == "community_or_none" for each in node.targets)
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
    ]
    assert chosen == []
