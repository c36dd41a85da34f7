"""Answers to a question, by the form that is open and the buttons of the thanks."""

from tests.support.chat import Actor

READERS = {"group": "Everyone here", "facilitators": "Only facilitators", "me": "Only me"}


def answers(who: Actor, body: str, audience: str) -> str:
    """Fill in the form, and choose who reads it. Returns what the person sees then."""
    said = who.fills(body=body)
    others = [action.label for action in who.shown.actions]
    return who.presses(READERS[audience]) if READERS[audience] in others else said
