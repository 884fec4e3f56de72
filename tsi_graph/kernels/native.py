"""The compiled text: `c/*.c`, loaded with ctypes, which lets other Python threads run meanwhile."""

from __future__ import annotations

import ctypes
import os
import warnings
from functools import cache
from pathlib import Path

import numpy as np

from tsi_graph.kernels.csr import HEAVIEST, LIGHTEST, PARALLEL, WRONG_WEIGHT, Csr, Unsettled

HERE = Path(__file__).parent
NAMES = ("kernels.so", "kernels.dylib", "kernels.dll")


class SlowPath(UserWarning):
    """The compiled library is not there: answers are the same, large networks take much longer."""


@cache
def library() -> ctypes.CDLL | None:
    """The library that was compiled when the package was built; None, said once, where there is none."""
    found = next((HERE / name for name in NAMES if (HERE / name).is_file()), None)
    # Threads that wait must not burn the processor that somebody else needs. OpenMP has no call for it and reads
    # the environment once, when the library is loaded: so this is set here, alone of all, unless it is set already.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        loaded = ctypes.CDLL(str(found)) if found else None
        why = "it was installed where there was no C compiler"
    except OSError as fault:
        loaded, why = None, str(fault)
    if loaded is None:
        warnings.warn(f"TSI Graph uses its slow path, the same answers but later: {why}.", SlowPath, stacklevel=2)
        return None
    for name in ("build_rows", "build_symmetric", "project_room", "project_later", "cuts", "lanczos"):
        getattr(loaded, name).restype = ctypes.c_int64
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=loaded.use_one_thread)
    return loaded


class _Net(ctypes.Structure):
    _fields_ = (
        ("n", ctypes.c_int64),
        ("columns", ctypes.c_int64),
        ("start", ctypes.c_void_p),
        ("id", ctypes.c_void_p),
        ("weight", ctypes.c_void_p),
    )


def _call(name: str, *arguments: Csr | np.ndarray | int | float | None) -> int:
    """Call a kernel: networks as structures, arrays as their addresses, numbers as 64-bit numbers."""
    passed = [_passed(argument) for argument in arguments]
    loaded = library()
    assert loaded is not None
    answer: int = getattr(loaded, name)(*passed)
    if answer == -1:
        raise MemoryError(f"not enough memory for {name}")
    if answer == -2:
        raise ValueError("an end of a tie is no position of a node")
    if answer == -3:
        raise ValueError(WRONG_WEIGHT)
    if answer == -4:
        raise Unsettled(f"{name} does not come as near as its tolerance: ask for less, or follow fewer ties")
    return answer


def _passed(argument: Csr | np.ndarray | int | float | None) -> object:
    if isinstance(argument, np.ndarray):
        if not argument.flags.c_contiguous:
            raise ValueError("kernels take arrays without gaps")
        return ctypes.c_void_p(argument.ctypes.data)
    if isinstance(argument, Csr):
        address = (None if a is None else a.ctypes.data for a in (argument.indptr, argument.indices, argument.weights))
        return ctypes.byref(_Net(len(argument), argument.columns, *address))
    if isinstance(argument, float):
        return ctypes.c_double(argument)
    return None if argument is None else ctypes.c_int64(argument)


