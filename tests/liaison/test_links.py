"""Links into the private chat, made and read back."""

import pytest

from liaison import links
from liaison.bodies import BodyEntry, Tree


def tree() -> Tree:
    """A directory of one body."""
    return Tree([BodyEntry(12, "min-sample", "central", None, None, {"en": "Sample"}, {})])


def test_a_link_to_a_card_is_read_back() -> None:
    assert links.to_card("sample_bot", 12) == "https://t.me/sample_bot?start=b_12"
    assert links.body_in("b_12", tree()) == 12
    assert links.place_of("b_12", tree()) == "b:12"


@pytest.mark.parametrize("payload", ["b_13", "b_", "b_x", "b_-1", "b_٣", "b_1.2", "12", "b_" + "9" * 5_000])
def test_what_names_no_body_leads_nowhere(payload: str) -> None:
    assert links.body_in(payload, tree()) is None
    assert links.place_of(payload, tree()) == "ol"


@pytest.mark.parametrize(
    ("payload", "place"), [(None, "start"), ("", "start"), ("find", "fd"), ("my", "my"), ("xyz", "ol")]
)
def test_other_payloads(payload: str | None, place: str) -> None:
    assert links.place_of(payload, tree()) == place


def test_a_qr_picture_is_a_png() -> None:
    assert links.qr("https://t.me/sample_bot?start=b_12").startswith(b"\x89PNG\r\n\x1a\n")
