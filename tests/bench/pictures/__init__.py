"""The pictures, measured beside what others use for the same work. See `__main__.py`."""
