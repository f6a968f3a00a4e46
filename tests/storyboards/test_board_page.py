"""The board as people meet it: what a page, an edit and a plain form bring back."""

import re

import pytest
from django.urls import reverse

from studio.storyboards.models import Project


def shots(project):
    return list(Project.objects.get(pk=project.pk).shots.all())


def address(project, *parts):
    return f"/projects/{project.pk}/" + "".join(f"{part}/" for part in parts)


def test_the_page_says_total_verdict_and_revision(tokyo, creative):
    page = creative.get(address(tokyo)).content.decode()
    assert "30 s of 60 s" in page
    assert "Fits 15–60 s" in page
    assert "Saved · rev 1" in page
    assert (
        f'<a class="button" href="{reverse("renders:panel", args=[tokyo.pk])}">Render and takes'
        in page
    )


@pytest.mark.parametrize(
    "name",
    [
        "Add shot",
        "Undo",
        "Redo",
        "Duration of shot 2",
        "Prompt of shot 2",
        "Delete shot 2",
        "Move shot 2 left",
        "Move shot 2 right",
    ],
)
def test_controls_carry_their_names(tokyo, creative, name):
    page = creative.get(f"{address(tokyo)}?shot={shots(tokyo)[1].pk}").content.decode()
    assert re.search(rf'aria-label="{name}"|>{name}</', page)


def test_the_buttons_of_all_cards_are_one_template(tokyo, creative):
    page = creative.get(address(tokyo)).content.decode()
    template = re.search(r'<template id="card-tools">(.*?)</template>', page, re.DOTALL)[1]
    for name in ("Move shot 0 left", "Move shot 0 right", "More for shot 0", "Delete shot 0"):
        assert f'aria-label="{name}"' in template
    assert page.count('class="tool ') == 4


@pytest.mark.parametrize(
    ("data", "left"), [({"left": 1}, [1, 0]), ({"right": 0}, [1, 0]), ({"delete": 0}, [1])]
)
def test_a_button_of_a_card_moves_or_deletes(tokyo, creative, data, left):
    before = [shot.pk for shot in shots(tokyo)]
    posted = {name: before[index] for name, index in data.items()}
    answer = creative.post(address(tokyo, "tools"), {"base": 1, **posted})
    assert answer.status_code == 302
    assert [shot.pk for shot in shots(tokyo)] == [before[index] for index in left]


@pytest.mark.parametrize("data", [{}, {"left": "x"}, {"delete": 999_999}])
def test_a_button_of_no_shot_is_404(tokyo, creative, post, data):
    assert post(creative, address(tokyo, "tools"), {"base": 1, **data}).status_code == 404


def test_every_field_has_a_label_and_every_id_is_its_own(tokyo, creative):
    shot = shots(tokyo)[0]
    for query in ("", f"?shot={shot.pk}"):
        page = creative.get(address(tokyo) + query).content.decode()
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        fields = re.findall(
            r"<(?:input|textarea|select)(?![^>]*hidden)[^>]*\bid=\"([^\"]+)\"", page
        )
        assert fields
        named = set(re.findall(r'<label[^>]*for="([^"]+)"', page))
        named |= set(re.findall(r'\bid="([^"]+)"[^>]*aria-label="[^"]', page))
        assert set(fields) <= named


def test_texts_stand_in_their_fields_without_a_space_more(tokyo, creative):
    shot = shots(tokyo)[0]
    page = creative.get(address(tokyo) + f"?shot={shot.pk}").content.decode()
    assert page.count(">Wide aerial of neon Tokyo</textarea>") == 2


def test_a_form_that_saves_itself_has_no_button_with_another_address(tokyo, creative):
    """htmx would post the form to the address of whichever button had the focus last."""
    page = creative.get(address(tokyo)).content.decode()
    saving = re.findall(r"<form[^>]*hx-post[^>]*>.*?</form>", page, re.DOTALL)
    assert saving
    assert not any("formaction" in form for form in saving)


