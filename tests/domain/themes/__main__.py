"""Compares ways to find themes on the labelled rounds: `make themes`. HELD=1 takes the half that was set aside.

SHOW=1 prints what ours shows for each round as well.
"""

import sys
from collections.abc import Sequence

from tests.domain.themes import methods
from tests.domain.themes.labelled import LANGUAGES, load, measure

COLUMNS = f"{'':<22}{'accepted':>18}{'themes found':>18}{'noise':>9}{'repeats':>9}"


def main(asked: Sequence[str]) -> None:
    half = "held" if "--held" in asked else "tune"
    for language in LANGUAGES:
        rounds = load(language, half)
        print(f"\n{language}, {half}: {len(rounds)} rounds\n{COLUMNS}")
        for name, method in methods.available().items():
            f = measure(rounds, method)
            accepted = f"{f.accepted} of {f.shown} = {f.acceptance:.2f}"
            found = f"{f.found} of {f.themes} = {f.recall:.2f}"
            print(f"{name:<22}{accepted:>18}{found:>18}{f'{f.noisy} of {f.empty}':>9}{f.repeated:>9}")
        if "--show" in asked:
            for round in rounds:
                print(f"  {round.question}\n    {methods.ours(round)}\n    {[theme[0] for theme in round.themes]}")


if __name__ == "__main__":
    main(sys.argv[1:])
