"""Files over HTTP: tags, ranges, and no more long bodies at once than there are slots."""

import gc

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from studio.vault import storing, streams
from studio.vault.integrity import is_intact
from studio.vault.models import Asset
from studio.vault.ranges import Span
from studio.vault.serving import serve
from studio.vault.streams import MAX_PART_BYTES, FileStream, Slots, TooManyStreams

DATA = bytes(range(256)) * 20_000  # 5.1 MB: more than one part


@pytest.fixture
def keep(workspace, tmp_path, settings):
    settings.STUDIO_VAULT = tmp_path / "vault"

    def kept(data, media_type="video/mp4"):
        source = tmp_path / "source"
        source.write_bytes(data)
        return storing.keep(workspace, source, media_type, {})

    return kept


@pytest.fixture
def film(keep) -> Asset:
    return keep(DATA)


def ask(asset, method="GET", *, filename="film.mp4", as_attachment=False, **headers):
    request = RequestFactory().generic(method, "/film.mp4", headers=headers)
    return serve(request, asset, filename=filename, as_attachment=as_attachment)


def sent(response):
    data = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return data


def tag(asset):
    return f'"{asset.sha256}"'


def test_a_whole_file_is_streamed_with_its_headers(film):
    response = ask(film)
    assert (response.status_code, response.streaming) == (200, True)
    assert sent(response) == DATA
    assert response.headers["Content-Length"] == str(len(DATA))
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["ETag"] == tag(film)
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == 'inline; filename="film.mp4"'


def test_a_download_is_an_attachment_whatever_its_name(film):
    said = ask(film, filename='ne"on\r\nX: 1 – 東京.mp4', as_attachment=True)
    disposition = said.headers["Content-Disposition"]
    said.close()
    assert disposition.startswith("attachment;")
    assert "\r" not in disposition
    assert "\n" not in disposition


def test_a_small_file_holds_no_thread(keep):
    response = ask(keep(DATA[:1000]))
    assert (response.streaming, response.content) == (False, DATA[:1000])


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-4000000", 100, 4_000_000),
        ("bytes=-7", len(DATA) - 7, len(DATA) - 1),
        ("bytes=-4000000", len(DATA) - 4_000_000, len(DATA) - 1),
        (f"bytes={len(DATA) - 1}-", len(DATA) - 1, len(DATA) - 1),
        # open to the end: cut to what holds no thread
        ("bytes=0-", 0, MAX_PART_BYTES - 1),
        ("bytes=1000000-", 1_000_000, 1_000_000 + MAX_PART_BYTES - 1),
    ],
)
def test_a_range_is_answered_with_exactly_its_bytes(film, header, first, last):
    response = ask(film, Range=header)
    data = sent(response)
    assert response.status_code == 206
    assert data == DATA[first : last + 1]
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert response.headers["Content-Length"] == str(len(data))


def test_a_player_can_collect_the_film_in_open_ranges(film):
    collected = b""
    while len(collected) < len(DATA):
        response = ask(film, Range=f"bytes={len(collected)}-")
        assert not response.streaming
        collected += sent(response)
    assert collected == DATA


def test_a_resumed_download_gets_all_of_the_rest(film):
    assert sent(ask(film, as_attachment=True, Range="bytes=1000000-")) == DATA[1_000_000:]


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=zero-", "items=0-1"])
def test_what_is_no_single_range_gets_the_whole_file(film, header):
    response = ask(film, Range=header)
    assert (response.status_code, sent(response)) == (200, DATA)


def test_a_range_past_the_end_is_refused_in_words(film):
    response = ask(film, Range=f"bytes={len(DATA)}-")
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(DATA)}"
    assert response.content == b"This part lies past the end of the file."


@pytest.mark.parametrize("named", ['"other"', "W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT", ""])
def test_if_range_of_another_file_gets_the_whole_one(film, named):
    response = ask(film, Range="bytes=0-9", If_Range=named.format(tag=tag(film)))
    assert (response.status_code, len(sent(response))) == (200, len(DATA))


def test_if_range_of_this_very_file_gets_the_part(film):
    assert sent(ask(film, Range="bytes=0-9", If_Range=tag(film))) == DATA[:10]


