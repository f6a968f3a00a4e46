"""Adding, answering, editing, deleting and resolving notes: the rules, and what is kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.inbox.models import Kind, Notice
from studio.reviews.models import Channel, Note, NoteEdit
from studio.reviews.notes import writing
from studio.reviews.notes.drafts import Draft, Refused
from studio.reviews.notes.mentions import mentioned, suggested
from studio.reviews.notes.reading import former_of, notes_for, tally_of, thread_for

DOT = [{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}]


def test_a_members_note_is_internal_unless_they_say_so(member, write):
    assert write(member).channel == Channel.INTERNAL
    assert write(member, "For Jane", channel="client").channel == Channel.CLIENT
    assert write(member, "Typo", channel="clients").channel == Channel.INTERNAL


def test_a_guests_note_is_the_clients_whatever_they_send(guest, write):
    note = write(guest, channel="internal")
    assert (note.channel, note.guest, note.author) == (Channel.CLIENT, guest.guest, None)


def test_the_database_refuses_a_guests_internal_note(guest, write):
    note = write(guest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(channel=Channel.INTERNAL)


def test_an_answer_is_in_its_threads_channel(member, guest, write):
    for channel in Channel.values:
        thread = write(member, f"In {channel}", channel=channel)
        assert writing.reply(member, thread, "Done").channel == channel
    ours = write(guest, "Brighter?")
    assert writing.reply(member, ours, "Yes").channel == Channel.CLIENT


def test_a_second_click_writes_one_note(member, write):
    first = write(member, from_ms=500, drawing=DOT)
    assert write(member, from_ms=500, drawing=DOT) == first
    assert write(member, from_ms=500) != first  # another drawing
    assert write(member, from_ms=600, drawing=DOT) != first
    assert writing.reply(member, first, "Ok") == writing.reply(member, first, "Ok")


def test_the_same_words_of_others_and_of_later_are_notes_of_their_own(member, as_guest, write):
    write(as_guest())
    write(as_guest())
    note = write(member, channel="client")
    Note.objects.filter(pk=note.pk).update(created_at=timezone.now() - timedelta(seconds=11))
    write(member, channel="client")
    assert Note.objects.count() == 4


def test_a_take_that_is_full_says_so_and_loses_nothing(member, write, monkeypatch):
    monkeypatch.setattr(writing, "MOST_NOTES", 1)
    write(member)
    with pytest.raises(Refused, match="holds 1 notes") as refused:
        write(member, "One more")
    assert refused.value.typed.text == "One more"


def test_editing_keeps_what_was_said_before(member, write):
    note = write(member, from_ms=500, drawing=DOT)
    assert writing.edit(member, note, Draft("Darker", from_ms=700, to_ms=900))
    note.refresh_from_db()
    assert (note.text, note.from_ms, note.to_ms, note.drawing, note.drawn) == (
        "Darker",
        700,
        900,
        [],
        "",
    )
    assert note.edited_at == note.changed_at
    kept = NoteEdit.objects.get(note=note)
    assert (kept.text, kept.from_ms, kept.to_ms, kept.drawing) == ("Too dark", 500, None, DOT)


def test_saving_what_it_says_already_is_no_edit(member, write):
    note = write(member, from_ms=500)
    assert not writing.edit(member, note, Draft("Too dark", from_ms=500))
    note.refresh_from_db()
    assert note.edited_at is None
    assert not NoteEdit.objects.exists()


def test_an_edited_answer_keeps_its_place(member, write):
    thread = write(member, from_ms=500)
    answer = writing.reply(member, thread, "Ok")
    writing.edit(member, answer, Draft("Okay", from_ms=9, scene_id="scene-1"))
    answer.refresh_from_db()
    assert (answer.text, answer.from_ms, answer.scene_id, answer.parent) == (
        "Okay",
        None,
        "",
        thread,
    )


def test_only_its_author_edits_a_note(as_member, admin, member, guest, as_guest, write):
    for note, others in [
        (write(member, channel="client"), [as_member(admin), guest]),
        (write(guest, "Mine"), [as_member(admin), member, as_guest()]),
    ]:
        for other in others:
            with pytest.raises(PermissionDenied, match="Only who wrote"):
                writing.edit(other, note, Draft("Changed"))
    assert not NoteEdit.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"), [("viewer", 0), ("creative", 0), ("producer", 1), ("admin", 1)]
)
def test_authors_and_producers_delete(request, as_member, as_guest, write, who, may):
    someone = as_member(request.getfixturevalue(who))
    note = write(as_guest(), "Mine")
    if may:
        writing.delete(someone, note)
    else:
        with pytest.raises(PermissionDenied, match="or a producer"):
            writing.delete(someone, note)
    assert notes_for(someone).filter(pk=note.pk).exists() != bool(may)
    own = write(someone, "Own")
    writing.delete(someone, own)
    writing.restore(someone, own)
    assert notes_for(someone).filter(pk=own.pk).exists()


def test_a_guest_deletes_only_what_they_wrote_in_this_browser(guest, as_guest, member, write):
    for note in (write(member, channel="client"), write(as_guest(), "Theirs")):
        with pytest.raises(PermissionDenied):
            writing.delete(guest, note)
        with pytest.raises(PermissionDenied):
            writing.restore(guest, note)
    writing.delete(guest, write(guest, "Mine"))


def test_who_lost_the_right_to_comment_keeps_no_right_to_edit(guest, write):
    note = write(guest)
    guest.link.rights = "view"
    with pytest.raises(PermissionDenied):
        writing.edit(guest, note, Draft("Changed"))
    with pytest.raises(PermissionDenied):
        writing.delete(guest, note)


def test_members_resolve_and_reopen_guests_do_not(member, as_member, viewer, guest, write):
    note = write(guest)
    for act in (writing.resolve, writing.reopen):
        with pytest.raises(PermissionDenied, match="members of the studio"):
            act(guest, note)
    writing.resolve(as_member(viewer), note)
    writing.resolve(member, note)  # says so too, later: who was first stays named
    note.refresh_from_db()
    assert note.resolved_by == viewer.user
    writing.reopen(member, note)
    note.refresh_from_db()
    assert (note.resolved_at, note.resolved_by) == (None, None)


def test_each_change_is_later_than_all_before_it(member, guest, write):
    """Also where the clock went back, or another machine's is ahead: pulses rely on it."""
    note = write(member, channel="client")
    ahead = timezone.now() + timedelta(minutes=5)
    Note.objects.filter(pk=note.pk).update(changed_at=ahead)
    seen = [tally_of(guest).pulse]
    for act in (
        lambda: writing.edit(member, note, Draft("Darker")),
        lambda: writing.resolve(member, note),
        lambda: writing.reopen(member, note),
        lambda: writing.delete(member, note),
        lambda: writing.restore(member, note),
        lambda: writing.reply(member, thread_for(member, note.pk), "Ok"),
    ):
        act()
        note.refresh_from_db()
        seen.append(tally_of(guest).pulse)
    assert len(set(seen)) == 7


