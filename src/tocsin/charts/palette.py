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
SHADE = "#2a7fc9"
"""As far from the light page as from the dark one, so that more of it reads as more on both."""
OPACITIES = (0.14, 0.34, 0.55, 0.77, 1.0)
"""From the lowest class to the highest."""
