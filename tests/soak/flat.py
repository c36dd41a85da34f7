"""What may grow with the years, and whether anything else does."""

from collections.abc import Sequence

from tests.soak.year import Weight

GROWS = {  # rows that a circle's own history gains in a month, at most; it stays until they delete it
    "meeting": 2,
    "meetingchange": 1,
    "round": 4,
    "rsvp": 8,
    "topic": 2,
    "resource": 2,
    "resourcetopic": 2,
    "searchentry": 2,
    "searchposting": 12,
    "searchterm": 2,
    "searchword": 2,
    "audit": 1,  # two years
}
# Months of four weeks after which everything has been kept for its time at least once; the longest is 200 days.
SETTLED = 8
MORE, A_FEW = 1.15, 3  # what may come and go: a share, and rows of each circle
MEMORY = 1.05


def growing(weights: Sequence[Weight], circles: int, settled: int = SETTLED) -> list[str]:
    """What grew from the month `settled` to the last, in words; empty where all is flat."""
    before, after = weights[settled - 1], weights[-1]
    months = after.month - before.month
    found = []
    for name, rows in after.rows.items():
        most = before.rows[name] * MORE + A_FEW * circles
        if name in GROWS:
            most = before.rows[name] + GROWS[name] * circles * months
        if rows > most:
            found.append(f"{name}: {before.rows[name]} rows in month {before.month}, {rows} in month {after.month}")
    if after.rss_mb > before.rss_mb * MEMORY:
        found.append(f"memory: {before.rss_mb} MB in month {before.month}, {after.rss_mb} MB in month {after.month}")
    return found
