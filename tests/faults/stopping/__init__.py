"""A studio whose processes stand still at a named step, to be killed exactly there.

The product has no hooks for it. `settings.py` adds this app to the product's own settings; when
Django is set up, `seams.py` wraps some of the product's functions, and a process that comes to a
step which is armed writes down who it is and waits (`stops.py`).
"""
