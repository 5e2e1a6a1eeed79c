"""An answer of the API as the program wants it: JSON, CSV, or an Arrow stream; one page of it at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
from fastapi import Request
from fastapi.responses import JSONResponse, Response

from tocsin.errors import UsageError

ARROW, CSV, JSON = "application/vnd.apache.arrow.stream", "text/csv", "application/json"
_FORMATS = {"json": JSON, "csv": CSV, "arrow": ARROW}
MEDIA: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows. A further page is named in the Link header.",
        "content": {
            JSON: {"schema": {"type": "array", "items": {"type": "object"}}},
            CSV: {"schema": {"type": "string"}},
            ARROW: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""What OpenAPI says of an answer that has three forms."""


def rows_answer(request: Request, rows: Sequence[dict[str, Any]], more: int | None = None) -> Response:
    """Rows of equal keys in the form asked for: ``format`` in the address, else the ``Accept`` header, else JSON.

    ``more``: the offset of the next page, if there is one; it goes into a ``Link`` header (RFC 8288).
    """
    form = wanted_form(request)
    headers = {"Vary": "Accept"}
    if more is not None:
        headers["Link"] = f'<{request.url.path}?{_next(request, more)}>; rel="next"'
    if form == JSON:
        return JSONResponse(list(rows), headers=headers)
    content = _csv(rows) if form == CSV else _arrow(rows)
    return Response(content, media_type=f"{CSV}; charset=utf-8" if form == CSV else ARROW, headers=headers)


def wanted_form(request: Request) -> str:
    """The media type to answer in; UsageError for a format there is not."""
    if asked := request.query_params.get("format"):
        if asked not in _FORMATS:
            raise UsageError(f"format is {asked[:20]!r}", mend=f"use one of {', '.join(_FORMATS)}")
        return _FORMATS[asked]
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return next((one for one in accepted if one in _FORMATS.values()), JSON)


def safe_cell(value: Any) -> Any:
    """A cell for CSV. A spreadsheet would run what begins like a formula, so a quote is put before it."""
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _next(request: Request, offset: int) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "offset"]
    return urlencode([*kept, ("offset", offset)])


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(_names(rows))
    writer.writerow(names)
    writer.writerows([safe_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _arrow(rows: Sequence[dict[str, Any]]) -> bytes:
    names = list(_names(rows))
    table = pa.table({name: _column([row.get(name) for row in rows]) for name in names})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _column(values: list[Any]) -> pa.Array:
    """Numbers and truths as they are; whatever is nested or mixed as JSON text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pa.array(values, pa.float64() if float in kinds else pa.int64())
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    return pa.array(
        [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False, default=str) for v in values],
        pa.string(),
    )


def _names(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """All keys of the rows, in the order in which they first come."""
    return iter(dict.fromkeys(name for row in rows for name in row))
