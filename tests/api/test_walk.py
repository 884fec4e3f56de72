"""The ten minutes of desk.md section 11, by keyboard alone, in Italian, in a browser: from a spreadsheet to an
introduction that somebody said yes to, and on while the store is away."""

from __future__ import annotations

import re
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from api import last as module
from api.app import create_app
from tests.api.conftest import filled
from tests.api.test_last import Moody
from tests.api.test_page_importing import BAD, GOOD, fill
from tests.browser import browsing, serving
from tsi_graph.recommend.ledger.reading import read_ledger

if TYPE_CHECKING:
    from playwright.sync_api import Download, Locator, Page

TRADE = re.compile(
    r"(?i)\b(grafo|nodo|nodi|archi|centralità|betweenness|score|ranking|cluster|dataset|download|upload|undo|preview|"
    r"commit|accept|decline|snooze|none|null|nan|the|and|with)\b"
)
"""Words of the trade and of English that no page of the walk may say, names and sources apart."""
NAMES = re.compile(
    r"(?s)<(script|style|option|pre|textarea)\b.*?</\1>|<[^>]*\blang=\"en\"[^>]*>.*?</\w+>|"
    r"<a\b[^>]*>.*?</a>|<details class=\"calc\">.*?</details>|<td data-h=\"(Prima|Dopo)\">.*?</td>|"
    r"<span class=\"src\">.*?</span>|<[^>]+>"
)
"""What is no text of ours: names, sources, what a file or somebody said, and how it is computed."""


class Hands:
    """Somebody at the keyboard: no mouse, no script, and what has the focus is what is meant."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on("filechooser", lambda _: None)  # from now on, so that no dialog opens before somebody listens

    def reach(self, wanted: str, *, within: str = "", most: int = 250) -> None:
        """Press Tab until the focus is on what is called so; what is not reached by Tab is not there."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(
                """([wanted, within]) => { const e = document.activeElement;
                if (!e || e === document.body || (within && !e.closest(within))) return false;
                const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
                const told = label || e.getAttribute("aria-label") || e.textContent || e.value || "";
                return told.replace(/\\s+/g, " ").trim().startsWith(wanted); }""",
                [wanted, within],
            ):
                self.seen()
                return
        raise AssertionError(f"{wanted!r} is not reached by Tab on {self.page.url}")

    def seen(self) -> None:
        """Whatever has the focus shows it, and stands within the window."""
        width, x, right = self.page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            return [s.outlineStyle === "none" ? 0 : parseFloat(s.outlineWidth), r.left, r.right]; }"""
        )
        assert width >= 2, f"no focus to be seen on {self.page.evaluate('document.activeElement.outerHTML')[:200]}"
        assert right > 0
        assert x < self.page.viewport_size["width"]  # type: ignore[index]

    def enter(self) -> None:
        """Follow or send what has the focus; the next page is there when this returns."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def go(self, wanted: str, *, within: str = "") -> None:
        self.reach(wanted, within=within)
        self.enter()

    def saved(self, wanted: str, *, within: str = "") -> Download:
        self.reach(wanted, within=within)
        with self.page.expect_download() as coming:
            self.page.keyboard.press("Enter")
        return coming.value

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def text(self, where: str = "main") -> str:
        return " ".join(self.page.inner_text(where).split())

    def heading(self) -> str:
        return self.text("h1")

    def done(self) -> str:
        """What was done, which has the focus."""
        assert self.page.evaluate("document.activeElement.id") == "done"
        return self.text("#done")

    def plain(self) -> None:
        """No word of the trade or of English stands on this Italian page."""
        assert self.page.get_attribute("html", "lang") == "it"
        main = NAMES.sub(" ", self.page.inner_html("main"))
        assert not TRADE.findall(main), (self.page.url, TRADE.findall(main))


