"""A broken download goes on where it broke, when every sign says that it is the same file."""

import errno
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.transend import downloads, pieces
from studio.transend.downloads import Downloaded, download
from studio.transend.errors import DownloadFailed, LinkExpired
from tests.transend.rude import Conversation, RudeServer

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400
CUT = 10_000
TAG = '"v1"'
LONG_AGO, TODAY = "Sun, 01 Nov 2026 08:00:00 GMT", "Sun, 22 Nov 2026 08:00:00 GMT"

Answer = Callable[[Conversation, int], None]


class Host:
    """Answers each request in its turn as it was told, and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.server = RudeServer(self._converse)

    @property
    def url(self) -> str:
        return f"{self.server.url}/film.mp4"

    @property
    def asked(self) -> list[dict[str, str]]:
        heads = [one.heard.decode().split("\r\n\r\n")[0] for one in self.server.conversations]
        lines = [head.split("\r\n")[1:] for head in heads]
        return [
            {name.lower(): value for name, _, value in (line.partition(": ") for line in found)}
            for found in lines
        ]

    def _converse(self, conversation: Conversation) -> None:
        conversation.listen()
        turn = len(self.server.conversations) - 1
        self.answers[min(turn, len(self.answers) - 1)](conversation, turn)


def head(status: int, **fields: object) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"HTTP/1.1 {status} X", *lines, "", ""]).encode()


def broken_after(count: int, data: bytes = FILM, **fields: object) -> Answer:
    """Promises all of it, sends so many bytes, hangs up."""
    told: dict[str, object] = {"ETag": TAG, "Content_Length": len(data)} | fields
    return lambda c, _: c.say(head(200, **told) + data[:count])


def whole(data: bytes = FILM, **fields: object) -> Answer:
    return broken_after(len(data), data, **fields)


def rest(first: int = CUT, data: bytes = FILM, **fields: object) -> Answer:
    """The rest from byte `first`, as it should be but for `fields`; None leaves one out."""
    told: dict[str, object] = {
        "ETag": TAG,
        "Content_Length": len(data) - first,
        "Content_Range": f"bytes {first}-{len(data) - 1}/{len(data)}",
    }
    told = {name: value for name, value in (told | fields).items() if value is not None}
    return lambda c, _: c.say(head(206, **told) + data[first:])


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    with host.server:
        yield host


@pytest.fixture
def fetch(host: Host, tmp_path: Path) -> Callable[..., Downloaded]:
    def fetched(**options: Any) -> Downloaded:
        defaults: dict[str, Any] = {
            "allowed_hosts": [f"127.0.0.1:{host.server.port}"],
            "allow_loopback": True,
            "max_bytes": 5_000_000,
            "timeout_s": 20,
            "pieces": tmp_path / "film.part",
        }
        return download(host.url, tmp_path / "film.mp4", **(defaults | options))

    return fetched


@pytest.fixture
def broken(host: Host, fetch: Callable[..., Downloaded]) -> Host:
    """The first download broke after 10,000 bytes."""
    host.answers = [broken_after(CUT)]
    with pytest.raises(DownloadFailed, match="broke"):
        fetch()
    return host


def assert_whole(found: Downloaded, folder: Path, data: bytes = FILM) -> None:
    assert (folder / "film.mp4").read_bytes() == data
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.size_bytes == len(data)
    assert [path.name for path in folder.iterdir()] == ["film.mp4"]


def test_it_goes_on_where_it_broke(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    broken.answers = [rest()]
    found = fetch()
    assert_whole(found, tmp_path)
    assert found.is_pieced
    assert (broken.asked[1]["range"], broken.asked[1]["if-range"]) == (f"bytes={CUT}-", TAG)
    assert "range" not in broken.asked[0]


def test_it_may_break_many_times(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    for first in range(CUT, 80_000, 10_000):
        broken.answers = [
            lambda c, _, first=first: c.say(
                head(
                    206,
                    ETag=TAG,
                    Content_Range=f"bytes {first}-{len(FILM) - 1}/{len(FILM)}",
                    Content_Length=len(FILM) - first,
                )
                + FILM[first : first + 10_000]
            )
        ]
        with pytest.raises(DownloadFailed, match="broke"):
            fetch()
    broken.answers = [rest(80_000)]
    assert_whole(fetch(), tmp_path)


def test_a_date_serves_where_there_is_no_tag(
    host: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    dated = {"Last_Modified": LONG_AGO, "Date": TODAY}
    host.answers = [
        lambda c, _: c.say(head(200, Content_Length=len(FILM), **dated) + FILM[:CUT]),
        rest(ETag=None),
    ]
    with pytest.raises(DownloadFailed):
        fetch()
    assert fetch().is_pieced
    assert host.asked[1]["if-range"] == LONG_AGO


@pytest.mark.parametrize(
    "fields",
    [
        {"ETag": 'W/"v1"'},
        {"ETag": "v1"},
        {"ETag": '"a", "b"'},
        {"ETag": "", "Last_Modified": TODAY, "Date": TODAY},
        {"ETag": "", "Last_Modified": "soon", "Date": TODAY},
        {"ETag": "", "Last_Modified": LONG_AGO},
        {"ETag": ""},
        {"Accept_Ranges": "none"},
    ],
    ids=[
        "weak", "unquoted", "two tags", "changed just now", "no date", "sent nobody knows when",
        "neither", "no ranges",
    ],
)  # fmt: skip
def test_without_a_strong_validator_it_begins_anew(
    host: Host, fetch: Callable[..., Downloaded], tmp_path: Path, fields: dict[str, str]
) -> None:
    host.answers = [broken_after(CUT, **fields), whole()]
    with pytest.raises(DownloadFailed):
        fetch()
    assert list(tmp_path.iterdir()) == []
    assert not fetch().is_pieced
    assert "range" not in host.asked[1]


OTHER = bytes(reversed(FILM))
MISFITS: dict[str, Answer] = {
    "another tag": rest(ETag='"v2"'),
    "no tag": rest(ETag=None),
    "a weak tag": rest(ETag='W/"v1"'),
    "no range": rest(Content_Range=None),
    "another beginning": rest(CUT - 1),
    "a later beginning": rest(CUT + 1),
    "another total": rest(Content_Range=f"bytes {CUT}-{len(FILM) - 1}/{len(FILM) + 1}"),
    "total unknown": rest(Content_Range=f"bytes {CUT}-{len(FILM) - 1}/*"),
    "not to the end": rest(Content_Range=f"bytes {CUT}-{len(FILM) - 2}/{len(FILM)}"),
    "not the length it says": rest(Content_Length=10),
    "many ranges": rest(Content_Type="multipart/byteranges; boundary=x", Content_Range=None),
    "compressed": rest(Content_Encoding="gzip"),
    "not satisfiable": lambda c, _: c.say(head(416, Content_Range="bytes */9", Content_Length=0)),
}


@pytest.mark.parametrize("misfit", MISFITS.values(), ids=MISFITS.keys())
def test_what_does_not_fit_is_fetched_from_the_beginning(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path, misfit: Answer
) -> None:
    broken.answers = [misfit, misfit, whole(OTHER, ETag='"v2"')]
    found = fetch()
    assert_whole(found, tmp_path, OTHER)
    assert not found.is_pieced
    assert ["range" in asked for asked in broken.asked] == [False, True, False]


def test_another_file_by_now_takes_the_place_of_what_was_there(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    broken.answers = [whole(OTHER[:50_000], ETag='"v2"')]
    found = fetch()
    assert_whole(found, tmp_path, OTHER[:50_000])
    assert not found.is_pieced
    assert len(broken.asked) == 2


def test_a_rest_that_is_too_long_is_not_stored(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    def endless(conversation: Conversation, _: int) -> None:
        span = f"bytes {CUT}-{len(FILM) - 1}/{len(FILM)}"
        conversation.say(
            head(206, ETag=TAG, Content_Range=span, Transfer_Encoding="chunked")
            + b"20000\r\n" + b"x" * 0x20000 + b"\r\n0\r\n\r\n"
        )  # fmt: skip

    broken.answers = [endless]
    with pytest.raises(DownloadFailed, match="broke"):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_an_expired_link_keeps_what_is_there_for_a_fresh_one(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    broken.answers = [lambda c, _: c.say(head(403, Content_Length=0))]
    with pytest.raises(LinkExpired):
        fetch()
    broken.answers = [rest()]
    assert_whole(fetch(), tmp_path)
    assert broken.asked[2]["range"] == f"bytes={CUT}-"


def test_the_size_cap_is_that_of_the_whole(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    broken.answers = [whole()]
    with pytest.raises(DownloadFailed, match="larger than"):
        fetch(max_bytes=len(FILM) - 1)
    assert list(tmp_path.iterdir()) == []


def test_the_time_cap_is_that_of_all_pieces(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    note = tmp_path / "film.part.note"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"spent_s": 20.0}))
    broken.answers = [rest()]
    with pytest.raises(DownloadFailed, match="in time"):
        fetch(timeout_s=20)
    assert list(tmp_path.iterdir()) == [], "the next try has all the time again"
    broken.answers = [whole()]
    assert_whole(fetch(), tmp_path)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("film.part", cut_off),
        ("film.part", zeroed),
        ("film.part", Path.unlink),
        ("film.part.note", Path.unlink),
        ("film.part.note", cut_off),
        ("film.part.note", lambda path: path.write_text("[1]")),
        ("film.part.note", lambda path: path.write_text('{"whole": {}}')),
    ],
    ids=["shorter", "zeros", "gone", "no note", "half a note", "a list", "nothing in it"],
)
def test_what_the_note_does_not_vouch_for_is_not_gone_on_with(
    broken: Host,
    fetch: Callable[..., Downloaded],
    tmp_path: Path,
    name: str,
    harm: Callable[[Path], None],
) -> None:
    harm(tmp_path / name)
    broken.answers = [whole()]
    assert_whole(fetch(), tmp_path)
    assert "range" not in broken.asked[1]


def test_what_a_killed_process_wrote_after_its_last_note_is_fetched_again(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    with (tmp_path / "film.part").open("ab") as file:
        file.write(b"not vouched for")
    broken.answers = [rest()]
    assert_whole(fetch(), tmp_path)


def test_a_note_is_left_every_few_bytes(
    host: Host,
    fetch: Callable[..., Downloaded],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then a process that is killed loses only what has arrived since."""
    monkeypatch.setattr(pieces, "_NOTED_EVERY_BYTES", 10_000)
    seen: list[int] = []

    def noted(size_bytes: int) -> None:
        if (tmp_path / "film.part.note").exists():
            seen.append(json.loads((tmp_path / "film.part.note").read_text())["size_bytes"])

    monkeypatch.setattr(downloads, "_ROOM_EVERY_BYTES", 1)
    host.answers = [whole()]
    assert_whole(fetch(check_room=noted), tmp_path)
    assert seen
    assert seen == sorted(seen)


