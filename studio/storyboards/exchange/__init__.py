"""Bringing boards in from files: one module a format."""