def test_a_guests_pulse_knows_nothing_of_internal_notes(member, guest, write):
    before = tally_of(guest)
    note = write(member)
    writing.reply(member, note, "Ok")
    writing.resolve(member, note)
    assert tally_of(guest) == before
    assert tally_of(member).resolved == 1


def test_mentioned_members_are_told_once_and_nobody_else(
    member, as_member, producer, viewer, stranger, write, workspace
):
    """Nor the author, nor members of other workspaces, nor whom the text only resembles."""
    producer.user.name, viewer.user.name = "Ada Berg", "Ada"
    producer.user.save()
    viewer.user.save()
    note = write(member, f"@Ada Berg and @{member.user.name}, @{stranger.user.name}@Elsewhere?")
    told = Notice.objects.get(kind=Kind.MENTIONED)
    assert told.user == producer.user
    assert told.url.endswith(f"/takes/{member.take.pk}/#note-{note.pk}")
    assert "and @" not in told.says  # an internal note's words stay in it
    writing.edit(member, note, Draft("@Ada Berg and @ada: look"))
    people = Notice.objects.filter(kind=Kind.MENTIONED).values_list("user", flat=True)
    assert sorted(people) == sorted([producer.user.pk, viewer.user.pk])
    assert {each.user for each in note.mentions.all()} == {producer.user, viewer.user}
    writing.edit(member, note, Draft("Nobody"))
    assert not note.mentions.exists()