def _room(rows: int, arcs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.empty(rows + 1, np.int64), np.empty(arcs, np.int32), np.empty(arcs)


def _cut(rows: tuple[np.ndarray, np.ndarray, np.ndarray], arcs: int, columns: int, symmetric: bool | None) -> Csr:
    """The part of the rows that was filled; what was taken for ties that merged is given back."""
    start, ids, weights = rows
    if arcs < len(ids):
        ids, weights = ids[:arcs].copy(), weights[:arcs].copy()
    return Csr(start, ids, weights, columns, symmetric)


def build(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray | None, symmetric: bool, columns: int | None
) -> Csr:
    m, ties = len(source), (source, target, weight, LIGHTEST, HEAVIEST * PARALLEL)
    if symmetric:
        rows = _room(n, 2 * m)
        return _cut(rows, _call("build_symmetric", n, m, *ties, *rows), n, True)
    rows, width = _room(n, m), n if columns is None else columns
    loops = int(columns is not None)
    return _cut(rows, _call("build_rows", n, width, m, *ties, loops, *rows), width, None)


def transpose(csr: Csr) -> Csr:
    start, ids = np.empty(csr.columns + 1, np.int64), np.empty(len(csr.indices), np.int32)
    weights = None if csr.weights is None else np.empty(len(ids))
    _call("transpose", csr, start, ids, weights)
    return Csr(start, ids, weights, len(csr), csr.symmetric)


def mirrored(csr: Csr) -> bool:
    return _call("mirrored", csr) == 1


def project(events_of: Csr, members_of: Csr, share: np.ndarray) -> Csr:
    n = len(events_of)
    begin, end, after = np.empty(n + 1, np.int64), np.empty(n, np.int64), np.empty(len(events_of.indices), np.int64)
    room = _call("project_room", events_of, members_of, begin, after)
    later, strong = np.empty(room, np.int32), np.empty(room)
    ties = _call("project_later", events_of, members_of, share, begin, after, end, later, strong)
    rows = _room(n, 2 * ties)
    _call("project", n, begin, end, later, strong, *rows)
    return Csr(*rows, n, True)


def structural_holes(csr: Csr) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = len(csr)
    out = np.empty(n), np.empty(n), np.empty(n), np.empty(n, np.int64)
    _call("structural_holes", csr, *out)
    return out


def roles(sent: Csr, received: Csr, group: np.ndarray, groups: int) -> np.ndarray:
    out = np.empty((len(sent), 5), np.int64)
    _call("roles", sent, received, group, groups, out)
    return out


def distances(sent: Csr, received: Csr, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = len(sent)
    out = np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
    _call("distances", sent, received, len(nodes), nodes, *out)
    return out


def betweenness(sent: Csr, nodes: np.ndarray, squares: bool) -> tuple[np.ndarray, np.ndarray | None]:
    total = np.empty(len(sent))
    squared = np.empty(len(sent)) if squares else None
    _call("betweenness", sent, len(nodes), nodes, total, squared)
    return total, squared


def pagerank(
    received: Csr,
    sent_strength: np.ndarray,
    restart: np.ndarray | None,
    symmetric: bool,
    follow: float,
    tolerance: float,
) -> np.ndarray:
    rank = np.empty(len(received))
    name = "pagerank_symmetric" if symmetric else "pagerank_directed"
    _call(name, received, sent_strength, restart, float(follow), float(tolerance), rank)
    return rank


KEPT, PLAIN, ROUNDS = 24, 8, 20


def eigenvector(csr: Csr, tolerance: float) -> np.ndarray:
    """Lanczos, begun anew from the best vector so far until it is good enough.

    24 steps at a time, whose basis is kept. Where the next eigenvalue is so near that some rounds of these do
    not do, twice as many each time, whose basis is made a second time instead.
    """
    from scipy.linalg import eigh_tridiagonal

    n, unit = len(csr), float(csr.values.max())
    basis, vector = np.empty((KEPT, n)), np.empty(n)
    _call("combine", n, 1, np.sqrt(csr.degrees.astype(float)), np.ones(1), vector)

    def lanczos(steps: int, *second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        basis[0] = vector
        diagonal, beside = np.empty(steps), np.empty(steps)
        done = _call("lanczos", csr, unit, steps, KEPT, basis, diagonal, beside, *(second or (None, None)))
        return diagonal[:done], beside[:done]

    for number in range(ROUNDS):
        diagonal, beside = lanczos(min(n, KEPT << max(0, number - PLAIN)))
        last = len(diagonal) - 1
        value, best = eigh_tridiagonal(diagonal, beside[:last], select="i", select_range=(last, last))
        best = np.ascontiguousarray(best[:, 0])
        # Not with @: BLAS adds up in another order on another number of threads.
        if last < KEPT:
            _call("combine", n, last + 1, basis, best, vector)
        else:
            mixed = np.zeros(n)
            lanczos(last + 1, best, mixed)
            _call("combine", n, 1, mixed, np.ones(1), vector)
        if beside[last] * abs(best[last]) <= tolerance * value[0]:
            along, off = lanczos(1)  # a basis of many steps is not quite orthogonal: look at the vector itself
            if off[0] <= tolerance * along[0]:
                return np.abs(vector)
    raise Unsettled(f"the leading eigenvector is not within {tolerance:g} after {ROUNDS} rounds of Lanczos")


def core(csr: Csr) -> np.ndarray:
    number = np.empty(len(csr), np.int32)
    _call("core", csr, number)
    return number


def components(csr: Csr) -> np.ndarray:
    part = np.empty(len(csr), np.int32)
    _call("components", csr, part)
    return part


def cuts(csr: Csr) -> tuple[np.ndarray, np.ndarray]:
    n = len(csr)
    node, low, high = np.empty(n, np.uint8), np.empty(n, np.int32), np.empty(n, np.int32)
    count = _call("cuts", csr, node, low, high)
    order = np.lexsort((high[:count], low[:count]))
    return node.astype(bool), np.column_stack([low[:count][order], high[:count][order]])


def _top(nodes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    return np.empty((len(nodes), limit), np.int32), np.empty((len(nodes), limit))


def shared_contacts(csr: Csr, value: np.ndarray, nodes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    out = _top(nodes, limit)
    _call("shared_contacts", csr, value, len(nodes), nodes, limit, *out)
    return out


def walk(
    csr: Csr, strength: np.ndarray, nodes: np.ndarray, limit: int, follow: float, residual: float
) -> tuple[np.ndarray, np.ndarray]:
    out = _top(nodes, limit)
    _call("walk", csr, strength, len(nodes), nodes, limit, float(follow), float(residual), *out)
    return out


def spread(events_of: Csr, members_of: Csr, nodes: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    out = _top(nodes, limit)
    _call("spread", events_of, members_of, len(nodes), nodes, limit, *out)
    return out
