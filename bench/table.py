"""The figures of a run: what was measured of each row, and the lines that say it beside what must be reached."""

from dataclasses import dataclass, field
from statistics import median

SIZES = (152, 10_000, 100_000)
# For each row and size, how many times the empty view it may take, and how many times Datasette.
LIST = ((5, 0.35), (5, 0.3), (6, 0.2))
SEARCH = ((5, 0.5), (6, 0.4), (10, 0.4))
HARD = ((7, None), (8, None), (14, None))
DATA = ((None, 0.6), (None, 0.6), (None, 0.3))
FICHE, HOME = ((6, 1.2),) * 3, ((6, None),) * 3
KEPT = ((2, None), (2, None), (2.1, None))
GOALS = {
    "list": LIST,
    "filtered list": LIST,
    **dict.fromkeys(("search, common word", "search, rare word", "search, two words", "search, broad"), SEARCH),
    **dict.fromkeys(("sentence, French", "sentence, English", "typing error", "words never asked"), HARD),
    "fiche": FICHE,
    "home after a write": HOME,
    "JSON list": DATA,
    "JSON search": DATA,
}
HEADING = (
    f"{'':<26}{'ours':>8}{'lowest':>8}{'highest':>8}{'p95':>8}{'E':>7}{'ours/E':>9}{'goal':>6}"
    f"{'D':>9}{'ours/D':>9}{'goal':>6}"
)


@dataclass
class Row:
    """Milliseconds of each server, a list a repetition; how many were refused."""

    samples: dict[str, list[list[float]]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def begin(self, server: str) -> list[float]:
        """The list that a repetition fills."""
        repetitions = self.samples.setdefault(server, [])
        repetitions.append([])
        return repetitions[-1]

    def all(self, server: str) -> list[float]:
        return [one for repetition in self.samples.get(server, []) for one in repetition]

    def median(self, server: str) -> float | None:
        found = self.all(server)
        return median(found) if found else None

    def spread(self, server: str) -> tuple[float, float]:
        """The lowest and the highest of the repetitions' medians."""
        medians = [median(one) for one in self.samples[server] if one]
        return min(medians), max(medians)


def line(name: str, size: int, row: Row, after: str = "") -> str:
    """A row in words. « kept » is a goal of its own. A ratio above its goal has a mark."""
    ours = row.median("ours")
    if ours is None:
        return f"{name:<26}{'no answer':>8} {refusals(row)}"
    goals = KEPT if name.startswith("kept") else GOALS.get(name)
    goal = goals[SIZES.index(size)] if goals and size in SIZES else (None, None)
    low, high = row.spread("ours")
    ordered = sorted(row.all("ours"))
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    beside = "".join(ratio(ours, row.median(one), goal[i], 9 - 2 * (i == 0)) for i, one in enumerate(("E", "D")))
    return f"{name:<26}{ours:8.1f}{low:8.1f}{high:8.1f}{p95:8.1f}{beside}  {after} {refusals(row)}".rstrip()


def ratio(ours: float, other: float | None, goal: float | None, width: int) -> str:
    if other is None:
        return " " * (width + 15)
    said = f"{ours / other:.2f}" + ("!" if goal and ours / other > goal else " ")
    return f"{other:{width}.1f}{said:>9}{goal or '':>6}"


def refusals(row: Row) -> str:
    return ", ".join(f"{server} refused {number}" for server, number in row.refused.items() if number)
