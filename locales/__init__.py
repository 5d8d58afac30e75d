"""Babel catalogues: every word that a person reads."""
