"""Ten wrong inputs at the board and at its Render button: a sentence, and nothing leaves."""

import re
from html import escape, unescape

import pytest
from django_q.models import OrmQ

from studio.accounts import keys
from studio.accounts.models import AuditEntry
from studio.renders.models import Take
from studio.storyboards.models import Revision
from studio.transend.simulator import Simulator

KEY = "demo-5f1d2c3b4a596877"
SHORT = "The timeline is 14.9 s long and a render takes at least 15 s. Add 0.1 s."
LONG = "Shot 2 makes the timeline 61 s. Shorten it by 1 s."

# Refused at once: input, what is typed, the sentence, and the same in a revision's snapshot, as if
# it had come past the form.
REFUSED = [
    ("duration", "0", "at least 0.5 s", ("duration_ms", 0), "shorter than 0.5 s"),
    ("duration", "-4", "cannot last less", ("duration_ms", -4_000), "shorter than 0.5 s"),
    ("duration", "NaN", "is not a duration", ("speed", "NaN"), "from 0.1 to 1"),
    ("speed", "1.01", "from 0.1 to 1", ("speed", 1.01), "from 0.1 to 1"),
    ("motion", "spin", "no camera preset", ("motion", "spin"), "no camera preset"),
    ("prompt", "x" * 100_000, "has 100,000", ("prompt", "x" * 100_000), "has 100,000"),
    ("prompt", "A <b>bold</b> street", "Take out", ("prompt", "A <b>bold</b>"), "Take out"),
]
# What a draft may hold: saved, told at the field at once, and refused by Render.
DRAFTS = [
    ("duration", "49", LONG, LONG),
    ("duration", "2.9", SHORT, SHORT),
    ("prompt", "", "No prompt yet", "Shot 1 has no prompt. Say what is to be seen."),
]


@pytest.fixture
def vendor(tokyo, workspace, settings, tmp_path):
    """Transend, and a key that it accepts: the board itself could be sent."""
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    keys.add_key(workspace, "Demo", KEY, None)
    with Simulator(keys={KEY}, storage=tmp_path / "vendor") as simulator:
        settings.TRANSEND_BASE_URL = simulator.url
        yield simulator


@pytest.fixture
def edit(tokyo, creative, post):
    """Types into one field of shot 1; the answer, and its text."""

    def typed(name, text, base=1):
        shot = tokyo.shots.first().pk
        answer = post(
            creative, f"/projects/{tokyo.pk}/shots/{shot}/", {"base": base, name: text}, shot
        )
        return answer, unescape(answer.content.decode())

    return typed


@pytest.fixture
def press_render(tokyo, creative, post, vendor):
    """Sends the form that Render opens; where it is not offered, what an older page would send."""

    def press():
        page = creative.get(f"/projects/{tokyo.pk}/render/").content.decode()
        offered = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        tokyo.refresh_from_db()
        form = {"form_token": "older-page", "revision": str(tokyo.revision)} | offered
        return post(creative, f"/projects/{tokyo.pk}/render/", form)

    return press


@pytest.fixture
def render_is_refused(press_render, vendor):
    """Presses Render: refused with the sentence, and nothing was ordered, queued or sent."""

    def refused(says):
        answer = press_render()
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "Nothing was sent." in text
        assert says in text
        assert not Take.objects.exists()
        assert not OrmQ.objects.exists()
        assert not AuditEntry.objects.filter(action="take.ordered").exists()
        assert vendor.requests == []

    return refused


@pytest.mark.parametrize(("name", "typed", "says", "stored", "why"), REFUSED)
def test_what_is_refused_stays_typed_and_is_never_rendered(
    tokyo, edit, render_is_refused, name, typed, says, stored, why
):
    answer, text = edit(name, typed)
    assert answer.status_code == 422
    assert says in text
    assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', text)
    assert name == "motion" or typed in text
    assert tokyo.revisions.count() == 1

    revision = Revision.objects.get(project=tokyo)
    column, value = stored
    revision.snapshot["shots"][0][column] = value
    revision.save()
    render_is_refused(why)


@pytest.mark.parametrize(("name", "typed", "says", "why"), DRAFTS)
def test_what_a_draft_may_hold_is_told_and_never_rendered(
    tokyo, edit, render_is_refused, creative, name, typed, says, why
):
    answer, text = edit(name, typed)
    shot = tokyo.shots.first().pk
    assert answer.status_code == 200
    assert says in text
    assert f'name="{name}"' in text
    assert name == "prompt" or f'value="{escape(typed)}"' in text
    panel = unescape(creative.get(f"/projects/{tokyo.pk}/takes/").content.decode())
    assert why in panel
    assert re.search(r"<button[^>]*disabled[^>]*>[^/]*</span>Render", panel)
    if typed == "2.9":
        note = re.search(
            rf'<p id="card-{shot}-length" class="error length-note short">(.*?)</p>', text
        )
        assert note[1].endswith(SHORT)
        assert f'<span class="says">{SHORT}</span>' in text
        assert f'aria-describedby="card-{shot}-length"' in text
    render_is_refused(why)


def test_a_short_film_is_told_at_the_duration_that_was_changed_alone(tokyo, edit):
    edit("duration", "2.9")
    _, text = edit("prompt", "Rain", base=2)
    assert f'<span class="says">{SHORT}</span>' in text
    assert text.count(SHORT) == 1


def test_the_board_as_it_was_could_be_sent(press_render):
    assert press_render().status_code == 200
    assert Take.objects.count() == OrmQ.objects.count() == 1