@pytest.mark.parametrize("known", ["{tag}", "W/{tag}", '"a", {tag}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_known_file_is_not_sent_again(film, known, method):
    response = ask(film, method, If_None_Match=known.format(tag=tag(film)), Range="bytes=0-9")
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == tag(film)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_another_tag_gets_the_file(film):
    assert sent(ask(film, If_None_Match='"other"')) == DATA


def test_if_match_of_another_file_is_refused(film):
    response = ask(film, If_Match='"other"', Range="bytes=0-9")
    assert (response.status_code, sent(response)) == (412, b"")


@pytest.mark.parametrize("header", [None, "bytes=0-9", "bytes=999999999-"])
def test_head_tells_of_the_whole_file_and_sends_nothing(film, header):
    response = ask(film, "HEAD", **({"Range": header} if header else {}))
    assert (response.status_code, sent(response)) == (200, b"")
    assert response.headers["Content-Length"] == str(len(DATA))
    assert response.headers["ETag"] == tag(film)


def test_an_empty_file_is_empty(keep):
    empty = keep(b"")
    assert sent(ask(empty)) == b""
    assert ask(empty, Range="bytes=0-").status_code == 416


@pytest.mark.parametrize("harm", ["truncated", "grown", "gone"])
def test_a_file_that_is_not_what_was_stored_is_not_served(film, harm, caplog):
    path = storing.path_of(film)
    path.chmod(0o600)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(DATA[:-1] if harm == "truncated" else DATA + b"!")
    response = ask(film, If_None_Match=tag(film))
    assert response.status_code == 500
    assert b"restore it from a backup" in response.content
    assert "ETag" not in response.headers
    assert f"asset {film.pk}" in caplog.text


def test_behind_a_proxy_the_proxy_sends_the_bytes(film, settings):
    settings.STUDIO_ACCEL_PREFIX = "/vault/"
    response = ask(film, Range="bytes=0-9")
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["X-Accel-Redirect"] == f"/vault/{film.path}"
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response.headers


def test_without_a_proxy_no_path_of_the_vault_is_told(film):
    response = ask(film, Range="bytes=0-9")
    assert "X-Accel-Redirect" not in response.headers
    assert film.path not in str(response.headers)


def test_a_download_too_many_is_asked_to_wait(film, monkeypatch):
    monkeypatch.setattr(FileStream.__init__, "__defaults__", (Slots(2),))
    under_way = [ask(film), ask(film)]
    busy = ask(film)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert b"Too many downloads" in busy.content
    assert "Content-Length" not in busy.headers
    assert ask(film, Range="bytes=0-").status_code == 206, "a part needs no slot"
    under_way[0].close()
    after = ask(film)
    assert after.status_code == 200
    for response in (*under_way, after):
        response.close()


class TestStreams:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(DATA)
        return path.open("rb")

    def test_the_slot_comes_back_when_all_is_read(self, file):
        slots = Slots(1)
        assert b"".join(FileStream(file, Span(0, len(DATA) - 1), slots)) == DATA
        slots.take()
        assert file.closed

    def test_the_slot_comes_back_once_when_the_client_leaves(self, file):
        slots = Slots(1)
        stream = FileStream(file, Span(0, len(DATA) - 1), slots)
        next(stream)
        stream.close()
        stream.close()
        slots.take()
        with pytest.raises(TooManyStreams):
            slots.take()

    def test_the_slot_comes_back_when_the_answer_is_dropped(self, file):
        slots = Slots(1)
        stream = FileStream(file, Span(0, len(DATA) - 1), slots)
        del stream
        gc.collect()
        slots.take()

    def test_a_file_that_shrinks_meanwhile_breaks_the_answer_off(self, file, tmp_path):
        stream = FileStream(file, Span(0, len(DATA) - 1), Slots(1))
        (tmp_path / "file").write_bytes(DATA[:1000])
        with pytest.raises(OSError, match="shorter than it was"):
            b"".join(stream)
        stream.close()

    def test_chunks_stay_small(self, file):
        stream = FileStream(file, Span(0, len(DATA) - 1), Slots(1))
        assert {len(chunk) for chunk in stream} <= {
            streams.CHUNK_BYTES,
            len(DATA) % streams.CHUNK_BYTES,
        }


class TestIntegrity:
    def test_a_stored_file_is_intact(self, film):
        assert is_intact(film)

    def test_other_bytes_of_the_same_size_are_noticed(self, film):
        assert is_intact(film)
        with storing.path_of(film).open("r+b") as file:
            file.seek(4_000_000)
            file.write(b"!")
        assert not is_intact(film)

    def test_another_hash_on_record_is_noticed(self, film):
        film.sha256 = "0" * 64
        assert not is_intact(film)

    def test_a_missing_file_is_not_intact(self, film):
        storing.path_of(film).unlink()
        assert not is_intact(film)
