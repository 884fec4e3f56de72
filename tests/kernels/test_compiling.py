"""How the kernels are compiled, and what the wheel says that it is for."""

from __future__ import annotations

import platform
import sys
import sysconfig
from pathlib import Path

import pytest

import hatch_build


@pytest.mark.skipif(sys.platform == "win32", reason="the compiler that fails is a shell script")
@pytest.mark.parametrize(("said", "why"), [("", "3"), (r" \n\t\n", "3"), (r"a\nno such header\n\n", "no such header")])
def test_a_compiler_that_fails_gives_its_last_words_or_its_number(
    said: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text(f"#!/bin/sh\nprintf '{said}' >&2\nexit 3\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    assert hatch_build.compile_kernels(tmp_path, tmp_path / "kernels.so") == why


@pytest.mark.parametrize(
    ("system", "machine", "name", "tag"),
    [
        ("darwin", "arm64", "macosx-10.9-universal2", "py3-none-macosx_11_0_arm64"),
        ("darwin", "x86_64", "macosx-10.13-universal2", "py3-none-macosx_11_0_x86_64"),
        ("linux", "x86_64", "linux-x86_64", "py3-none-linux_x86_64"),
        ("win32", "AMD64", "win-amd64", "py3-none-win_amd64"),
    ],
)
def test_a_wheel_is_for_the_processor_that_it_was_compiled_for(
    system: str, machine: str, name: str, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: name)
    assert hatch_build.wheel_tag() == tag