def test_nothing_on_the_page_is_inline(tokyo, creative):
    page = creative.get(address(tokyo) + f"?shot={shots(tokyo)[1].pk}").content.decode()
    assert "<style" not in page
    assert not re.search(r'\sstyle="|\son\w+="|<script>', page)


def test_a_shot_opens_in_the_inspector_as_page_and_as_fragment(tokyo, creative):
    shot = shots(tokyo)[1]
    page = creative.get(f"{address(tokyo)}?shot={shot.pk}").content.decode()
    fragment = creative.get(f"{address(tokyo)}?shot={shot.pk}", headers={"hx-request": "true"})
    assert f'id="inspect-{shot.pk}-prompt"' in page
    assert fragment.content.decode().lstrip().startswith('<section id="inspector"')


@pytest.mark.parametrize(
    "query", ["?shot=999999", "?shot=x", "?shot=", "?shot=-1", "?shot=" + "9" * 40]
)
def test_a_shot_that_is_not_there_opens_the_project(tokyo, creative, query):
    assert 'id="inspect-project"' in creative.get(address(tokyo) + query).content.decode()


def test_unverified_moves_are_marked(tokyo, creative, post):
    post(creative, address(tokyo, "edit"), {"base": 1, "motion": "crane-up"})
    page = creative.get(address(tokyo)).content.decode()
    assert "does not describe this move" in page
    assert "Crane up · unverified" in page


def test_an_edit_brings_back_card_inspector_total_strip_and_verdict(tokyo, creative, post):
    shot = shots(tokyo)[1]
    answer = post(
        creative, address(tokyo, "shots", shot.pk), {"base": 1, "duration": "46"}, shot.pk
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "boardChanged" in answer["HX-Trigger"]
    pieces = [
        "board-state",
        "conflict",
        f"card-{shot.pk}",
        f"segment-{shot.pk}",
        "ruler",
        "overrun",
    ]
    pieces += ["free", f"inspect-{shot.pk}-part-duration", f"inspect-{shot.pk}-transition-note"]
    assert re.findall(r'id="([^"]+)"[^>]*hx-swap-oob="true"', text) == pieces
    assert "Saved · rev 2" in text
    assert f'id="inspect-{shot.pk}-duration" name="duration" value="46"' in text


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ({"prompt": "Rain"}, ["prompt"]),
        ({"motion": "static", "speed": "0.2"}, ["camera"]),
        ({"light_style": "neon", "notes": "Ask Ana"}, ["light", "notes"]),
        ({"transition": "wipe"}, ["transition"]),
    ],
)
def test_an_edit_brings_back_those_parts_of_the_inspector_that_show_it(
    tokyo, creative, post, data, parts
):
    shot = shots(tokyo)[1]
    at = address(tokyo, "shots", shot.pk)
    text = post(creative, at, {"base": 1, **data}, shot.pk).content.decode()
    found = re.findall(rf'id="inspect-{shot.pk}-part-(\w+)"[^>]*hx-swap-oob="true"', text)
    assert found == parts
    assert 'id="inspector"' not in text
    elsewhere = post(creative, at, {"base": 2, "prompt": "Snow"}, shots(tokyo)[0].pk)
    assert "-part-" not in elsewhere.content.decode()


def test_locking_brings_back_the_whole_inspector(tokyo, creative, post):
    shot = shots(tokyo)[1]
    at = address(tokyo, "shots", shot.pk)
    text = post(creative, at, {"base": 1, "locked": "yes"}, shot.pk).content.decode()
    assert re.search(r'id="inspector"[^>]*hx-swap-oob="true"', text)
    assert re.search(rf'id="card-{shot.pk}-prompt"[^>]* readonly', text)
    assert re.search(rf'id="inspect-{shot.pk}-motion"[^>]* disabled', text)
    assert not re.search(rf'id="inspect-{shot.pk}-notes"[^>]* readonly', text)


