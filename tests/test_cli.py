"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, wipe
from tsi_graph import samples

Run = subprocess.CompletedProcess[str]
BAD = ROOT / "tests" / "data" / "bad"


def tsi(folder: Path, *arguments: str, **environment: str) -> Run:
    command = [sys.executable, "-m", "tsi_graph.cli", *arguments]
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("TSI_")}, **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=env, check=False)


def answered(run: Run) -> Any:
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "demo.json").write_text(json.dumps(answered(tsi(folder, "demo", "--json"))), encoding="utf-8")
    return folder


def test_the_demo_answers_the_questions_of_the_readme(demo: Path) -> None:
    found = json.loads((demo / "demo.json").read_text(encoding="utf-8"))
    assert len(found["bridges"]) == 10
    assert found["bridges"][0]["betweenness"] >= found["bridges"][9]["betweenness"] > 0
    assert [gap["kind"] for gap in found["gaps"]] == ["sectors"] * 3
    for one in found["introductions"]["to"]:
        assert one["reasons"]
        assert one["path"][0]["source"] == "socialfare"
        assert one["path"][-1]["target"] == one["id"]
        assert all(step["origin"] for step in one["path"])
    page, drawing, picture = (demo / name for name in found["files"])
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")
    assert ET.parse(drawing).getroot().tag.endswith("svg")
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_demo_twice_changes_nothing_and_speaks_english_too(demo: Path) -> None:
    before = answered(tsi(demo, "info", "--json"))
    again = tsi(demo, "demo", "--lang", "en")
    assert again.returncode == 0
    assert "The ten strongest bridges" in again.stdout
    assert "through: SocialFare →" in again.stdout
    assert answered(tsi(demo, "info", "--json")) == before


