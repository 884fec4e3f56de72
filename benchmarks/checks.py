"""Whether the peers answer alike: how far each answer is from that of a reference peer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from graphs import Network
from tasks import Task

REFERENCES = ("networkx", "igraph", "scipy_formulas", "graphblas", "networkit")
"""With whose answer the others are compared: the first that has one."""

ROUNDING = 1e-12


def compare(task: Task, files: dict[str, Path], network: Network) -> dict[str, dict[str, Any]]:
    """For each peer: its difference, whether that is within what the task allows, and what there is to say of it."""
    answers = {}
    for peer, path in files.items():
        with np.load(path) as arrays:
            answers[peer] = dict(arrays)
    if task.answer == "communities":
        return _communities(task, {peer: answer["label"] for peer, answer in answers.items()}, network)
    reference = next((peer for peer in REFERENCES if peer in answers), None)
    if reference is None or len(answers) < 2:
        return {}
    out = {}
    for peer, answer in answers.items():
        found = _MEASURES[task.answer](answer, answers[reference])
        out[peer] = {"reference": reference, "agrees": found["difference"] <= task.tolerance + ROUNDING, **found}
    return out


def _numbers(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The largest difference, as a share of the largest value; `undefined` where only one of them has a value."""
    a, b = answer["value"].ravel(), other["value"].ravel()
    if a.shape != b.shape:
        return {"difference": np.inf}
    defined = np.isfinite(a) & np.isfinite(b)
    if not defined.any():
        return {"difference": np.inf}
    undefined = int((np.isfinite(a) != np.isfinite(b)).sum())
    difference = np.abs(a[defined] - b[defined]).max() / (np.abs(b[defined]).max() or 1.0)
    return {"difference": float(difference), "undefined": undefined}


def _shares(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The same for values of which only the proportions count: an eigenvector may have any length."""
    sums = [np.nansum(arrays["value"]) for arrays in (answer, other)]
    scaled = {"value": answer["value"] * (sums[1] / sums[0])}
    return {**_numbers(scaled, other), "scale": round(float(sums[1] / sums[0]), 6)}


def _parts(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The share of nodes whose part is another."""
    first = [_first(arrays["label"]) for arrays in (answer, other)]
    return {"difference": float(np.mean(first[0] != first[1]))}


def _first(label: np.ndarray) -> np.ndarray:
    """The first node of each node's part."""
    _, first, part = np.unique(label, return_index=True, return_inverse=True)
    return first[part]


def _keys(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The share of nodes or pairs that one of them lacks."""
    odd = len(np.setxor1d(answer["key"], other["key"]))
    return {"difference": odd / max(1, len(other["key"])), "found": len(answer["key"])}


def _scores(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The largest difference of a score at the same place, beside the largest score."""
    if answer["scores"].shape != other["scores"].shape:
        return {"difference": np.inf}
    difference = np.abs(answer["scores"] - other["scores"]).max() / other["scores"].max()
    return {"difference": float(difference), "same_ids": 1 - _ranking(answer, other)["difference"]}


def _ranking(answer: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> dict[str, Any]:
    """The share of the reference's top that is missing."""
    if answer["ids"].shape != other["ids"].shape:
        return {"difference": np.inf}
    real = other["ids"] >= 0
    kept = (other["ids"][:, :, None] == answer["ids"][:, None, :]).any(axis=2)
    return {"difference": float(1 - kept[real].mean())}


_MEASURES = {
    "numbers": _numbers,
    "shares": _shares,
    "parts": _parts,
    "nodes": _keys,
    "pairs": _keys,
    "scores": _scores,
    "ranking": _ranking,
}


def _communities(task: Task, labels: dict[str, np.ndarray], network: Network) -> dict[str, dict[str, Any]]:
    """How far each modularity is below the best."""
    quality = {peer: modularity(label, network) for peer, label in labels.items()}
    best = max(quality.values(), default=0.0)
    return {
        peer: {"difference": best - q, "agrees": best - q <= task.tolerance, "modularity": round(q, 5)}
        for peer, q in quality.items()
    }


def modularity(label: np.ndarray, network: Network) -> float:
    """Newman's, weighted."""
    source, target, weight = network.source, network.target, network.weight
    _, part = np.unique(label, return_inverse=True)
    strength = np.bincount(part[source], weight, len(part)) + np.bincount(part[target], weight, len(part))
    inside = weight[part[source] == part[target]].sum()
    return float(inside / weight.sum() - ((strength / strength.sum()) ** 2).sum())
