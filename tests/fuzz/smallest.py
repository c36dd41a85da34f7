"""The fewest and shortest inputs that lead as far into our code as all of them together."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
OURS = tuple(str(ROOT / part) for part in ("bot", "adapters", "storage"))
MOST = 300  # inputs kept of one reader
Steps = set[tuple[str, int, int]]  # file, from line, to line


def smallest(read: Callable[[bytes], object], inputs: Iterable[bytes]) -> list[bytes]:
    """Shortest first: an input is kept where it takes a step that no shorter one takes."""
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
        with suppress(Exception):  # a fault is told where inputs are tried, not here
            read(data)
    finally:
        sys.settrace(None)
    return steps
