"""The saved inputs: one file for each reader, with one input a line, its bytes as a JSON string."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.readers import READERS

FOLDER = Path(__file__).parent / "corpus"


def load(reader: str) -> list[bytes]:
    """Return what the fuzzer starts from and `make test` tries again: our seeds, and what was found from them."""
    file = FOLDER / f"{reader}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    kept = [json.loads(line).encode(errors="surrogateescape") for line in lines]
    return [*(seed.encode() for seed in READERS[reader].seeds), *kept]


def save(reader: str, inputs: Iterable[bytes]) -> None:
    seeds = {seed.encode() for seed in READERS[reader].seeds}
    lines = sorted(json.dumps(each.decode(errors="surrogateescape")) for each in inputs if each not in seeds)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{reader}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
