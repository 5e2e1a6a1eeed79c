"""A structure as a picture, with the atoms that matched a rule marked."""

from __future__ import annotations

from collections.abc import Iterable

from rdkit.Chem import Mol
from rdkit.Chem.Draw import rdMolDraw2D

_LIGHT, _DARK = (0.98, 0.80, 0.55), (0.55, 0.36, 0.10)


def structure_svg(
    mol: Mol, atoms: Iterable[int] = (), *, dark: bool = False, width: int = 420, height: int = 260
) -> str:
    """The structure as SVG without a background; ``atoms`` and the bonds between them are marked."""
    marked = sorted(set(atoms))
    bonds = [bond.GetIdx() for bond in mol.GetBonds() if {bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()} <= set(marked)]
    drawing = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = drawing.drawOptions()
    if dark:
        rdMolDraw2D.SetDarkMode(options)
    options.clearBackground = False  # type: ignore[assignment]
    options.setHighlightColour(_DARK if dark else _LIGHT)
    rdMolDraw2D.PrepareAndDrawMolecule(drawing, mol, highlightAtoms=marked, highlightBonds=bonds)
    drawing.FinishDrawing()
    return str(drawing.GetDrawingText()).partition("?>")[2].strip()
