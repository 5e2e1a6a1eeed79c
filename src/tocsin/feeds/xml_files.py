"""XML by declared layouts: a publisher's file read safely, its rows, and the texts in them.

UTF-8 only; no document type, so no entity is ever expanded and nothing is fetched; no deeper than a layout declares. A file
whose elements or attributes are not those of a declared layout is refused with the difference, as a CSV table is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from lxml import etree

from tocsin.errors import InputError
from tocsin.feeds.files import SourceFile
from tocsin.feeds.reading import Reading, read_row
from tocsin.node import Draft

Element = etree._Element
_DOCTYPE = re.compile(rb"(?:\s+|<\?[^>]*>|<!--.*?-->)*<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_CHANGES_TOLD = 12
_FIRST_YEAR = 1990
_LINES_KEPT = 65_534


@dataclass(frozen=True, slots=True)
class XmlLayout:
    """A layout a publisher uses or used: its root, and what its rows hold.

    ``rows``: by path of a row under the root, by container in that row (``""`` is the row), the names in it; attributes
    begin with ``@``, and ``!`` ends a name that some row of every file has. ``around``: what else stands in the root.
    """

    name: str
    root: str
    rows: Mapping[str, Mapping[str, str]]
    around: str = ""

    def paths(self) -> tuple[frozenset[str], frozenset[str]]:
        """Every path from the root that may stand in a file, and those that must."""
        names = [f"/{name}" for name in self.around.split()]
        for row, within in self.rows.items():
            steps = row.split("/")
            names += ["/" + "/".join(steps[: n + 1]) for n in range(len(steps))]
            for container, some in within.items():
                start = f"/{row}/{container}".rstrip("/")
                names += [start, *(f"{start}/{name}" for name in some.split())]
        must = {name[:-1] for name in names if name.endswith("!")}
        must |= {f"/{row}".rsplit("/", up)[0] for row in self.rows for up in range(row.count("/") + 1)}
        return frozenset(name.removesuffix("!") for name in names), frozenset(must)


def read_list(
    file: SourceFile,
    layouts: Sequence[XmlLayout],
    read: Callable[[Element], Iterable[Draft]],
    root: Element | None = None,
) -> tuple[Element, Reading]:
    """The root and every row read through ``read``; InputError when the file is of no declared layout.

    A row is one element, and its number is the line it begins on. ``root``: where the file was parsed already.
    """
    root = read_xml(file, {layout.root for layout in layouts}) if root is None else root
    layout = _layout(file, root, layouts)
    reading = Reading(file)
    for path in layout.rows:
        for element in root.iterfind(path):
            if any(words(element)):
                read_row(reading, line_of(element), list(words(element)), partial(read, element))
            else:
                reading.skip("blank")
    reading.check()
    return root, reading


def read_xml(file: SourceFile, roots: Iterable[str]) -> Element:
    """The root element, names without their namespaces; InputError for what is no XML, is cut off, or is unsafe."""
    _refuse_unsafe(file)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(file.data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"not XML from here on: {error.msg}",
            file=file.name,
            row=error.lineno,
            mend="the file may be cut off: get it again",
        ) from None
    for element in root.iter():
        element.tag = etree.QName(element).localname
    if root.tag not in set(roots):
        raise InputError(
            f"the root element is {root.tag}, not {' or '.join(sorted(roots))}",
            file=file.name,
            row=line_of(root),
            mend="this is another publisher's file or another format: give the list's XML",
        )
    return root


def text(element: Element, path: str = "") -> str:
    """The text at a path below an element, empty where there is none; runs of white space become one space."""
    return next(iter(texts(element, path)), "")


def texts(element: Element, path: str = "") -> list[str]:
    """Every text at a path that is not empty, each once."""
    found = element.iterfind(path) if path else iter([element])
    return [
        said for said in dict.fromkeys(" ".join("".join(map(str, one.itertext())).split()) for one in found) if said
    ]


def value(element: Element, name: str) -> str:
    """An attribute, white space collapsed; empty where there is none."""
    return " ".join(str(element.get(name) or "").split())


def words(element: Element) -> Iterator[str]:
    """What an element and all below it say, in order, for the quarantine."""
    for one in element.iter():
        for said in (one.text or "", *(str(v) for v in one.attrib.values())):
            if said.strip():
                yield " ".join(said.split())


def line_of(element: Element) -> int:
    """The line on which an element begins."""
    line = cast("int | None", element.sourceline) or 1
    if line <= _LINES_KEPT:
        return line
    # Past that many, libxml2 gives the line on which the first text inside ends.
    first = next((one.text for one in element.iter() if one.text), "")
    return line - first.count("\n")


def released_at(file: SourceFile, stated: str, form: str = "") -> datetime:
    """When the file says it was made, else its day; InputError for no moment or one to come.

    ``form``: how the publisher writes it where that is not ISO 8601.
    """
    if not stated:
        return file.published_at
    try:
        moment = datetime.strptime(stated, form) if form else datetime.fromisoformat(stated)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        sound = moment.year >= _FIRST_YEAR
    except (ValueError, OverflowError):
        sound = False
    if not sound:
        raise InputError(f"{stated!r} is no moment of its making", file=file.name, row=1, mend="get the file again")
    if moment > datetime.now(UTC) + timedelta(days=1):
        raise InputError(
            f"its release day {moment.date()} lies in the future", file=file.name, row=1, mend="get the file again"
        )
    return moment


def _refuse_unsafe(file: SourceFile) -> None:
    data = file.data.removeprefix(b"\xef\xbb\xbf")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        raise InputError("is UTF-16, not UTF-8", file=file.name, mend="save it as UTF-8")
    stated = _ENCODING.match(data.lstrip())
    if stated and stated[1].lower() not in (b"utf-8", b"us-ascii"):
        name = stated[1].decode("ascii", "replace")
        raise InputError(f"is in {name}, not UTF-8", file=file.name, row=1, mend="save it as UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        mend = "save it as UTF-8 (it may be Windows-1252)"
        raise InputError(f"byte {error.start} is not UTF-8", file=file.name, row=row, mend=mend) from error
    if _DOCTYPE.match(data):
        raise InputError(
            "holds a document type, which could declare entities; no list of this kind has one",
            file=file.name,
            mend="do not trust it: get the file from its publisher",
        )


def _layout(file: SourceFile, root: Element, layouts: Sequence[XmlLayout]) -> XmlLayout:
    """The layout whose names are those of the file; its missing and new names where it is none."""
    found: list[tuple[int, XmlLayout, list[str], list[str]]] = []
    for layout in layouts:
        known, must = layout.paths()
        seen = _seen(root, known)
        # What stands in something missing is not missed by itself.
        missing = sorted(path for path in must - seen if path.rpartition("/")[0] in {"", *seen})
        new = sorted(seen - known)
        if not missing and not new:
            return layout
        found.append((len(missing) + len(new), layout, missing, new))
    _, _, missing, new = min(found, key=lambda one: one[0])
    raise InputError(
        f"elements changed: missing {_few(missing)}; new {_few(new)}",
        file=file.name,
        row=line_of(root),
        mend="the last good state is kept; the feed must learn the new layout",
    )


def _seen(root: Element, known: frozenset[str]) -> set[str]:
    """Every path in the file, going no deeper than what is known; names of XML itself left out."""
    seen: set[str] = set()
    todo = [(root, "")]
    while todo:
        element, path = todo.pop()
        seen.update(f"{path}/@{name}" for name in map(str, element.attrib) if not name.startswith("{"))
        for child in element:
            here = f"{path}/{child.tag}"
            seen.add(here)
            if here in known:
                todo.append((child, here))
    return seen


def _few(paths: Sequence[str]) -> str:
    told = ", ".join(path.removeprefix("/") for path in paths[:_CHANGES_TOLD])
    return (told or "none") + (f" and {len(paths) - _CHANGES_TOLD} more" if len(paths) > _CHANGES_TOLD else "")
