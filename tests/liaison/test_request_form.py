"""What a request says besides the plain answers: with whom, who comes along, files; and answers given anew."""

from dataclasses import replace
from typing import Any

import pytest

from liaison import attachments, meetings, proposals, request_form, requests
from liaison.attachments import File
from liaison.drafts import OutOfStep
from liaison.errors import LiaisonError
from storage.engine import Database
from storage.meetings import Attachment, Meeting
from tests.liaison.cast import POLICY, Cast
from tests.liaison.dialogue import Dialogue

NOTE = File("document", "FILE-1", "U1", "Note.pdf", 1000)
OFFICIAL = 1  # the first person written down


@pytest.fixture
def cast(database: Database) -> Cast:
    return Cast(database)


@pytest.fixture
def dialogue(cast: Cast) -> Dialogue:
    body_id = cast.body("sample")
    cast.official(body_id, 10)
    return Dialogue(cast, cast.ngo(30), body_id).to_preview()


def add(dialogue: Dialogue, file: File, mime_type: str | None = None, caption: str = "") -> Any:
    """Send a file while the preview is open."""
    whole = dialogue.do(request_form.add_file, dialogue.card.key, file, mime_type, caption)
    dialogue.again()
    return whole


def test_parts_open_from_the_preview_and_lead_back(dialogue: Dialogue) -> None:
    seen = []
    for pane in ("more", "names"):
        seen.append(dialogue.pane(pane).card.data["pane"])
    for _ in range(2):
        seen.append(dialogue.back().card.data["pane"])
    assert seen == ["more", "names", "more", ""]
    assert dialogue.card.step == "preview"
    assert dialogue.back().card.step == "times"


def test_only_what_there_is_can_be_opened(cast: Cast, dialogue: Dialogue) -> None:
    assert dialogue.refused(request_form.open_pane, "made-up") == "not-yours"
    assert dialogue.refused(request_form.with_whom, "the king") == "not-yours"
    assert dialogue.refused(request_form.edit, "org_name") == "not-yours"
    assert dialogue.refused(request_form.edit, "phone") == "not-yours"  # was not asked
    assert dialogue.refused(request_form.drop_file, 0) == "not-yours"
    stranger = cast.ngo(31)
    key, rev = dialogue.card.key, dialogue.card.rev
    assert cast.refused(stranger, request_form.open_pane, key, rev, "more") == "out-of-step"
    assert cast.refused(dialogue.person_id, request_form.open_pane, key, rev - 1, "more") == "out-of-step"


def test_the_form_travels_with_the_request(cast: Cast, dialogue: Dialogue) -> None:
    dialogue.pane("whom").tap(request_form.with_whom, "head").pane("names")
    dialogue.card = dialogue.do(request_form.set_attendees, dialogue.card.key, " Sampleva  Dana \n\nSamplev Erlan")
    assert dialogue.card.data["pane"] == ""
    add(dialogue, NOTE)
    add(dialogue, File("photo", "FILE-2", "U2", None, None))
    meeting_id = dialogue.send()
    (row,) = cast.rows(Meeting)
    assert (row["with_head"], row["attendees"], row["batch"]) == (True, ["Sampleva Dana", "Samplev Erlan"], None)
    kept = [(f["kind"], f["file_id"], f["unique_id"], f["name"], f["size"]) for f in cast.rows(Attachment)]
    assert kept == [("document", "FILE-1", "U1", "Note.pdf", 1000), ("photo", "FILE-2", "U2", None, None)]
    card = cast.see(dialogue.person_id, meetings.see, meeting_id)
    assert (card.with_head, card.attendees, card.files) == (True, ("Sampleva Dana", "Samplev Erlan"), 2)


def test_whom_and_names_can_be_taken_back(cast: Cast, dialogue: Dialogue) -> None:
    dialogue.tap(request_form.with_whom, "head")
    dialogue.card = dialogue.do(request_form.set_attendees, dialogue.card.key, "Sampleva Dana")
    dialogue.tap(request_form.with_whom, "official").tap(request_form.nobody_along)
    dialogue.send()
    (row,) = cast.rows(Meeting)
    assert (row["with_head"], row["attendees"]) == (False, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n".join(f"Sampleva {n}" for n in range(11)), "most-names"),
        ("Sampleva Dana\n" + "x" * 101, "too-long"),
        ("Sampleva Dana\nE", "too-short"),
        ("\n \n", "too-short"),
    ],
)
def test_names_within_bounds(cast: Cast, dialogue: Dialogue, text: str, code: str) -> None:
    assert cast.refused(dialogue.person_id, request_form.set_attendees, dialogue.card.key, text) == code


