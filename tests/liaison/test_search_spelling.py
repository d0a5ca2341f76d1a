"""Spelling: one skeleton for all habits of writing, stems, keyboards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.spelling import clean, fold, folds, initials, spelled_initials, words
from liaison.spelling_layouts import retyped
from liaison.spelling_stems import stems


@pytest.mark.parametrize(
    ("skeleton", "spellings"),
    [
        ("karagandi", "қарағанды караганды Qaraǵandy Qarağandı Karagandy"),
        ("Jetisu", "жетісу жетису Zhetisu Jetısu Jetisu"),
        ("ministrligi", "министрлігі министрлиги mınıstrligi ministrligi"),
        ("aktau", "ақтау актау Aqtau aqtaý Aktau"),
        ("Serbaktinski", "щербактинский shcherbaktinskij shherbaktinskiy"),
        ("fedorov", "Фёдоров федоров Fyodorov Fedorov"),
        ("gilim", "ғылым гылым Ǵylym ğylym g'ylym"),
        ("Simkent", "шымкент Shymkent Şymkent s'ymkent"),
        ("obrazovania", "образования obrazovaniya obrazovanija"),
    ],
)
def test_all_spellings_meet(skeleton: str, spellings: str) -> None:
    assert {fold(clean(word)) for word in spellings.split()} == {skeleton}


def test_a_latin_j_may_be_either_sound() -> None:
    assert "raion" in folds("rajon")
    assert "iustici" in folds("justicii")
    assert folds("район") == ("raion",)


def test_look_alikes_go_to_the_script_of_their_word() -> None:
    assert words(clean("мuнфин МВД Aлматы")) == ["мuнфин", "мвд", "алматы"]
    assert words("oblыs") == ["oblыs"]
    assert words(clean("Караганды oблысы р-н мин-во Усть-Каменогорск")) == [
        "караганды",
        "облысы",
        "рн",
        "минво",
        "усть",
        "каменогорск",
    ]


def test_cleaning_is_one_form_of_unicode_and_400_characters() -> None:
    assert clean("ＭВД\u200b И\u0306") == "mвд й"
    assert clean("а" * 10_000) == "а" * 400
    assert clean("İstanbul") == "istanbul"


def test_abbreviations_are_spelled_letter_by_letter() -> None:
    assert initials("ғжбм") == initials("гжбм")
    assert initials("іім") == initials("iim") == initials("иим")
    assert initials("мчс") in spelled_initials("mchs")
    assert initials("цик") in spelled_initials("tsik")


@pytest.mark.parametrize(
    "forms",
    [
        "министерство министерства министерству министерством министерстве",
        "район района району районом районе",
        "карагандинская карагандинской карагандинскую карагандинский карагандинского",
        "здравоохранение здравоохранения здравоохранению здравоохранением",
        "комитет комитета комитетом комитетами комитетах",
        "әкімдігі әкімдігіне әкімдігінен әкімдігінің",
        "министрлік министрлікпен министрліктен министрлікке",
        "банк банкте банктен",
    ],
)
def test_cases_share_a_stem(forms: str) -> None:
    meet = [{fold(clean(word)), *stems(fold(clean(word)))} for word in forms.split()]
    assert set.intersection(*meet)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("j,kplhfd", "облздрав"),
        ("cjwpfobnf isvrtyn", "соцзащита шымкент"),
        ("ltycfeks0 cf0nfe vbybcnhk3u3", "денсаулық сақтау министрлігі"),
        ("флшьфе фыефтф", "akimat astana"),
        ("қала", "0fkf"),
    ],
)
def test_keyboards_in_the_wrong_language(typed: str, meant: str) -> None:
    assert meant in retyped(typed)


def test_figures_alone_are_no_wrong_keyboard() -> None:
    assert retyped("2345") == []
    assert retyped("...") == []


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=500))
def test_any_text_can_be_read(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= 400
    for word in words(cleaned):
        for folded in folds(word):
            assert stems(folded) is not None
        assert initials(word).startswith("~")
