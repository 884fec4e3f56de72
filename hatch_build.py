"""Compiles the kernels when the package is built; without a C compiler the package is built without them."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNELS = Path("tsi_graph") / "kernels"
SUFFIX = {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")
# No contraction and no reassociation: the same bits on every processor.
FLAGS = ["-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fPIC", "-shared",
         "-fvisibility=hidden"]  # fmt: skip
OLDEST_MACOS = "11.0"  # the first that runs on both processors


class KernelsHook(BuildHookInterface[Any]):
    """Puts the library beside `native.py`, and into the wheel, which then is for this platform and any Python 3."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        library = Path(self.root) / KERNELS / f"kernels{SUFFIX}"
        library.unlink(missing_ok=True)
        said = compile_kernels(Path(self.root) / KERNELS / "c", library)
        if said is not None:
            self.app.display_warning(f"The kernels were not compiled, the slow path will be used: {said}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = wheel_tag()
        build_data["artifacts"].append(f"/{KERNELS.as_posix()}/{library.name}")


def wheel_tag() -> str:
    """Any Python 3 on this platform; on a Mac, whose Python may be for two processors, on this processor."""
    mac = sys.platform == "darwin"
    name = f"macosx-{OLDEST_MACOS}-{platform.machine()}" if mac else sysconfig.get_platform()
    return f"py3-none-{name.replace('-', '_').replace('.', '_')}"


def compile_kernels(sources: Path, library: Path) -> str | None:
    """Compile with OpenMP, or without where there is none. Returns None, or why there is no library."""
    named = os.environ.get("CC")
    compiler = named.split() if named else next(([c] for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    if compiler is None:
        return "no C compiler found (CC, cc, gcc, clang)"
    # sse4.2 and popcnt, which every x86-64 processor since 2009 has; hot loops are cloned for newer ones.
    machine = ["-march=x86-64-v2"] if platform.machine().lower() in ("x86_64", "amd64") else []
    mac = ["-arch", platform.machine(), f"-mmacosx-version-min={OLDEST_MACOS}"] if sys.platform == "darwin" else []
    files = [str(path) for path in sorted(sources.glob("*.c"))]
    said = ""
    for extra in (["-fopenmp", *machine], ["-fopenmp"], machine, []):
        try:
            done = subprocess.run(
                [*compiler, *FLAGS, *mac, *extra, *files, "-o", str(library), "-lm"], capture_output=True
            )
        except OSError as fault:
            return f"{compiler[0]}: {fault}"
        if done.returncode == 0:
            return None
        said = (done.stderr.decode(errors="replace").strip().splitlines() or [str(done.returncode)])[-1]
    return said
