"""Small named networks with known answers, and the demo data."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd

from tsi_graph.graph import Graph

DATA = Path(__file__).parent / "data"

KITE = "Andre Beverley,Andre Carol,Andre Diane,Andre Fernando,Beverley Diane,Beverley Ed,Beverley Garth,\
Carol Diane,Carol Fernando,Diane Ed,Diane Fernando,Diane Garth,Ed Garth,Fernando Garth,Fernando Heather,\
Garth Heather,Heather Ike,Ike Jane"

MARRIAGES = {
    "Albizzi": "Ginori Guadagni Medici",
    "Barbadori": "Castellani Medici",
    "Bischeri": "Guadagni Peruzzi Strozzi",
    "Castellani": "Peruzzi Strozzi",
    "Guadagni": "Lamberteschi Tornabuoni",
    "Medici": "Acciaiuoli Ridolfi Salviati Tornabuoni",
    "Peruzzi": "Strozzi",
    "Ridolfi": "Strozzi Tornabuoni",
    "Salviati": "Pazzi",
}

KARATE = {
    1: (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32),
    2: (3, 4, 8, 14, 18, 20, 22, 31),
    3: (4, 8, 9, 10, 14, 28, 29, 33),
    4: (8, 13, 14),
    5: (7, 11),
    6: (7, 11, 17),
    7: (17,),
    9: (31, 33, 34),
    10: (34,),
    14: (34,),
    15: (33, 34),
    16: (33, 34),
    19: (33, 34),
    20: (34,),
    21: (33, 34),
    23: (33, 34),
    24: (26, 28, 30, 33, 34),
    25: (26, 28, 32),
    26: (32,),
    27: (30, 34),
    28: (34,),
    29: (32, 34),
    30: (33, 34),
    31: (33, 34),
    32: (33, 34),
    33: (34,),
}
WITH_MR_HI = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22}


def star(n: int) -> Graph:
    """One centre, `c`, tied to n - 1 others that know nobody else: `a1`, `a2`, ...

    >>> star(4).adjacency.sum(axis=1)
    array([3., 1., 1., 1.])
    """
    others = [f"a{i}" for i in range(1, n)]
    return Graph.from_edges([("c", other) for other in others], pd.DataFrame({"id": ["c", *others]}))


def two_cliques(n: int = 4) -> Graph:
    """Two groups, `a` and `b`, of n who all know each other, joined by the one tie of a1 and b1. Attribute: group.

    >>> two_cliques(3).adjacency.sum(axis=1)
    array([3., 2., 2., 3., 2., 2.])
    """
    sides = [[f"{side}{i}" for i in range(1, n + 1)] for side in "ab"]
    nodes = pd.DataFrame({"id": sides[0] + sides[1], "group": ["a"] * n + ["b"] * n})
    return Graph.from_edges([*combinations(sides[0], 2), *combinations(sides[1], 2), ("a1", "b1")], nodes)


def kite() -> Graph:
    """The kite of Krackhardt (1990): Diane has most ties, Fernando and Garth are closest, Heather stands between.

    >>> len(kite()), kite().adjacency.sum(axis=1).max()
    (10, np.float64(6.0))
    """
    ids = sorted(set(KITE.replace(",", " ").split()))
    return Graph.from_edges([tuple(pair.split()) for pair in KITE.split(",")], pd.DataFrame({"id": ids}))


def florentine() -> Graph:
    """Marriages among 15 families of Florence, 1394-1434 (Padgett and Ansell 1993); Pucci, who is alone, is left out.

    >>> len(florentine()), len(florentine().edges)
    (15, 20)
    """
    edges = [(family, other) for family, others in MARRIAGES.items() for other in others.split()]
    ids = sorted({family for edge in edges for family in edge})
    return Graph.from_edges(edges, pd.DataFrame({"id": ids}))


def karate() -> Graph:
    """Friendships in the karate club that split (Zachary 1977), ids "1" to "34". Attribute: club, after the split.

    >>> karate().nodes["club"].value_counts().to_dict()
    {'Mr. Hi': 17, 'Officer': 17}
    """
    nodes = pd.DataFrame(
        {
            "id": [str(i) for i in range(1, 35)],
            "club": ["Mr. Hi" if i in WITH_MR_HI else "Officer" for i in range(1, 35)],
        }
    )
    return Graph.from_edges([(str(i), str(j)) for i, others in KARATE.items() for j in others], nodes)


def torino() -> Path:
    """The folder of the starter data, Torino's impact ecosystem; its README says how it was made."""
    return DATA / "tsi-facts"


def additions() -> Path:
    """The folder of what the starter data does not record: two closed bodies, and other versions of disputed facts."""
    return DATA / "tsi-additions"