def test_a_move_brings_back_the_order_and_no_card(tokyo, creative, post):
    first, second = (shot.pk for shot in shots(tokyo))
    data = {"base": 1, "order": f"{second},{first}", "moved": second}
    text = post(creative, address(tokyo, "order"), data, first).content.decode()
    assert f'data-order="{second},{first}"' in text
    assert '<span id="inspector-number" hx-swap-oob="true">2</span>' in text
    assert 'class="card' not in text
    assert 'id="ruler"' not in text, "as long as it was"
    step = post(creative, address(tokyo, "shots", first, "move"), {"base": 2, "direction": "left"})
    assert f'data-order="{first},{second}"' in step.content.decode()


def test_an_overrun_is_told_at_the_shot_where_it_happens(tokyo, creative, post):
    first, second = shots(tokyo)
    text = post(
        creative, address(tokyo, "shots", first.pk), {"base": 1, "duration": "52"}
    ).content.decode()
    crossing = re.search(rf'<p id="card-{second.pk}-length"[^>]*>(.*?)</p>', text)[1]
    edited = re.search(rf'<p id="card-{first.pk}-length"[^>]*>(.*?)</p>', text)[1]
    assert f'hx-swap-oob="beforebegin:#card-form-{second.pk} .facts"' in text
    assert crossing.endswith("Shot 2 makes the timeline 64 s. Shorten it by 4 s.")
    assert edited.endswith("The timeline is now 64 s: 4 s too long.")
    assert 'class="hatch" data-ms="4000"' in text
    assert 'data-ms="60000"' in text


def test_a_deleted_shot_can_be_brought_back(tokyo, creative, post):
    shot = shots(tokyo)[0]
    answer = post(creative, address(tokyo, "shots", shot.pk, "delete"), {"base": 1}, shot.pk)
    text = answer.content.decode()
    assert "Deleted shot 1 (Wide aerial of neon Tokyo)" in text
    assert "Bring it back" in text
    assert answer["HX-Replace-Url"] == address(tokyo)
    post(creative, address(tokyo, "undo"), {"base": 2})
    assert shots(tokyo)[0].pk == shot.pk


def test_a_new_shot_is_opened_and_ready_to_be_written(tokyo, creative, post):
    answer = post(creative, address(tokyo, "shots"), {"base": 1})
    new = shots(tokyo)[-1]
    assert (new.scene_id, new.prompt, new.duration_ms) == ("scene-3", "", 5_000)
    assert answer["HX-Replace-Url"] == f"{address(tokyo)}?shot={new.pk}"
    assert "No prompt yet" in answer.content.decode()


def test_a_move_is_said_to_screen_readers(tokyo, creative, post):
    first, second = (shot.pk for shot in shots(tokyo))
    answer = post(
        creative,
        address(tokyo, "order"),
        {"base": 1, "order": f"{second},{first}", "moved": second},
    )
    assert (
        '<div hx-swap-oob="innerHTML:#board-says">Shot 1 of 2 now.</div>' in answer.content.decode()
    )
    assert [shot.pk for shot in shots(tokyo)] == [second, first]


@pytest.mark.parametrize("order", ["", "1", "x,y", "1,1", "9" * 50])
def test_an_impossible_order_is_refused_in_words(tokyo, creative, post, order):
    answer = post(creative, address(tokyo, "order"), {"base": 1, "order": order})
    assert answer.status_code == 422
    assert "reload the page" in answer.content.decode()


