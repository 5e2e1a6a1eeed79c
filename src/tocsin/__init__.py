"""Tocsin: a shared early-warning system of a coalition of countries against synthetic drugs."""

__version__ = "0.1.0"
