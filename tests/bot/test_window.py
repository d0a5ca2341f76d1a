"""What may be confirmed to Telegram, and what is still wanted."""

from bot.window import Window


def test_the_offset_follows_the_settled() -> None:
    window = Window()
    assert window.offset is None
    assert window.take([5, 6, 7], all_there=True) == [5, 6, 7]
    assert window.offset == 5
    window.settle(6)
    assert window.offset == 5
    window.settle(5)
    assert window.offset == 7
    window.settle(7)
    assert window.offset == 8


def test_what_is_in_hand_or_settled_behind_a_hanging_one_is_not_taken_twice() -> None:
    window = Window()
    window.take([5, 6], all_there=True)
    window.settle(6)
    assert window.take([5, 6, 7], all_there=True) == [7]
    assert window.offset == 5


def test_what_was_given_back_is_taken_again_and_keeps_its_place() -> None:
    window = Window()
    window.take([5, 6, 7], all_there=True)
    window.settle(6)
    window.settle(7)
    window.give_back(5)
    assert window.offset == 5
    assert window.take([5, 6, 7], all_there=True) == [5]
    window.settle(5)
    assert window.offset == 8


def test_what_was_given_back_and_is_gone_holds_nothing_up() -> None:
    window = Window()
    window.take([5, 6, 7], all_there=True)
    for number in (5, 6):
        window.give_back(number)
    window.settle(7)
    assert window.take([6, 7], all_there=False) == [6]
    assert window.offset == 6
    window.give_back(6)
    assert window.take([], all_there=True) == []
    assert window.offset == 8


def test_a_cut_off_batch_proves_nothing_about_what_lies_behind_it() -> None:
    window = Window()
    window.take([5, 6, 7], all_there=True)
    window.give_back(7)
    assert window.take([5, 6], all_there=False) == []
    assert window.take([5, 6, 7], all_there=True) == [7]


def test_numbers_may_start_again_lower() -> None:
    window = Window()
    window.take([900], all_there=True)
    window.forget_offset()
    assert window.offset == 900
    window.settle(900)
    assert window.offset == 901
    window.forget_offset()
    assert window.offset is None
    assert window.take([3, 4], all_there=True) == [3, 4]
    window.settle(3)
    assert window.offset == 4


def test_an_answer_that_was_under_way_brings_nothing_back_that_got_settled_meanwhile() -> None:
    window = Window()
    window.take([5, 6], all_there=True)
    assert window.ask() == 5
    window.settle(5)
    assert window.take([5, 6, 7], all_there=True) == [7]
    assert window.offset == 6
    assert window.ask() == 6
    window.settle(7)
    window.settle(6)
    assert window.take([6, 7], all_there=True) == []
    assert window.ask() == 8


def test_a_number_may_come_again_in_another_life() -> None:
    window = Window()
    window.take([5], all_there=True)
    window.settle(5)
    window.forget_offset()
    assert window.ask() is None
    assert window.take([5], all_there=True) == [5]