def test_ten_names_of_a_hundred_letters(dialogue: Dialogue) -> None:
    text = "\n".join(f"{n:0100d}" for n in range(10))
    dialogue.card = dialogue.do(request_form.set_attendees, dialogue.card.key, text)
    assert dialogue.card.data["attendees"] == text.split("\n")


@pytest.mark.parametrize("name", [f"note.{end}" for end in attachments.TYPES] + ["NOTE.PDF", "a.b.docx"])
def test_types_that_an_office_can_open(dialogue: Dialogue, name: str) -> None:
    assert add(dialogue, replace(NOTE, name=name)) is True
    assert [file["name"] for file in dialogue.card.data["files"]] == [name]


@pytest.mark.parametrize(
    ("file", "mime_type", "code"),
    [
        (replace(NOTE, name="note.exe"), "application/pdf", "file-type"),  # the name decides, not what the sender says
        (replace(NOTE, name="archive.zip"), None, "file-type"),
        (replace(NOTE, name="note.\u202etxt.exe"), None, "file-type"),  # shown as …exe.txt by a mark of direction
        (replace(NOTE, name="pdf"), None, "file-type"),
        (replace(NOTE, name=None), None, "file-type"),
        (replace(NOTE, name=None), "video/mp4", "file-type"),
        (replace(NOTE, size=20 * 1024 * 1024 + 1), None, "file-size"),
        (replace(NOTE, kind="photo", name=None, size=20 * 1024 * 1024 + 1), None, "file-size"),
    ],
)
def test_files_that_are_not_taken(cast: Cast, dialogue: Dialogue, file: File, mime_type: str, code: str) -> None:
    key = dialogue.card.key
    assert cast.refused(dialogue.person_id, request_form.add_file, key, file, mime_type, "") == code


@pytest.mark.parametrize(
    ("file", "mime_type", "name"),
    [
        (replace(NOTE, size=20 * 1024 * 1024), None, "Note.pdf"),
        (replace(NOTE, size=None), None, "Note.pdf"),
        (replace(NOTE, name=None), "application/pdf", None),
        (replace(NOTE, name="\u202eNote \n of  us.pdf"), None, "Note of us.pdf"),
        (replace(NOTE, name="x" * 200 + ".docx"), None, "x" * 114 + "….docx"),
    ],
)
def test_files_that_are_taken(dialogue: Dialogue, file: File, mime_type: str | None, name: str | None) -> None:
    add(dialogue, file, mime_type)
    (kept,) = dialogue.card.data["files"]
    assert (kept["name"], kept["size"]) == (name, file.size)
    assert name is None or len(name) <= attachments.NAME_LENGTH


def test_three_files_each_once_and_one_taken_away(cast: Cast, dialogue: Dialogue) -> None:
    for n in (1, 2, 1, 3):
        add(dialogue, replace(NOTE, file_id=f"FILE-{n}", unique_id=f"U{n}"))
    assert [file["unique_id"] for file in dialogue.card.data["files"]] == ["U1", "U2", "U3"]
    fourth = replace(NOTE, unique_id="U4")
    key = dialogue.card.key
    assert cast.refused(dialogue.person_id, request_form.add_file, key, fourth, None, "") == "most-files"
    dialogue.tap(request_form.drop_file, 1)
    add(dialogue, fourth)
    assert [file["unique_id"] for file in dialogue.card.data["files"]] == ["U1", "U3", "U4"]
    assert dialogue.refused(request_form.drop_file, 3) == "not-yours"


