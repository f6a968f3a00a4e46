"""The vendor, Transend's Sora 2 API: a client for its whole document, and a simulator of it.

A leaf: it knows no Django and nothing of the studio. Callers import from the submodules.
"""