@pytest.mark.browser
def test_ten_minutes_at_the_desk(tmp_path: Path, chromium: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PROBE", 0.2)
    monkeypatch.setattr(module, "PATIENCE", 2.0)
    begun = time.monotonic()
    store = Moody(filled(tmp_path))
    with serving(create_app(store)) as url, browsing(chromium) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.set_viewport_size({"width": 1280, "height": 900})
        hands = Hands(page)
        _opens_and_takes_the_template(hands, url, tmp_path)
        _imports_what_is_good(hands, tmp_path)
        _finds_and_reads(hands)
        _reads_the_ports(hands)
        accepted, declined, load = _decides(hands)
        _writes_and_marks(hands)
        _follows_the_ledger(hands)
        _sees_what_has_changed(hands, accepted, declined, load)
        _draws_and_goes_on_without_the_store(hands, store, accepted)
    assert [one.state for one in read_ledger(store).introductions] == ["snoozed", "declined", "accepted"]
    assert time.monotonic() - begun < 90
    print(f"the walk took {time.monotonic() - begun:.0f} s")  # noqa: T201


def _opens_and_takes_the_template(hands: Hands, url: str, folder: Path) -> None:
    hands.page.goto(url)
    assert hands.page.url == f"{url}/it/questo-mese"
    assert re.fullmatch(r"Questo mese: 11 presentazioni da proporre", hands.heading())
    hands.page.keyboard.press("Tab")
    assert hands.page.evaluate("document.activeElement.innerText") == "Vai al contenuto"
    hands.go("Importa", within=".menu")
    hands.plain()
    template = folder / "legami.xlsx"
    hands.saved("Scarica il modello (XLSX)").save_as(template)
    book = openpyxl.load_workbook(template)
    lists = [one for sheet in book for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert len(lists) == 4  # relation and confidence of a tie, kind and confidence of an organisation
    assert [sheet.max_row for sheet in book.worksheets[:2]] == [2, 2]


def _imports_what_is_good(hands: Hands, folder: Path) -> None:
    (folder / "aderenti.xlsx").write_bytes(fill((folder / "legami.xlsx").read_bytes(), [*GOOD, *BAD]))
    hands.reach("Scegliete un file")
    with hands.page.expect_file_chooser() as choosing:
        hands.page.keyboard.press("Space")
    choosing.value.set_files(folder / "aderenti.xlsx")
    hands.go("Controlla il file")
    told = hands.text()
    assert "10 righe. Non è ancora stato scritto nulla." in told
    assert "3 rifiutate" in told
    for row, column, wrong, right in (
        ("10", "A", "Ce n'è una molto simile.", "Intesa Sanpaolo"), ("11", "D", "Novembre ha 30 giorni.", "30/11/2021"),
        ("12", "B", "Non è nell'elenco delle relazioni.", "aderisce a"),
    ):  # fmt: skip
        line = next(line for line in hands.page.locator("main tbody tr").all_inner_texts() if line.startswith(row))
        assert f"{column} ·" in line
        assert wrong in line
        assert right in line
    assert "1 avviso Riga 5, colonna G · Note: c'era un indirizzo e-mail. Non lo importiamo" in told
    hands.plain()
    hands.go("Correggi così, riga 10")
    assert "la riga 10 è corretta qui" in hands.done()
    hands.reach("Scegli…, riga 11")
    hands.page.keyboard.press("Enter")
    hands.go("Correggi così, riga 11")
    assert "la riga 11 è corretta qui" in hands.done()
    counts = "1 nuova 8 cambiano quello che si sa 0 uguali a prima 1 rifiutata: da correggere"
    assert hands.text(".figs") == counts
    hands.go("Importa le 9 righe buone")
    assert hands.done().startswith("Importate 9 righe.")
    hands.go("Annulla l'importazione")
    hands.plain()
    hands.go("Annulla questa importazione")
    assert "l'importazione è annullata" in hands.done()
    assert hands.text(".figs") == counts
    hands.go("Importa le 9 righe buone")
    assert hands.done().startswith("Importate 9 righe.")
    hands.go("Rivedi il file")
    assert hands.text(".figs").startswith("0 nuove 0 cambiano quello che si sa 9 uguali a prima")


def _finds_and_reads(hands: Hands) -> None:
    for words, heading in (("torino citta", "Città metropolitana di Torino"), ("socialfare", "SocialFare")):
        hands.reach("Cerca organizzazione", within=".find")
        hands.write(words)
        hands.page.wait_for_selector("#hints li")
        hands.page.keyboard.press("ArrowDown")
        hands.enter()
        assert hands.heading().startswith(heading)
    told = hands.text()
    assert "È un ponte fra " in told
    assert re.search(r"Se si fermasse, \d+ organizzazioni resterebbero staccate: ", told)
    hands.plain()


def _reads_the_ports(hands: Hands) -> None:
    hands.go("Reti e porte", within=".menu")
    told = hands.text()
    assert re.search(r"\d+ reti appese a una porta sola \d+ di queste passano solo da voi", told)
    assert "Senza Fondazione CRT non resta nessuna porta documentata." in told
    assert "Senza di voi non resta nessuna porta documentata." in told
    hands.plain()
    wanted = hands.page.locator("td[data-h='Prossima porta possibile'] a").first.inner_text()
    hands.go(wanted, within="td[data-h='Prossima porta possibile']")
    assert hands.heading().startswith(wanted)


def _decides(hands: Hands) -> tuple[str, str, str]:
    hands.go("Questo mese", within=".menu")
    hands.plain()
    cards = hands.page.locator(".card-i")
    assert cards.count() == 5
    for card in cards.all():
        assert card.locator(".why li").count() >= 2
        assert card.locator(".chain, .small", has_text=re.compile("rete|percorso")).count()
        assert card.locator(".src a").count()
    hands.reach("", within="#p1 .src")
    assert hands.page.evaluate("document.activeElement.href").startswith("https://")
    load = hands.text(".side .box:first-child")
    snoozed = _title(cards.nth(0))
    hands.go("Rimanda di un mese", within="#p1")
    assert hands.done().startswith("Fatto: rimandata (torna: 1 ")
    assert snoozed not in hands.page.locator(".card-i h3").all_inner_texts()
    declined = _title(cards.nth(0))
    hands.reach("Non proporre più", within="#p1")
    hands.page.keyboard.press("Enter")
    hands.reach("Perché no (se volete)")
    hands.write("già tentato")
    hands.go("Non proporre più", within="#p1 form")
    assert hands.done().startswith("Fatto: non verrà più proposta, ")
    by_others = next(card for card in cards.all() if "presentate voi" not in card.inner_text())
    accepted, place = _title(by_others), by_others.get_attribute("id")
    hands.go("Accetta e prepara l'e-mail", within=f"#{place}")
    assert hands.done().startswith("Fatto: accettata, ")
    return accepted, declined, load


def _title(card: Locator) -> str:
    """Whom to whom, without the number."""
    return card.locator("h3").inner_text().split(".", 1)[1].strip()


def _writes_and_marks(hands: Hands) -> None:
    hands.plain()
    assert _copied(hands, "Copia il testo", "Copiato").startswith("A: ")
    assert "Ci aiutate a presentare" in hands.page.evaluate("navigator.clipboard.readText()")
    hands.go("The same texts in English")
    assert _copied(hands, "Copy the text", "Copied").startswith("To: ")
    assert "Would you help us introduce" in hands.page.evaluate("navigator.clipboard.readText()")
    hands.go("ITA", within=".top")
    hands.go("Ha detto sì")
    assert hands.done().startswith("Fatto: chi presenta ha detto sì, ")
    assert hands.page.locator("pre").filter(has_text="Vi interessa conoscere").count() == 2


def _copied(hands: Hands, button: str, said: str) -> str:
    hands.reach(button)
    hands.page.keyboard.press("Enter")
    hands.page.locator("[role=status]", has_text=said).first.wait_for()
    text: str = hands.page.evaluate("navigator.clipboard.readText()")
    return text


def _follows_the_ledger(hands: Hands) -> None:
    hands.go("Presentazioni", within=".menu")
    hands.plain()
    column = hands.page.locator(".board section", has=hands.page.locator("h2", has_text="Accettate"))
    assert column.locator(".tick").count() == 1
    assert column.locator(".steps .done").count() == 1
    hands.reach("Chi presenta")
    hands.page.keyboard.press("ArrowDown")
    hands.go("Filtra")
    assert "introducer=" in hands.page.url
    book = hands.saved("Scarica (XLSX)")
    rows = list(openpyxl.load_workbook(BytesIO(Path(book.path()).read_bytes())).worksheets[0].iter_rows())
    assert book.suggested_filename == "presentazioni.xlsx"
    assert len(rows) == 2


def _sees_what_has_changed(hands: Hands, accepted: str, declined: str, load: str) -> None:
    hands.go("Questo mese", within=".menu")
    titles = " ".join(hands.page.locator(".card-i h3, .row-i summary strong").all_inner_texts())
    assert declined not in titles
    assert accepted not in titles
    now = hands.text(".side .box:first-child")
    assert now != load
    assert now.count("(1 accettata)") == load.count("(1 accettata)") + 1


def _draws_and_goes_on_without_the_store(hands: Hands, store: Moody, accepted: str) -> None:
    hands.go("Presentazioni", within=".menu")
    hands.go(accepted.removeprefix("Presentare ").split(" a ")[0], within=".board")
    picture = hands.saved("Scarica la figura del percorso (per Word)")
    assert Path(picture.path()).read_bytes().startswith(b"\x89PNG")
    store.refuses = True
    for name in ("Questo mese", "Presentazioni", "Vuoti", "Importa", "Dati"):
        hands.go(name, within=".menu")
        told = hands.text()
        assert "l'archivio non risponde. Potete leggere e copiare; per salvare riprovate fra poco." in told, name
        assert hands.page.locator("main form[method=post] button:not([disabled])").count() == 0, name
    hands.go("Questo mese", within=".menu")
    assert hands.page.locator("#p1 button[value=accepted]").is_disabled()
    store.refuses = False
