"""Edits of the words of many prompts at once."""

import copy
from collections.abc import Collection

from studio.accounts.models import User
from studio.storyboards import replacing, rules
from studio.storyboards.boards import Board, shots_of
from studio.storyboards.edits.revising import EditRefused, require_current
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.models import Project


def replace_words(
    project: Project,
    base: int,
    author: User,
    search: replacing.Search,
    among: Collection[int] | None = None,
) -> tuple[Board, list[replacing.Change]]:
    """Replace what `search` finds, in all prompts or those of the pks `among`: one revision.

    Returns the board and what was changed. Raises `StaleEdit`, and `EditRefused` when nothing is
    found, or when a prompt is locked or would become too long: then none is changed.
    """
    require_current(project, base)
    shots = shots_of(project)
    changes = replacing.changes_in(shots, search, among)
    if not changes:
        raise EditRefused(f"“{search.find}” is in none of these prompts. Nothing was replaced.")
    if refusals := [change.refusal for change in changes if change.refusal]:
        more = f" And {len(refusals) - 3} more." if len(refusals) > 3 else ""
        raise EditRefused(f"Nothing was replaced. {' '.join(refusals[:3])}{more}")
    prompts = {c.shot.pk: rules.checked_prompt(c.search.replaced(c.shot.prompt)) for c in changes}
    after = [copy.copy(shot) for shot in shots]
    for shot in after:
        shot.prompt = prompts.get(shot.pk, shot.prompt)
    count = f"{len(changes)} prompts" if len(changes) > 1 else f"shot {changes[0].number}"
    summary = f"Replaced “{_short(search.find)}” by “{_short(search.replacement)}” in {count}"
    return rewrite(project, project.revision, author, summary, shots, after), changes


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39].rstrip()}…"
