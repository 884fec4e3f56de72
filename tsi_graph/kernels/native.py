"""The compiled text: `c/*.c`, loaded with ctypes, which lets other Python threads run meanwhile."""

from __future__ import annotations

import ctypes
import os
import warnings
from functools import cache
from pathlib import Path

import numpy as np

from tsi_graph.kernels.csr import Csr

HERE = Path(__file__).parent
NAMES = ("kernels.so", "kernels.dylib", "kernels.dll")


class SlowPath(UserWarning):
    """The compiled library is not there: answers are the same, large networks take much longer."""


@cache
def library() -> ctypes.CDLL | None:
    """The library that was compiled when the package was built; None, said once, where there is none."""
    found = next((HERE / name for name in NAMES if (HERE / name).is_file()), None)
    # Threads that wait must not burn the processor that somebody else needs; read when OpenMP starts.
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
        raise ValueError("a weight is a finite number, not negative")
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


def _cut(rows: tuple[np.ndarray, np.ndarray, np.ndarray], arcs: int, columns: int) -> Csr:
    """The part of the rows that was filled; what was taken for ties that merged is given back."""
    start, ids, weights = rows
    if arcs < len(ids):
        ids, weights = ids[:arcs].copy(), weights[:arcs].copy()
    return Csr(start, ids, weights, columns)


def build(
    n: int, source: np.ndarray, target: np.ndarray, weight: np.ndarray | None, symmetric: bool, columns: int | None
) -> Csr:
    m = len(source)
    if symmetric:
        rows = _room(n, 2 * m)
        return _cut(rows, _call("build_symmetric", n, m, source, target, weight, *rows), n)
    rows, width = _room(n, m), n if columns is None else columns
    loops = int(columns is not None)
    return _cut(rows, _call("build_rows", n, width, m, source, target, weight, loops, *rows), width)


def transpose(csr: Csr) -> Csr:
    start, ids = np.empty(csr.columns + 1, np.int64), np.empty(len(csr.indices), np.int32)
    weights = None if csr.weights is None else np.empty(len(ids))
    _call("transpose", csr, start, ids, weights)
    return Csr(start, ids, weights, len(csr))


def project(events_of: Csr, members_of: Csr, share: np.ndarray) -> Csr:
    n = len(events_of)
    begin, end, after = np.empty(n + 1, np.int64), np.empty(n, np.int64), np.empty(len(events_of.indices), np.int64)
    room = _call("project_room", events_of, members_of, begin, after)
    later, strong = np.empty(room, np.int32), np.empty(room)
    ties = _call("project_later", events_of, members_of, share, begin, after, end, later, strong)
    rows = _room(n, 2 * ties)
    _call("project", n, begin, end, later, strong, *rows)
    return Csr(*rows, n)


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


def eigenvector(csr: Csr, tolerance: float) -> np.ndarray:
    """Lanczos, begun anew from the best vector so far until it is good enough."""
    n, steps = len(csr), min(len(csr), 24)
    basis, diagonal, beside, vector = np.empty((steps, n)), np.empty(steps), np.empty(steps), np.empty(n)
    start = np.sqrt(csr.degrees.astype(float)).reshape(1, n)
    _call("combine", n, 1, start, np.ones(1), vector)
    for _ in range(1000):
        basis[0] = vector
        done = _call("lanczos", csr, steps, basis, diagonal, beside)
        side = beside[: done - 1]
        values, vectors = np.linalg.eigh(np.diag(diagonal[:done]) + np.diag(side, 1) + np.diag(side, -1))
        best = np.ascontiguousarray(vectors[:, -1])
        # Not with @: BLAS adds up in another order on another number of threads.
        _call("combine", n, done, basis, best, vector)
        if beside[done - 1] * abs(best[-1]) <= tolerance * values[-1]:
            break
    return np.abs(vector)


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
