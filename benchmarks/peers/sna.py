"""R's sna: the compiled loop of `brokerage`, timed inside R; needs Rscript and the package (Debian: r-cran-sna)."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

import numpy as np

from peers.base import Measured, Peer

SCRIPT = Path(__file__).with_name("sna.R")


class Adapter(Peer):
    def version(self) -> str:
        return self._r("-e", "cat(as.character(packageVersion('sna')))")

    @cached_property
    def digraph(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="sna-"))
        arcs = np.column_stack([self.network.arc_source, self.network.arc_target]) + 1
        np.savetxt(folder / "arcs.csv", arcs, "%d", ",")
        np.savetxt(folder / "groups.csv", self.network.sector + 1, "%d")
        return folder

    def roles(self) -> Measured:
        wall, cpu = self._r(str(SCRIPT), str(self.digraph)).split()
        return Measured(np.loadtxt(self.digraph / "roles.csv"), float(wall), float(cpu))

    def _r(self, *arguments: str) -> str:
        return subprocess.run(["Rscript", *arguments], check=True, capture_output=True, text=True).stdout
