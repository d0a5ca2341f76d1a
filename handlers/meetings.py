"""Both sides' taps on a meeting: confirm, place, other times, decline, cancel, withdraw."""

from telegram import Update

from handlers.context import Context
from liaison import confirming, endings, remarks
from liaison.drafts import DraftCard

OWN_WORDS = "words"  # in place of a ready reason


async def my(update: Update, context: Context) -> None:
    """/my."""
    await context.show("my")


async def confirm(update: Update, context: Context) -> None:
    """One tap on a time confirms it; then the place is asked for."""
    meeting_id, slot_id = context.number(1), context.number(2)
    context.place = f"cp:{meeting_id}"
    await context.write(confirming.confirm, context.actor, meeting_id, slot_id, context.policy, now=context.view.now)
    say = context.view.speech.say
    told, undoable = say("Confirmed. The NGO is being told."), say("Confirmed. You can still take it back.")
    await context.show(context.place, toast=undoable if context.policy.undo else told)


async def accept(update: Update, context: Context) -> None:
    """The NGO takes one of the times the office offers: one tap."""
    meeting_id, slot_id = context.number(1), context.number(2)
    await context.do(confirming.accept, meeting_id, slot_id, context.policy, then=f"m:{meeting_id}")


async def undo(update: Update, context: Context) -> None:
    """[Take it back], within the minute."""
    meeting_id = context.number(1)
    context.place = f"m:{meeting_id}"
    await context.write(confirming.undo, context.actor, meeting_id, context.policy, now=context.view.now)
    await context.show(context.place, toast=context.view.speech.say("Taken back. Nobody was told anything."))


async def other_times(update: Update, context: Context) -> None:
    """A reason why the offered times do not suit; then words are asked for."""
    await context.do(remarks.ask_words, "other_times", context.number(1), context.part(2), then="d:other_times")


async def other_times_bare(update: Update, context: Context) -> None:
    """[Send without words]."""
    meeting_id, key = context.number(1), context.part(2)
    await context.do(remarks.say_words, "other_times", key, "", context.policy, then=f"m:{meeting_id}")


async def decline(update: Update, context: Context) -> None:
    """A ready reason declines; another reason is asked for in words."""
    meeting_id, code = context.number(1), context.part(2)
    if code == OWN_WORDS:
        await context.do(remarks.ask_words, "decline", meeting_id, None, then="d:decline")
    else:
        await context.do(endings.decline, meeting_id, {"reason_code": code}, context.policy, then=f"m:{meeting_id}")


async def cancel(update: Update, context: Context) -> None:
    """A ready reason cancels; another reason is asked for in words."""
    meeting_id, code = context.number(1), context.part(2)
    if code == OWN_WORDS:
        await context.do(remarks.ask_words, "cancel", meeting_id, None, then="d:cancel")
    else:
        await context.do(endings.cancel, meeting_id, {"reason_code": code}, context.policy, then=f"m:{meeting_id}")


async def withdraw(update: Update, context: Context) -> None:
    """[Yes, withdraw]."""
    await context.do(endings.withdraw, context.number(1), context.policy, then=f"m:{context.number(1)}")


async def change_place(update: Update, context: Context) -> None:
    """[Name the place] or [Change the place]: asked in a message of its own, the facts above stay readable."""
    context.place = "d:place"
    await context.write(remarks.ask_place, context.actor, context.number(1), now=context.view.now)
    await context.post("d:place")


async def last_place(update: Update, context: Context) -> None:
    """[As last time]."""
    meeting_id, key = context.number(1), context.part(2)
    await context.do(remarks.last_place, meeting_id, key, context.policy, then=f"pk:{meeting_id}")


async def skip_place(update: Update, context: Context) -> None:
    """[Skip for now]."""
    await context.do(remarks.skip_place, context.number(1), context.part(2), then=f"m:{context.number(1)}")


async def leave_words(update: Update, context: Context) -> None:
    """[Back] from a question in words."""
    meeting_id, kind = context.number(1), context.part(2)
    await context.do(remarks.leave_words, kind, meeting_id, then=f"m:{meeting_id}")


async def typed_place(context: Context, draft: DraftCard, text: str) -> None:
    """The place, typed."""
    await context.do(remarks.say_place, draft.key, text, context.policy, then=f"pk:{draft.data['meeting']}")


async def typed_words(context: Context, draft: DraftCard, text: str) -> None:
    """A reason or a remark, typed."""
    meeting_id = draft.data["meeting"]
    await context.do(remarks.say_words, draft.kind, draft.key, text, context.policy, then=f"m:{meeting_id}")
