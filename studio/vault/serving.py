"""Files of the vault over HTTP: entity tags, byte ranges, and room left for pages.

The caller has authorised the request first (ARCHITECTURE.md, invariant 7): nothing here asks who.
"""

import logging
import os
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from studio.vault.models import Asset
from studio.vault.ranges import Span, Unsatisfiable, parse_range
from studio.vault.storing import path_of
from studio.vault.streams import MAX_PART_BYTES, MAX_STREAMS, FileStream, TooManyStreams

__all__ = ["MAX_STREAMS", "gone", "serve"]

# no-cache: a browser may keep the bytes but asks before each use, so a withdrawn film stays shut.
CACHE_CONTROL = "private, no-cache"

log = logging.getLogger(__name__)


def serve(
    request: HttpRequest, asset: Asset, *, filename: str | None = None, as_attachment: bool = False
) -> HttpResponseBase:
    """Answer a GET or HEAD with the file of `asset`: 200, 206, 304, 412 or 416; 410 if deleted.

    500 where the file is missing or has another size than its row, 503 while every download slot
    is taken; both with a sentence. To play, an open range gets `MAX_PART_BYTES` at most and the
    player asks on; an attachment gets all of it, for a resumed download would stop short.
    """
    if asset.deleted_at is not None:
        return gone("This file was deleted. Its hash is kept, its bytes are not.")
    if settings.STUDIO_ACCEL_PREFIX:
        return _described(_handed_to_the_proxy(asset), asset, filename, as_attachment)
    try:
        file = open(path_of(asset), "rb")  # noqa: SIM115  (the response closes it)
    except OSError:
        return _damaged(asset)
    if os.fstat(file.fileno()).st_size != asset.size_bytes:
        file.close()
        return _damaged(asset)
    response = _answer(request, asset, file, is_bounded=not as_attachment)
    response["ETag"] = _etag(asset)
    response["Accept-Ranges"] = "bytes"
    return _described(response, asset, filename, as_attachment)


def _answer(
    request: HttpRequest, asset: Asset, file: BinaryIO, *, is_bounded: bool
) -> HttpResponseBase:
    """The body, or why there is none. Closes `file`, or hands it to the response."""
    early = get_conditional_response(request, etag=_etag(asset))
    if early is not None:
        file.close()
        return early
    whole = Span(0, asset.size_bytes - 1)
    try:
        part = _asked_part(request, asset)
    except Unsatisfiable:
        file.close()
        refusal = _sentence("This part lies past the end of the file.", status=416)
        refusal["Content-Range"] = f"bytes */{asset.size_bytes}"
        return refusal
    if part is not None and part.is_open and is_bounded:
        part = part.cut_to(MAX_PART_BYTES)
    if request.method == "HEAD":
        file.close()
        response: HttpResponseBase = HttpResponse()
    else:
        response = _body(file, part or whole)
        if response.status_code == 503:
            return response
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{asset.size_bytes}"
    response["Content-Length"] = str((part or whole).length)
    return response


def _asked_part(request: HttpRequest, asset: Asset) -> Span | None:
    header = request.headers.get("Range")
    # Range means something to GET alone, and only for the very file that If-Range names.
    if header is None or request.method != "GET":
        return None
    if request.headers.get("If-Range", _etag(asset)).strip() != _etag(asset):
        return None
    return parse_range(header, asset.size_bytes)


def _body(file: BinaryIO, span: Span) -> HttpResponseBase:
    if span.length <= MAX_PART_BYTES:
        with file:
            file.seek(span.first)
            return HttpResponse(file.read(span.length))
    try:
        return StreamingHttpResponse(FileStream(file, span))
    except TooManyStreams:
        file.close()
        busy = _sentence(
            "Too many downloads are under way. Wait a few seconds and try again.", status=503
        )
        busy["Retry-After"] = "5"
        return busy


def _handed_to_the_proxy(asset: Asset) -> HttpResponseBase:
    # The proxy sets length, tag and ranges itself, and asks us before each of its answers.
    response = HttpResponse()
    response["X-Accel-Redirect"] = f"{settings.STUDIO_ACCEL_PREFIX.rstrip('/')}/{quote(asset.path)}"
    return response


def _described(
    response: HttpResponseBase, asset: Asset, filename: str | None, as_attachment: bool
) -> HttpResponseBase:
    """The headers that each answer carries, whatever became of it."""
    if response.status_code in (200, 206):
        response["Content-Type"] = asset.media_type
        disposition = content_disposition_header(as_attachment, filename or "")
        if filename and disposition:
            response["Content-Disposition"] = disposition
    response["Cache-Control"] = CACHE_CONTROL
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _damaged(asset: Asset) -> HttpResponse:
    log.error("Vault file of asset %s is missing or has changed its size.", asset.pk)
    response = _sentence(
        "This file is missing from the vault, or was changed there. "
        "Ask your admin to restore it from a backup.",
        status=500,
    )
    response["Cache-Control"] = "no-store"
    return response


def gone(says: str) -> HttpResponse:
    """410 with a sentence: the file was here, was deleted, and does not come back."""
    response = _sentence(says, status=410)
    response["Cache-Control"] = "no-store"
    return response


def _sentence(says: str, *, status: int) -> HttpResponse:
    return HttpResponse(says, content_type="text/plain; charset=utf-8", status=status)


def _etag(asset: Asset) -> str:
    return f'"{asset.sha256}"'
