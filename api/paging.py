"""Long lists, a page at a time: an array, and in the Link header where the next page is.

A cursor says what the page before ended with. In a list with an order of its own (ids, numbers, moments) the next page
begins after that, whatever was written meanwhile; in a ranking, which one new tie can turn over, it holds for the
ranking that the first page came from, and when that is another one the answer is 409.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from tsi_graph.errors import Conflict
from tsi_graph.exports.tables import plain

T = TypeVar("T")
MOST, USUAL = 100, 20
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many, at most.")]
Cursor = Annotated[
    str | None,
    Query(
        pattern="^[A-Za-z0-9_-]{1,600}$",
        description="Where this page begins, from the Link header of the page before; 409 where that no longer holds.",
    ),
]


@dataclass(frozen=True)
class Page:
    """What a request asks for of a list, and where its answer says how to go on."""

    request: Request
    response: Response
    limit: int
    cursor: str | None
    size: str = "limit"
    """The parameter that says how many."""

    def of(self, rows: Sequence[T], key: Callable[[T], Any] | None = None) -> Sequence[T]:
        """The rows of this page, and the next one named in the answer. Raises Conflict for a cursor that does not hold.

        key: by what the rows are in order, each other than the next; without it they are a ranking.
        """
        about = self._digest([self.request.url.path, *self._asked()])
        if key is None:
            about = self._digest([about, len(rows), plain(rows)])
        begin = self._begin(rows, key, about)
        found = rows[begin : begin + self.limit]
        if begin + self.limit < len(rows):
            end = begin + self.limit if key is None else key(found[-1])
            cursor = urlsafe_b64encode(json.dumps([about, end], separators=(",", ":")).encode()).decode().rstrip("=")
            query = urlencode([*self._asked(), (self.size, str(self.limit)), ("cursor", cursor)])
            self.response.headers["link"] = f'<{self.request.url.path}?{query}>; rel="next"'
        return found

    def _begin(self, rows: Sequence[T], key: Callable[[T], Any] | None, about: str) -> int:
        if self.cursor is None:
            return 0
        try:
            of, end = json.loads(urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4)))
            if of == about:
                return end if key is None else bisect_right(rows, _ordered(end), key=lambda row: _ordered(key(row)))
        except (ValueError, TypeError):
            pass
        raise Conflict(
            "This cursor belongs to another list, or the list has changed since; begin again without a cursor."
        )

    def _asked(self) -> list[tuple[str, str]]:
        return sorted(pair for pair in self.request.query_params.multi_items() if pair[0] not in (self.size, "cursor"))

    @staticmethod
    def _digest(value: Any) -> str:
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
        return blake2b(text.encode(), digest_size=9).hexdigest()


def _ordered(key: Any) -> Any:
    """Keys as they were before they were JSON."""
    return tuple(key) if isinstance(key, list) else key


def page(request: Request, response: Response, limit: Limit = USUAL, cursor: Cursor = None) -> Page:
    return Page(request, response, limit, cursor)


PageDep = Annotated[Page, Depends(page)]
