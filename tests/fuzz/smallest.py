"""Finds the fewest and shortest inputs that together reach as much of our code as all inputs do."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
OURS = tuple(str(ROOT / part) for part in ("bot", "adapters", "storage"))
MOST = 300  # inputs of one reader
# File, from line, to line.
Steps = set[tuple[str, int, int]]


def smallest(read: Callable[[bytes], object], inputs: Iterable[bytes]) -> list[bytes]:
    """Return inputs, shortest first, that take a step (from one line to another) that no shorter one takes."""
    known: Steps = set()
    kept: list[bytes] = []
    for data in sorted(set(inputs), key=lambda each: (len(each), each)):
        steps = _steps(read, data)
        if not steps <= known and len(kept) < MOST:
            known |= steps
            kept.append(data)
    return kept


def _steps(read: Callable[[bytes], object], data: bytes) -> Steps:
    steps: Steps = set()

    def entered(frame: FrameType, _event: str, _arg: Any) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(OURS):
            return None
        last = 0

        def stepped(frame: FrameType, event: str, _arg: Any) -> Any:
            nonlocal last
            if event == "line":
                steps.add((file, last, frame.f_lineno))
                last = frame.f_lineno
            return stepped

        return stepped

    sys.settrace(entered)
    try:
        # Faults are reported where inputs are tried.
        with suppress(Exception):
            read(data)
    finally:
        sys.settrace(None)
    return steps
