"""Changes a JSON payload somewhere so that it stays JSON, for readers that take payloads."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

TEXTS: Sequence[str] = ("", " ", "0", "-1", "1:1", "x" * 300, "|", "\x00", "é", "\ud800", "<@U1>")
ODD: Sequence[Any] = (
    *TEXTS,
    *(None, True, 0, -1, 2**63, 1.5, [], {}),
    *([[]], [None], [{}], [""], {"": None}, {"id": None}, {"id": []}, {"value": {}}, {"type": "button"}),
)


def changed(data: bytes, rng: random.Random, vocabulary: Sequence[str]) -> bytes | None:
    """Return the payload with one to three changes, None if it isn't a JSON object."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict):
        return None
    for _change in range(rng.randint(1, 3)):
        _change_one(whole, rng, vocabulary)
    return json.dumps(whole).encode()


def _change_one(whole: Any, rng: random.Random, vocabulary: Sequence[str]) -> None:
    places = list(_places(whole))
    if not places:
        whole[rng.choice(vocabulary or ("id",))] = rng.choice(ODD)
        return
    holder, key = rng.choice(places)
    match rng.randint(0, 5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[rng.choice(vocabulary or ("id",))] = holder[key]
        case 2:
            other, its = rng.choice(places)
            holder[key] = json.loads(json.dumps(other[its]))
        case 3 if isinstance(holder[key], str):
            text = holder[key]
            at = rng.randint(0, len(text))
            holder[key] = text[:at] + rng.choice((*vocabulary, *TEXTS)) + text[at:]
        case 4:
            holder[key] = [holder[key]]
        case _:
            holder[key] = rng.choice(ODD)


def _places(node: Any) -> Any:
    """Yield (container, key or index) for everything inside."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(inside):
        yield node, key
        yield from _places(value)


def mutator(seeds: Sequence[bytes], vocabulary: Sequence[str]) -> Callable[[bytes, int, int], bytes]:
    """Return the function that atheris calls: (data, most bytes, seed) -> data."""

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        made = changed(data, rng, vocabulary)
        if made is None or len(made) > most:
            made = changed(rng.choice(seeds), rng, vocabulary)
        return made or rng.choice(seeds)

    return mutate
