"""Whether the interval of the uplift holds the truth: made-up introductions with twins, and how often it does.

    python -m benchmarks.uplift [runs]

Each row is a world: what share of pairs ties by itself in each stratum, how many twins an introduction has there, and
from how many different pairs they are taken. Introducing adds 0 or 20 in 100.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from tsi_graph.recommend.ledger.twins import Matched
from tsi_graph.recommend.ledger.uplift import estimated, needed


@dataclass(frozen=True)
class Stratum:
    """A part of the introductions: how often pairs tie by themselves, twins for each, and how many to take from."""

    part: float
    by_itself: float
    twins: int
    pool: int | None = None


WORLDS: dict[str, tuple[Stratum, ...]] = {
    "rare ties": (Stratum(1, 0.02, 10),),
    "one rate": (Stratum(1, 0.1, 10),),
    "frequent ties": (Stratum(1, 0.3, 10),),
    "two strata, ten twins and one": (Stratum(0.5, 0.4, 10), Stratum(0.5, 0.02, 1)),
    "ten of 30 shared twins": (Stratum(1, 0.1, 10, 30),),
    "ten of 50 shared twins": (Stratum(1, 0.3, 10, 50),),
    "two strata, shared twins": (Stratum(0.5, 0.4, 10, 30), Stratum(0.5, 0.02, 3, 40)),
}


def made_up(world: tuple[Stratum, ...], n: int, effect: float, dice: np.random.Generator) -> list[Matched]:
    """Introductions of such a world, each with its twins."""
    found = []
    for s, stratum in enumerate(world):
        count = round(n * stratum.part)
        size = stratum.pool or count * stratum.twins
        came = dice.random(size) < stratum.by_itself
        for k in range(count):
            first = k * stratum.twins
            own = dice.permutation(size)[: stratum.twins] if stratum.pool else range(first, first + stratum.twins)
            twins = {(str(s), str(t)): bool(came[t]) for t in own}
            found.append(Matched(bool(dice.random() < stratum.by_itself + effect), twins))
    return found


def tried(world: tuple[Stratum, ...], n: int, effect: float, runs: int, seed: int = 0) -> tuple[float, float, float]:
    """How often the interval holds the effect and lies above 0, and the mean estimate."""
    dice = np.random.default_rng(seed)
    found = [estimated(made_up(world, n, effect, dice)) for _ in range(runs)]
    said = [one for one in found if one.enough]
    holds = np.mean([one.low <= effect <= one.high for one in said])
    return float(holds), float(np.mean([one.low > 0 for one in said])), float(np.mean([o.difference for o in said]))


def main(runs: int) -> None:
    """Writes a row for each world and number of introductions, and how often the number needed is enough."""
    head = "".join(f"{f'effect {effect}: holds':>20}{'above 0':>9}{'mean':>8}" for effect in (0, 0.2))
    sys.stdout.write(f"{'world':32}{'n':>5}{head}\n")
    for name, world in WORLDS.items():
        for n in (20, 40, 100, 200):
            cells = [tried(world, n, effect, runs) for effect in (0.0, 0.2)]
            told = "".join(f"{holds:20.1%}{above:9.1%}{mean:+8.3f}" for holds, above, mean in cells)
            sys.stdout.write(f"{name:32}{n:5}{told}\n")
            sys.stdout.flush()
    for by_itself in (0.02, 0.05, 0.1, 0.3):
        n = needed(by_itself)
        power = tried((Stratum(1, by_itself, 10),), n, 0.1, runs)[1]
        sys.stdout.write(f"needed({by_itself}) = {n}: tells 10 in 100 in {power:.1%}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
