"""The few settings, each with a default that works offline; read by the command line and the API alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tsi_graph.errors import Unusable
from tsi_graph.graph import HOME, PROMOTERS, View
from tsi_graph.language import Lang
from tsi_graph.store import Store, open_store

Ids = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Each is an environment variable: TSI_STORE, TSI_NEO4J_USER, ..."""

    model_config = SettingsConfigDict(env_prefix="TSI_", env_file=".env", extra="ignore")

    store: Annotated[str, Field(min_length=1)] = "tsi.db"
    """A local folder, or a Neo4j server as neo4j://host or bolt://host."""
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_password_file: Path | None = None
    """A file with the password in it; wins over TSI_NEO4J_PASSWORD."""
    home: Ids = HOME
    """The alliance whose map this is, comma-separated ids: its membership is not counted as a tie."""
    promoters: Ids = PROMOTERS
    """Bodies that touch almost everybody by their office; left out on request."""
    lang: Lang = "it"
    keys: Path = Path("tsi-keys.json")
    """The file of the keys that let in over HTTP."""
    sessions: Path | None = None
    """Where it is kept who has entered by browser; beside the keys unless said."""
    requests: Path | None = None
    """Where it is kept what was answered to an Idempotency-Key; beside the store unless said."""
    views: Path = Path("tsi-views")
    """The folder of saved views."""
    host: str | None = None
    """The address that a server listens on, as whoever starts it says; without it keys are asked for."""

    rate: str = "1200/minute; 50000/day"
    """Requests that one key may make, and an address without one; blank for any number. See docs/deployment.md."""
    rate_address: str = "6000/minute"
    """Requests from one address, whatever keys it shows."""
    metrics_port: Annotated[int | None, Field(ge=1, le=65535)] = None
    """A port of this machine alone at which figures for Prometheus stand; none unless said."""
    warm: bool = True
    """Whether a server computes ahead what the first pages need, after its start and after each import."""
    kept: Path | None = None
    """A file in which the last answers of a server stay, so that a restart while it is down can still show them."""

    @field_validator("home", "promoters", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    @classmethod
    def read(cls) -> Settings:
        """The settings of this process. Raises Unusable naming the variable and what would be right."""
        try:
            return cls()
        except ValidationError as fault:
            first = fault.errors()[0]
            raise Unusable(f"TSI_{str(first['loc'][0]).upper()}: {first['msg']}.") from fault

    def open(self, store: str | None = None) -> Store:
        """The store that these settings, or the caller, name."""
        password = self.neo4j_password.get_secret_value()
        if self.neo4j_password_file:
            try:
                password = self.neo4j_password_file.read_text(encoding="utf-8").strip()
            except OSError as fault:
                raise Unusable(f"TSI_NEO4J_PASSWORD_FILE cannot be read: {self.neo4j_password_file}.") from fault
        return open_store(store or self.store, user=self.neo4j_user, password=password)

    def view(
        self, *, low: bool = False, as_of: str | None = None, promoters: bool = True, membership: bool = False
    ) -> View:
        """The view for structure, where membership of the home alliance is no tie; with it, all that is documented."""
        without = () if promoters else self.promoters
        confidence = 1 if low else 2
        return View(
            confidence=confidence, as_of=as_of, without=without, home=self.home, membership=membership,
            promoters=self.promoters,
        )  # fmt: skip

    def documented(self, *, low: bool = False, as_of: str | None = None) -> View:
        """All that is documented, membership too, looked at from today: what is proposed rests on this view."""
        return replace(self.view(low=low, as_of=as_of, membership=True), today=date.today().isoformat())