def test_undo_and_redo_are_offered_only_where_there_is_something(tokyo, creative, post):
    def is_offered(text, name):
        return not re.search(rf'id="{name}-button"[^>]*disabled', text)

    page = creative.get(address(tokyo)).content.decode()
    assert not is_offered(page, "undo")
    assert not is_offered(page, "redo")
    text = post(creative, address(tokyo, "shots"), {"base": 1}).content.decode()
    assert is_offered(text, "undo")
    assert not is_offered(text, "redo")
    text = post(creative, address(tokyo, "undo"), {"base": 2}).content.decode()
    assert not is_offered(text, "undo")
    assert is_offered(text, "redo")
    nothing = post(creative, address(tokyo, "undo"), {"base": 3})
    assert nothing.status_code == 422
    assert "There is nothing to undo." in nothing.content.decode()


def test_plain_forms_do_all_of_it_with_redirects(tokyo, creative):
    first, second = shots(tokyo)
    walk = [
        (("edit",), {"title": "Osaka"}),
        (("shots",), {}),
        (("shots", second.pk), {"prompt": "Plain", "duration": "9"}),
        (("shots", second.pk, "move"), {"direction": "left"}),
        (("shots", first.pk, "delete"), {}),
        (("undo",), {}),
        (("redo",), {}),
    ]
    for base, (parts, data) in enumerate(walk, start=1):
        answer = creative.post(address(tokyo, *parts), {"base": base, **data})
        assert answer.status_code == 302
        assert answer["Location"].startswith(address(tokyo))
    project = Project.objects.get(pk=tokyo.pk)
    assert (project.title, project.revision) == ("Osaka", 8)
    assert [(shot.scene_id, shot.prompt) for shot in shots(tokyo)] == [
        ("scene-2", "Plain"),
        ("scene-3", ""),
    ]


def test_text_of_people_is_never_markup(tokyo, creative, post):
    shot = shots(tokyo)[0]
    shot.prompt, shot.scene_id = "</textarea><script>alert(1)</script>", '"><img src=x>'
    shot.save()
    page = creative.get(f"{address(tokyo)}?shot={shot.pk}").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_what_became_of_an_edit_is_read_aloud_from_outside_of_what_is_swapped(
    tokyo, creative, post
):
    page = creative.get(address(tokyo)).content.decode()
    assert '<div id="save-says" class="visually-hidden" role="status"' in page
    shot = address(tokyo, "shots", shots(tokyo)[0].pk)
    said = r'<div hx-swap-oob="innerHTML:#save-says">(.*?)</div>'
    saved = post(creative, shot, {"base": 1, "prompt": "Rain"}).content.decode()
    assert re.search(said, saved)[1] == "Saved"
    refused = post(creative, shot, {"base": 2, "duration": "NaN"}).content.decode()
    assert re.search(said, refused)[1].startswith("Not saved: “NaN” is not a duration.")
    assert 'id="save-says"' not in saved + refused


def test_a_part_of_the_board_never_stands_in_for_the_whole(tokyo, creative):
    shot = f"{address(tokyo)}?shot={shots(tokyo)[0].pk}"
    answers = {
        "page": creative.get(shot),
        "part": creative.get(shot, headers={"HX-Request": "true"}),
        "back": creative.get(
            shot, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
        ),
    }
    for name, answer in answers.items():
        text = answer.content.decode()
        assert text.count('id="inspector"') == 1
        assert ("<html" in text) == (name != "part")
        assert "HX-Request" in answer.headers["Vary"]
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_transition_longer_than_its_shots_leave_it_is_taken_and_said(creative, tokyo, post):
    shot = shots(tokyo)[0]
    says = "Drawn as at most 0.5 s here: it may reach to the middle of each shot."
    at = address(tokyo, "shots", shot.pk)
    fields = {"duration": "0.5", "transition": "crossfade", "transition_length": "5"}
    text = post(creative, at, {"base": 1, **fields}, shot.pk).content.decode()
    assert text.count(says) == 4  # the segment's title, the chip's, the chip and the field
    longer = post(creative, at, {"base": 2, "duration": "6"}, shot.pk).content.decode()
    assert f'id="inspect-{shot.pk}-transition-note"' in longer
    assert "Drawn as at most" not in longer
