"""Files that are replaced whole, and what lies beside a store that has no folder of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tsi_graph.errors import NotFound, Refused, Unusable
from tsi_graph.store.kept import OURS, hand_over, private, replace_file
from tsi_graph.store.store import Store

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows says otherwise who may read")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_for_whom_the_umask_says_which_nobody_touches(tmp_path: Path) -> None:
    """Reading the umask means to change it, for every thread of the process."""
    before = os.umask(0o027)
    change = os.umask
    try:
        os.umask = lambda _: pytest.fail("the umask was touched")  # type: ignore[assignment, return-value]
        replace_file(tmp_path / "a", b"a")
        replace_file(tmp_path / "b", b"b", OURS)
    finally:
        os.umask = change
        os.umask(before)
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o640, 0o600)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    replace_file(path, b"old")
    path.chmod(0o666)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("the disk is full")))
        with pytest.raises(OSError, match="full"):
            replace_file(path, b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a", b"old")]
    replace_file(path, b"new", OURS)
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)


def test_a_place_that_takes_no_file_is_refused_in_words(tmp_path: Path) -> None:
    """A folder of that name and one that is not there before anything is worked out."""
    made: list[Path] = []
    for path, fault, words in (
        (tmp_path, Unusable, "is a folder"), (tmp_path / "no" / "a", NotFound, "No folder"),
        (tmp_path / ("x" * 300), Unusable, "cannot be written: File name too long"),
    ):  # fmt: skip
        with pytest.raises(fault, match=words):
            hand_over(path, lambda path=path: made.append(path) or b"")  # type: ignore[misc]
    assert made == [tmp_path / ("x" * 300)]
    assert hand_over(tmp_path / "a", lambda: b"new").read_bytes() == b"new"


def test_a_folder_is_ours_alone_or_nothing_is_kept_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wide").mkdir()
    (tmp_path / "wide").chmod(0o777)
    for name in ("new", "wide"):
        assert mode(private(tmp_path / name)) == 0o700
    (tmp_path / "file").write_text("planted")
    (tmp_path / "link").symlink_to(tmp_path / "new")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    for name in ("file", "link", "nowhere"):
        with pytest.raises(Refused, match="somebody else"):
            private(tmp_path / name)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(Refused, match="somebody else"):
        private(tmp_path / "new")


def test_what_is_kept_of_a_server_lies_in_a_folder_of_ours_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of temporary files is everybody's, and the name can be guessed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = Store(SimpleNamespace(_url="bolt://somewhere"))  # type: ignore[arg-type]
    path = store.beside("places")
    assert (path.name, path.parent.parent, mode(path.parent)) == ("places", tmp_path, 0o700)
    assert path == store.beside("places") != store.beside("pending")
    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    with pytest.raises(Refused, match="somebody else"):
        store.beside("places")
