"""Animatics: planned from a board, ordered, drawn in the queue, and kept in the vault."""
