"""The colours, dashes and shapes of the pictures: readable on the light page and on the dark one."""

from __future__ import annotations

INK = "#0a0b0c"
"""Stands for ``currentColor``, which Vega does not know."""
ACCENT = "#2f6fa8"
"""Okabe-Ito's blue, darkened until it keeps a contrast of 3:1 on white and on the dark page."""
SERIES = ("#0072b2", "#d55e00", "#009e73", "#c46d9b", "#a87400", "#3a8fc4")
"""Okabe-Ito; purple, orange and sky blue darkened to 3:1 on the light page. Black and yellow fail on one of the two."""
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4])
"""Five, where there are six colours: thirty series pass before a pair comes again."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
OUTLINES = {
    "circle": "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0Z",
    "square": "M-3.5,-3.5h7v7h-7Z",
    "triangle-up": "M0,-4.5L4.5,4H-4.5Z",
    "diamond": "M0,-4.5L4.5,0L0,4.5L-4.5,0Z",
    "triangle-down": "M0,4.5L4.5,-4H-4.5Z",
    "cross": "M-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z",
}
"""The shapes as paths, eight or nine pixels wide, for the legend."""
SHADE = "#2a7fc9"
"""As far from the light page as from the dark one, so that more of it reads as more on both."""
OPACITIES = (0.18, 0.37, 0.57, 0.78, 1.0)
"""From the lowest class to the highest."""