def test_when_all_had_arrived_nothing_is_asked(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    (tmp_path / "film.part").write_bytes(FILM)
    note = tmp_path / "film.part.note"
    told = json.loads(note.read_text())
    told |= {"size_bytes": len(FILM), "sha256": hashlib.sha256(FILM).hexdigest()}
    note.write_text(json.dumps(told))
    assert_whole(fetch(), tmp_path)
    assert len(broken.asked) == 1


def test_no_room_is_found_out_before_anything_is_written(
    host: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    told: list[int] = []

    def full(size_bytes: int) -> None:
        told.append(size_bytes)
        raise OSError(errno.ENOSPC, "No space left on device")

    host.answers = [whole()]
    with pytest.raises(OSError, match="No space"):
        fetch(check_room=full)
    assert told == [len(FILM)]
    assert list(tmp_path.iterdir()) == []


def test_room_that_runs_out_meanwhile_leaves_nothing(
    broken: Host,
    fetch: Callable[..., Downloaded],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(downloads, "_ROOM_EVERY_BYTES", 1)
    told: list[int] = []

    def filling(size_bytes: int) -> None:
        told.append(size_bytes)
        if len(told) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    broken.answers = [rest()]
    with pytest.raises(OSError, match="No space"):
        fetch(check_room=filling)
    assert told[0] == len(FILM) - CUT
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_overwritten(
    broken: Host, fetch: Callable[..., Downloaded], tmp_path: Path
) -> None:
    (tmp_path / "film.mp4").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        fetch()
    assert (tmp_path / "film.mp4").read_bytes() == b"mine"