def test_words_under_a_file_are_the_agenda_unless_there_is_one(dialogue: Dialogue) -> None:
    assert add(dialogue, NOTE, caption=" " * 3) is True
    assert "agenda" not in dialogue.card.data
    assert add(dialogue, replace(NOTE, unique_id="U2"), caption="x" * 601) is False
    assert "agenda" not in dialogue.card.data
    assert add(dialogue, replace(NOTE, unique_id="U3"), caption="About ambulances") is True
    assert dialogue.card.data["agenda"] == "About ambulances"
    assert add(dialogue, NOTE, caption="And nurses") is False
    assert dialogue.card.data["agenda"] == "About ambulances"
    assert len(dialogue.card.data["files"]) == 3


def test_files_are_shown_to_whoever_may_see_the_meeting(cast: Cast, dialogue: Dialogue) -> None:
    add(dialogue, NOTE)
    meeting_id = dialogue.send()
    for person in (dialogue.person_id, OFFICIAL):
        assert cast.see(person, attachments.of, meeting_id) == ("UKL-26-000001", (NOTE,))
    with pytest.raises(LiaisonError, match="not-yours"):
        cast.see(cast.ngo(31), attachments.of, meeting_id)


def test_one_answer_is_given_anew_and_the_rest_stays(dialogue: Dialogue) -> None:
    before = dialogue.card.data
    dialogue.card = dialogue.do(requests.set_agenda, dialogue.card.key, "Ambulances")
    dialogue.pane("edit").tap(request_form.edit, "topic")
    assert (dialogue.card.step, "topic" in dialogue.card.data) == ("topic", False)
    assert dialogue.answer("gender").card.step == "preview"
    data = dialogue.card.data
    assert (data["topic"], data["mode"], data["times"], data["agenda"]) == (
        "gender",
        before["mode"],
        before["times"],
        "Ambulances",
    )
    assert "kept" not in data


def test_back_from_an_answer_given_anew_leaves_it_as_it_was(dialogue: Dialogue) -> None:
    before = {name: dialogue.card.data[name] for name in ("topic", "mode", "times")}
    for step in before:
        dialogue.tap(request_form.edit, step)
        assert dialogue.card.step == step
        dialogue.back()
        assert dialogue.card.step == "preview"
        assert {name: dialogue.card.data[name] for name in before} == before
        assert "kept" not in dialogue.card.data


def test_another_way_to_meet_asks_for_the_number_or_forgets_it(dialogue: Dialogue) -> None:
    dialogue.tap(request_form.edit, "mode").answer("phone")
    assert dialogue.card.step == "phone"
    dialogue.back()
    assert (dialogue.card.step, dialogue.card.data["mode"]) == ("preview", "in_person")
    dialogue.tap(request_form.edit, "mode").answer("phone", "8 701 000 00 01")
    assert (dialogue.card.step, dialogue.card.data["phone"]) == ("preview", "+77010000001")
    dialogue.tap(request_form.edit, "phone").answer("8 701 000 00 02")
    assert dialogue.card.data["phone"] == "+77010000002"
    dialogue.tap(request_form.edit, "mode").answer("online")
    assert (dialogue.card.step, "phone" in dialogue.card.data) == ("preview", False)
    dialogue.tap(request_form.edit, "mode").answer("phone").back()
    assert (dialogue.card.data["mode"], "phone" in dialogue.card.data) == ("online", False)


def test_new_times_for_a_sent_request_have_only_times_and_agenda(cast: Cast, dialogue: Dialogue) -> None:
    meeting_id = dialogue.send()
    cast.do(OFFICIAL, proposals.other_times, meeting_id, {"reason_code": "busy"}, POLICY)
    card = cast.do(dialogue.person_id, requests.begin_new_times, meeting_id, POLICY)
    dialogue.card = card
    dialogue.use()
    for pane in ("more", "whom", "names", "files", "also"):
        assert dialogue.refused(request_form.open_pane, pane) == "not-yours"
    assert dialogue.refused(request_form.edit, "topic") == "not-yours"
    assert dialogue.pane("edit").tap(request_form.edit, "times").card.step == "times"
    assert dialogue.use().send() == meeting_id


def test_a_file_outside_the_preview_is_out_of_step(cast: Cast, dialogue: Dialogue) -> None:
    dialogue.back()
    with pytest.raises(OutOfStep):
        dialogue.do(request_form.add_file, dialogue.card.key, NOTE, None, "")
