"""A structure as a picture, with the atoms that matched a rule marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from rdkit.Chem import Mol
from rdkit.Chem.Draw import rdMolDraw2D

_MARK = (0.93, 0.58, 0.16)
_STYLE = re.compile(r"\sstyle='([^']*)'")
_OPENING = re.compile(r"<svg[^>]*>", re.DOTALL)
_MARKED = "#ED9328"
"""``_MARK`` as RDKit writes it."""


def structure_svg(mol: Mol, title: str, atoms: Iterable[int] = (), *, width: int = 420, height: int = 250) -> str:
    """The structure as an SVG element in the colour of the text around it, without a background and inline style.

    ``atoms`` and the bonds between them are marked; ``title`` is what the picture is called.
    """
    marked = sorted(set(atoms))
    bonds = [b.GetIdx() for b in mol.GetBonds() if {b.GetBeginAtomIdx(), b.GetEndAtomIdx()} <= set(marked)]
    drawing = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = drawing.drawOptions()
    options.useBWAtomPalette()
    options.clearBackground = False  # type: ignore[assignment]
    options.setHighlightColour(_MARK)
    rdMolDraw2D.PrepareAndDrawMolecule(drawing, mol, highlightAtoms=marked, highlightBonds=bonds)
    drawing.FinishDrawing()
    return _inked(drawing.GetDrawingText(), title, width, height)


def _inked(svg: str, title: str, width: int, height: int) -> str:
    """The drawing with attributes for styles, in the page's colour, and with its title."""
    body = svg.partition("?>")[2].strip()
    body = _STYLE.sub(_attributes, body).replace("#000000", "currentColor")
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">'
    return _OPENING.sub(f"{opening}<title>{escape(title)}</title>", body, count=1)


def _attributes(found: re.Match[str]) -> str:
    pairs = dict(part.split(":", 1) for part in found[1].split(";") if ":" in part)
    if _MARKED in found[1].upper():
        pairs |= {"fill-opacity": "0.55", "stroke-opacity": "0.55"}
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs.items())
