"""Storyboards on paper: PDF boards and the contact sheet. Dataclasses and paths in, bytes out."""
