"""The one way out: addresses that may be called, connections pinned to them, bounded calls.

A leaf: it knows neither Django nor the studio. Collecting goes through it, and chat does.
"""
