"""Which tables may grow over the years, and whether anything else does."""

from collections.abc import Sequence

from tests.soak.year import Weight

# The most rows that a community's own history gains in a month. They stay until people delete them.
GROWS = {
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
    # Kept for two years.
    "audit": 1,
}
# After so many months of four weeks, everything has been kept for its time at least once. The longest is 200 days.
SETTLED = 8
# How far all other tables may vary: by this factor, and by so many rows of each community.
MORE, A_FEW = 1.15, 3
MEMORY = 1.05


def growing(weights: Sequence[Weight], circles: int, settled: int = SETTLED) -> list[str]:
    """Say what grew from the month `settled` to the last; empty if nothing did."""
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
