"""Takes with real files: a preview GIF, its film, and a video that can be measured."""

from io import BytesIO

import pytest
from PIL import Image

from studio.pictures.probe import film_strip, first_frame, probe_gif, probe_mp4
from studio.renders.models import Take, TakeAsset
from studio.reviews.models import Channel, Note
from studio.vault import storing
from tests.pictures.sounding_films import sounding, tone

Part = TakeAsset.Part


@pytest.fixture(scope="session")
def real_files(tmp_path_factory):
    """The files of a take by their parts, with what a probe finds of them."""
    folder = tmp_path_factory.mktemp("real")
    shades = [Image.new("RGB", (160, 90), (20 * n, 40, 90)) for n in range(10)]
    gif = BytesIO()
    shades[0].save(gif, "GIF", save_all=True, append_images=shades[1:], duration=100, loop=0)
    preview, film = folder / "preview.gif", folder / "film.mp4"
    preview.write_bytes(gif.getvalue())
    film.write_bytes(sounding(tone(-23)))
    poster, strip = folder / "poster.jpg", folder / "strip.jpg"
    first_frame(preview, poster)
    strip_facts = film_strip(preview, strip)
    return {
        Part.VENDOR_GIF: (preview, "image/gif", probe_gif(preview)),
        Part.PREVIEW_GIF: (_marked(preview), "image/gif", probe_gif(preview)),
        Part.POSTER: (poster, "image/jpeg", None),
        Part.FILMSTRIP: (strip, "image/jpeg", strip_facts),
        Part.VIDEO: (film, "video/mp4", probe_mp4(film)),
    }


def _marked(preview):
    """Other bytes than the vendor's: what is the vendor's own is never served."""
    marked = preview.with_name("marked.gif")
    marked.write_bytes(preview.read_bytes()[:-1] + b"!\xfe\x06marked\x00;")
    return marked


@pytest.fixture
def real_take(make_take, real_files) -> Take:
    """A take that is ready, with files that are what they say."""
    take = make_take()
    TakeAsset.objects.filter(take=take).delete()
    for part, (path, media_type, facts) in real_files.items():
        known = {} if facts is None else vars(facts)
        asset = storing.keep(take.workspace, path, media_type, dict(known))
        TakeAsset.objects.create(take=take, part=part, asset=asset)
    return take


@pytest.fixture
def note_on():
    """`note_on(take, author, "text", channel="client", from_ms=…)`."""

    def write(take, author, text, channel=Channel.CLIENT, **more):
        return Note.objects.create(
            workspace=take.workspace, take=take, author=author, text=text, channel=channel, **more
        )

    return write
