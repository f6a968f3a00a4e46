"""Files that are handed to the browser, under a name that every system takes."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from studio.storyboards.models import Project

_LONGEST = 80
_UNSAFE = re.compile(r"[^\w.-]+")
# Windows does not write to these, whatever the ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def file_name(project: Project, ending: str) -> str:
    """`Neon-Tokyo-boards.pdf` for the ending `-boards.pdf`; letters of any script stay."""
    stem = _UNSAFE.sub("-", project.title).strip("-._")[:_LONGEST].strip("-._")
    if not stem or _DEVICES.match(stem):
        stem = f"storyboard-{project.pk}"
    return stem + ending


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """The file as an attachment that no cache keeps."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