def test_the_demo_does_not_mix_with_other_data(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text("id,name\nann,Ann\n")
    tsi(tmp_path, "import", "organisations.csv")
    refused = tsi(tmp_path, "demo")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "organisations" in refused.stderr


def test_info_counts_what_the_readme_of_the_data_counts(tmp_path: Path) -> None:
    answered(tsi(tmp_path, "import", str(samples.torino()), "--json"))
    every = answered(tsi(tmp_path, "info", "--low", "--json"))
    assert every["nodes"] == 510
    assert every["edges"] == 899
    assert {k: every["kinds"][k] for k in ("Stakeholder", "Network", "Fund", "Project", "Topic")} == {
        "Stakeholder": 356,
        "Network": 38,
        "Fund": 17,
        "Project": 86,
        "Topic": 13,
    }
    assert every["confidence"] == {"high": 663, "medium": 199, "low": 37}
    assert (every["dated"], every["with_amount"]) == (503, 35)
    verified = answered(tsi(tmp_path, "info", "--json"))
    assert (verified["nodes"], verified["edges"]) == (510 - 7, 899 - 37)
    assert verified["confidence"] == {"high": 663, "medium": 199}


def test_sources_that_disagree_stand_side_by_side(demo: Path) -> None:
    conflicts = answered(tsi(demo, "info", "--json"))["conflicts"]
    assert [(c["value"], c["wins"]) for c in conflicts if c["node"] == "tonite"] == [
        ("2023-08", True),
        ("2022-08", False),
    ]
    assert {c["node"] for c in conflicts} == {
        "axto",
        "progireg",
        "respondet",
        "tonite",
        "torino-social-factory",
        "torino-social-impact",
    }


COMMANDS = [
    ("info",),
    ("metrics", "--limit", "3"),
    ("metrics", "brokerage_roles", "--sort", "liaison"),
    ("gaps", "--limit", "3"),
    ("recommend", "socialfare", "--scope", "international"),
    ("recommend", "hackability", "--to", "investor", "--lang", "en"),
    ("recommend", "hackability", "--to", "fund"),
    ("recommend", "hackability", "--to", "stakeholder", "--limit", "2"),
    ("export", "net.graphml"),
    ("info", "--as-of", "2018", "--low"),
    ("metrics", "degree", "--without-promoters"),
    ("metrics", "constraint", "ego_constraint", "--uncertainty", "draws=5"),
    ("metrics", "personal_pagerank", "nodes=socialfare,i3p"),
    ("metrics", "two_mode_degree"),
    ("metrics", "--explain", "constraint"),
    ("metrics", "--explain", "all"),
    ("network",),
    ("network", "ei_index", "draws=20"),
    ("network", "likely_ties", "node=socialfare", "by=walk"),
    ("network", "--explain", "key_players"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_all_that_stands_on_standard_output(demo: Path, command: tuple[str, ...]) -> None:
    assert answered(tsi(demo, *command, "--json"))


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("metrics", "nope"), 2, "Known: degree"),
        (("metrics", "--sort", "nope"), 2, "the columns are degree"),
        (("metrics", "--group", "sector"), 2, "No option 'group' here. Known: seed."),
        (("metrics", "brokerage_roles", "--group", "nope"), 2, "no attribute 'nope'"),
        (("metrics", "brokerage_roles", "--group", "scope", "group=sector"), 2, "group is given twice"),
        (("metrics", "nope", "depth=3"), 2, "Known: degree"),
        (("metrics", "degree", "depth=3"), 2, "No option 'depth' here. Known: none."),
        (("metrics", "betweenness_sampled", "samples=many"), 2, "samples is a whole number, not 'many'"),
        (("metrics", "degree", "two_mode_degree"), 2, "another network"),
        (("metrics", "--explain", "nope"), 2, "Known: degree"),
        (("metrics", "--file", "nowhere.csv"), 3, "nowhere.csv"),
        (("metrics", "--file", "nowhere.csv", "--uncertainty"), 2, "--uncertainty: a file of ties has no such thing"),
        (("metrics", "--file", "x.csv", "--store", "x.db"), 2, "--store: a file of ties has no such thing"),
        (("metrics", "--file", "x.csv", "--low", "--as-of", "2020"), 2, "--low, --as-of: a file"),
        (("metrics", "--file", "x.csv", "--without-promoters"), 2, "--without-promoters: a file"),
        (("metrics", "degree", "--directed"), 2, "--directed says how --file is read"),
        (("network", "key_players", "size=2", "size=3"), 2, "size is given twice"),
        (("network", "nope"), 2, "Known: overview"),
        (("network", "overview", "bridges"), 2, "One at a time"),
        (("network", "key_players", "goal=win"), 2, "Known: fragment"),
        (("recommend", "nobody"), 2, "'nobody'"),
        (("recommend", "socialfare", "--scope", "lunar"), 2, "lunar"),
        (("info", "--as-of", "2020-13"), 2, "2020-13"),
        (("export", "map.bmp"), 2, ".html"),
        (("export", "map.svg", "--size", "nope"), 2, "Known"),
        (("import", "nowhere"), 2, "nowhere"),
        (("demo", "--out", "demo.json"), 2, "demo.json"),
        (("undo", "99"), 2, "no import 99"),
        (("redo",), 2, "nothing to bring back"),
        (("info", "--store", "nowhere.db"), 4, "tsi demo"),
        (("info", "--store", "bolt://127.0.0.1:1"), 4, "does not answer"),
        (("info", "--store", "ftp://x"), 4, "neo4j://host"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_faults_are_explained_on_standard_error(demo: Path, command: tuple[str, ...], code: int, words: str) -> None:
    run = tsi(demo, *command, "--json")
    assert run.returncode == code
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert json.loads(run.stdout)["detail"] in run.stderr


def test_a_card_and_a_rank_with_its_interval_are_words_for_a_reader(demo: Path) -> None:
    card = tsi(demo, "metrics", "--explain", "constraint", "--lang", "en").stdout
    assert card.startswith("### constraint\n\nHow little room it has")
    assert "- Others differ: influenceR" in card
    for lang, words in (("en", "1st, 1st to "), ("it", "1ª, dalla 1ª alla ")):
        said = tsi(demo, "metrics", "constraint", "--uncertainty", "draws=30", "--limit", "3", "--lang", lang).stdout
        assert words in said


def test_the_usual_table_begins_with_names_and_fits_a_terminal(demo: Path) -> None:
    said = tsi(demo, "metrics", "--limit", "400", "--lang", "en").stdout.split("\n\n")[0].split("\n")
    assert said[0].split() == ["name", "id", "degree", "betweenness", "constraint", "community"]
    assert said[1].startswith("European Commis")
    assert len(said) > 300
    assert max(map(len, said)) <= 100


def test_an_italian_card_has_italian_headings(demo: Path) -> None:
    card = tsi(demo, "metrics", "--explain", "constraint", "--lang", "it").stdout
    assert "\n- Definizione: C_i" in card
    assert "\n- Altri programmi: influenceR" in card
    assert "Definition:" not in card
    assert card.endswith("Le singole voci sono in inglese, la lingua delle fonti.\n")


def test_a_file_of_ties_may_have_a_direction(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("source,target\na,b\nb,a\na,c\n", encoding="utf-8")
    asked = ("metrics", "degree", "in_degree", "--file", "ties.csv", "--json")
    without, arrows = answered(tsi(tmp_path, *asked)), answered(tsi(tmp_path, *asked, "--directed"))
    assert {row["id"]: (row["degree"], row["in_degree"]) for row in without} == {"a": (2, 2), "b": (1, 1), "c": (1, 1)}
    assert {row["id"]: (row["degree"], row["in_degree"]) for row in arrows} == {"a": (3, 1), "b": (2, 1), "c": (1, 1)}


def test_a_file_of_ties_is_measured_without_a_store(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("source,target,weight\na,b,2\nb,c,1\n", encoding="utf-8")
    found = answered(tsi(tmp_path, "metrics", "betweenness", "strength", "--file", "ties.csv", "--json"))
    assert found[0] == {"id": "b", "betweenness": 1, "strength": 3, "name": "b"}
    assert not (tmp_path / "tsi.db").exists()


def test_without_json_nothing_stands_on_standard_output_where_there_is_no_answer(demo: Path) -> None:
    run = tsi(demo, "metrics", "nope")
    assert (run.returncode, run.stdout) == (2, "")


def test_ten_kinds_of_mistakes_are_named_and_the_store_stays_as_it_was(demo: Path) -> None:
    before = answered(tsi(demo, "info", "--json"))
    run = tsi(demo, "import", str(BAD), "--json")
    assert run.returncode == 3
    problems = json.loads(run.stdout)["problems"]
    assert len(problems) >= 10
    placed = [p for p in problems if p["column"]]
    assert len({p["message"] for p in placed}) >= 10
    for p in placed:
        assert f"{p['file']} row {p['row']}, {p['column']}" in run.stderr
    assert all(p["file"] and p["message"] for p in problems)
    assert answered(tsi(demo, "info", "--json")) == before


def test_an_edited_cell_updates_and_undo_and_redo_go_back_and_forth(tmp_path: Path) -> None:
    shutil.copytree(samples.torino(), tmp_path / "facts")
    first = answered(tsi(tmp_path, "import", "facts", "--json"))
    assert (first["new"], first["withdrawn"], first["problems"]) == (1409, 0, [])
    assert answered(tsi(tmp_path, "import", "facts", "--json"))["number"] == 0
    former = answered(tsi(tmp_path, "info", "--json", "--low"))
    ties = tmp_path / "facts" / "ties.csv"
    ties.write_text(ties.read_text(encoding="utf-8").replace(",150000,", ",160000,", 1), encoding="utf-8")
    second = answered(tsi(tmp_path, "import", "facts", "--json"))
    assert (second["new"], second["unchanged"], second["withdrawn"]) == (1, 1408, 1)
    assert answered(tsi(tmp_path, "undo", "--json"))["undoes"] == second["number"]
    back = answered(tsi(tmp_path, "info", "--json", "--low"))
    assert {k: v for k, v in back.items() if k != "imports"} == {k: v for k, v in former.items() if k != "imports"}
    assert answered(tsi(tmp_path, "redo", "--json"))["undoes"] == 3


def test_good_rows_are_kept_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "organizzazioni.csv").write_text("codice;nome;tipo;referente\nann;Ann;banca;X Y\nben;;banca;\n")
    refused = tsi(tmp_path, "import", "organizzazioni.csv")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "organizzazioni.csv row 3" in refused.stderr
    assert not (tmp_path / "tsi.db").exists()
    kept = tsi(tmp_path, "import", "organizzazioni.csv", "--keep-good")
    assert kept.returncode == 0
    assert "1 new, 0 unchanged, 0 withdrawn, 1 rows left out" in kept.stdout
    assert "referente: 1 values about persons dropped" in kept.stdout


def test_a_preview_of_a_complete_delivery_says_what_it_withdraws(tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text("id,name\nann,Ann\nben,Ben\n")
    tsi(tmp_path, "import", "organisations.csv", "--complete")
    file.write_text("id,name\nann,Ann\n")
    asked = ("import", "organisations.csv", "--preview", "--complete", "--lang", "en")
    said = tsi(tmp_path, *asked).stdout.splitlines()
    assert said[0] == "0 new, 0 changed, 1 unchanged, 0 refused, 1 withdrawn"
    assert said[-2:] == ["- Ben", "Nothing was written."]
    assert answered(tsi(tmp_path, *asked, "--json"))["withdrawn"] == 1
    assert answered(tsi(tmp_path, "import", "organisations.csv", "--complete", "--json"))["withdrawn"] == 1


@pytest.mark.parametrize("option", ["--keep-good", "--persons", "--column=Ente=name"])
def test_what_a_preview_does_not_know_is_refused_beside_it(tmp_path: Path, option: str) -> None:
    (tmp_path / "organisations.csv").write_text("id,name\nann,Ann\n")
    run = tsi(tmp_path, "import", "organisations.csv", "--preview", option)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{option.partition('=')[0]} is for an import" in run.stderr


def test_a_packed_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    run = tsi(tmp_path, "import", "bomb.xlsx")
    assert (run.returncode, run.stdout) == (5, "")


def test_help_is_quick_because_it_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['tsi', '--help']\n"
        "from tsi_graph.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'pandas', 'neo4j', 'arcadedb', 'fastapi', 'networkx', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    answered(tsi(tmp_path, "import", str(samples.torino()), "--json", TSI_STORE="mine.db"))
    assert (tmp_path / "mine.db").is_dir()
    alone = answered(tsi(tmp_path, "metrics", "degree", "--json", "--limit", "1", TSI_STORE="mine.db"))
    everybody = answered(tsi(tmp_path, "metrics", "degree", "--json", "--limit", "1", TSI_STORE="mine.db", TSI_HOME=""))
    assert everybody[0]["degree"] > alone[0]["degree"]
    wrong = tsi(tmp_path, "info", TSI_LANG="fr")
    assert wrong.returncode == 2
    assert "TSI_LANG" in wrong.stderr


def test_the_password_is_read_from_a_file_and_never_printed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush-hush\n")
    run = tsi(tmp_path, "info", TSI_STORE="bolt://127.0.0.1:1", TSI_NEO4J_PASSWORD_FILE="secret")
    assert run.returncode == 4
    assert "hush" not in run.stdout + run.stderr
    missing = tsi(tmp_path, "info", TSI_NEO4J_PASSWORD_FILE="nowhere")
    assert missing.returncode == 2


@pytest.mark.neo4j
def test_a_server_answers_like_the_folder(demo: Path, neo4j_server: tuple[str, str]) -> None:
    url, password = neo4j_server
    wipe(url, password)
    server = {"TSI_STORE": url, "TSI_NEO4J_PASSWORD": password}
    for folder in (samples.torino(), samples.additions()):
        assert answered(tsi(demo, "import", str(folder), "--json", **server))["new"] > 0
    for command in (("info", "--low"), ("metrics", "--limit", "5"), ("recommend", "socialfare", "--limit", "3")):
        there, here = (answered(tsi(demo, *command, "--json", **where)) for where in (server, {}))
        for one in (there, here):
            if "imports" in one:
                del one["imports"]
        assert there == here
    assert tsi(demo, "info", TSI_STORE=url, TSI_NEO4J_PASSWORD="wrong-password").returncode == 4