def test_a_guests_text_names_nobody_and_is_told_to_who_let_them_in(
    guest, producer, creative, admin, write
):
    creative.user.name = "Ada"
    creative.user.save()
    note = write(guest, "@Ada, please")
    writing.reply(guest, note, "@Ada?")
    assert not note.mentions.exists()
    told = Notice.objects.values_list("kind", "user")
    assert list(told) == [(Kind.NOTED, producer.user.pk)] * 2


def test_whom_a_text_names(admin, producer, viewer):
    admin.user.name, producer.user.name, viewer.user.name = "Ada", "Ada Berg", ""
    people = [admin.user, producer.user, viewer.user]
    named = lambda text: mentioned(text, people)  # noqa: E731  (reads as what it asks)
    assert named("Ask @Ada Berg.") == [producer.user]
    assert named("Ask @Ada, then @ADA BERG!") == [admin.user, producer.user]
    assert named("(@viewer)") == [viewer.user]
    assert named("mail@Ada @Adam @") == []


def test_names_are_suggested_by_how_they_begin(take, producer, creative, stranger):
    producer.user.name = "Ada Berg"
    producer.user.save()
    assert suggested(take, "be") == ["Ada Berg"]
    assert suggested(take, "") == ["Ada Berg", "Creative"]
    assert suggested(take, "admin") == []
    assert suggested(take, "(") == []


def test_the_former_takes_open_notes_are_counted_and_none_is_inherited(
    member, guest, as_member, creative, make_take, write
):
    resolved = write(member)
    writing.resolve(member, resolved)
    write(member, "Open")
    writing.delete(member, write(member, "Gone"))
    later = make_take(project=member.take.project)
    now = as_member(creative, later)
    found = former_of(now)
    assert found is not None
    assert (found.take, found.open) == (member.take, 1)
    assert not notes_for(now).exists()
    assert former_of(member) is None
    assert former_of(guest) is None


def test_guests_leave_room_for_the_house(member, guest, as_guest, write, monkeypatch):
    monkeypatch.setattr(writing, "MOST_OF_GUESTS", 2)
    write(guest, "One")
    write(guest, "Two")
    with pytest.raises(Refused, match="notes of guests"):
        write(as_guest(), "Three")
    assert write(member, "Three", channel="client").pk


def test_a_note_is_not_edited_for_ever(guest, write, monkeypatch):
    monkeypatch.setattr(writing, "MOST_EDITS", 2)
    note = write(guest)
    assert writing.edit(guest, note, Draft(text="Darker"))
    assert writing.edit(guest, note, Draft(text="Darker still"))
    with pytest.raises(PermissionDenied, match="edited 2 times"):
        writing.edit(guest, note, Draft(text="Night"))
    assert NoteEdit.objects.count() == 2
    note.refresh_from_db()
    assert note.text == "Darker still"


def test_what_a_producer_deleted_its_author_does_not_bring_back(
    guest, member, as_member, producer, write
):
    house = as_member(producer)
    for author in (guest, member):
        note = write(author, "Not this.")
        writing.delete(house, note)
        with pytest.raises(PermissionDenied, match="Only who deleted it"):
            writing.restore(author, note)
        writing.restore(house, note)
        writing.delete(author, note)
        writing.restore(author, note)
        assert Note.objects.get(pk=note.pk).deleted_at is None
