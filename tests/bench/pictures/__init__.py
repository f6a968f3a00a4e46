"""The pictures, measured beside what others use for the same work. See `running.py`."""
