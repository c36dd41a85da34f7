"""Prints the figures of the detector: `python -m tests.domain.safety`. With --show, the sentences it is wrong about."""

import sys

from bot.domain.safety.detector import find
from tests.domain.safety.labelled import load, measure

if __name__ == "__main__":
    figures = measure(load(), lambda text: [(span.start, span.end, span.kind.value) for span in find(text)])
    for key in sorted(figures.marked):
        print(*key, f"{figures.found[key]} of {figures.marked[key]}")
    if "--show" in sys.argv:
        for each in figures.wrong:
            print(each.language, each.kind, f"[{each.span}]", each.text)
