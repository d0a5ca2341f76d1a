"""Both sides' taps on a meeting: confirm, place, other times, decline, cancel, withdraw."""

from telegram import Update

from handlers.context import Context
from liaison import meetings, remarks
from liaison.drafts import DraftCard


async def my(update: Update, context: Context) -> None:
    """/my."""
    await context.show("my")


async def confirm(update: Update, context: Context) -> None:
    """One tap on a time confirms it; then the place is asked for."""
    meeting_id, slot_id = context.number(1), context.number(2)
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(meetings.confirm, context.actor, meeting_id, slot_id, policy, now=now)
    await context.show("d:place", toast=context.view.speech.say("Confirmed. The NGO is being told."))


async def other_times(update: Update, context: Context) -> None:
    """A reason why the offered times do not suit; then words are asked for."""
    meeting_id, code = context.number(1), context.part(2)
    context.place = "d:other_times"
    await context.write(remarks.ask_words, context.actor, "other_times", meeting_id, code, now=context.view.now)
    await context.show("d:other_times")


async def other_times_bare(update: Update, context: Context) -> None:
    """[Send without words]."""
    meeting_id, key = context.number(1), context.part(2)
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(remarks.say_words, context.actor, "other_times", key, "", policy, now=now)
    await context.show(f"m:{meeting_id}")


async def decline(update: Update, context: Context) -> None:
    """A ready reason declines; another reason is asked for in words."""
    meeting_id, code = context.number(1), context.part(2)
    if code == "words":
        await _ask_words(context, "decline", meeting_id)
        return
    context.place = f"m:{meeting_id}"
    reason = {"reason_code": code}
    await context.write(meetings.decline, context.actor, meeting_id, reason, now=context.view.now)
    await context.show(f"m:{meeting_id}")


async def cancel(update: Update, context: Context) -> None:
    """A ready reason cancels; another reason is asked for in words."""
    meeting_id, code = context.number(1), context.part(2)
    if code == "words":
        await _ask_words(context, "cancel", meeting_id)
        return
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(meetings.cancel, context.actor, meeting_id, {"reason_code": code}, policy, now=now)
    await context.show(f"m:{meeting_id}")


async def withdraw(update: Update, context: Context) -> None:
    """[Yes, withdraw]."""
    meeting_id = context.number(1)
    context.place = f"m:{meeting_id}"
    await context.write(meetings.withdraw, context.actor, meeting_id, context.services.policy, now=context.view.now)
    await context.show(f"m:{meeting_id}")


async def change_place(update: Update, context: Context) -> None:
    """[Name the place] or [Change the place]."""
    meeting_id = context.number(1)
    context.place = "d:place"
    await context.write(remarks.ask_place, context.actor, meeting_id, now=context.view.now)
    await context.say("d:place")


async def last_place(update: Update, context: Context) -> None:
    """[As last time]."""
    meeting_id, key = context.number(1), context.part(2)
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(remarks.last_place, context.actor, meeting_id, key, policy, now=now)
    await context.show(f"pk:{meeting_id}")


async def skip_place(update: Update, context: Context) -> None:
    """[Skip for now]."""
    meeting_id, key = context.number(1), context.part(2)
    context.place = f"m:{meeting_id}"
    await context.write(remarks.skip_place, context.actor, meeting_id, key, now=context.view.now)
    await context.show(f"m:{meeting_id}")


async def leave_words(update: Update, context: Context) -> None:
    """[Back] from a question in words."""
    meeting_id, kind = context.number(1), context.part(2)
    context.place = f"m:{meeting_id}"
    await context.write(remarks.leave_words, context.actor, kind, meeting_id)
    await context.show(f"m:{meeting_id}")


async def typed_place(context: Context, draft: DraftCard, text: str) -> None:
    """The place, typed."""
    meeting_id = int(draft.data["meeting"])
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(remarks.say_place, context.actor, draft.key, text, policy, now=now)
    await context.show(f"pk:{meeting_id}")


async def typed_words(context: Context, draft: DraftCard, text: str) -> None:
    """A reason or a remark, typed."""
    meeting_id = int(draft.data["meeting"])
    context.place = f"m:{meeting_id}"
    policy, now = context.services.policy, context.view.now
    await context.write(remarks.say_words, context.actor, draft.kind, draft.key, text, policy, now=now)
    await context.show(f"m:{meeting_id}")


async def _ask_words(context: Context, kind: str, meeting_id: int) -> None:
    context.place = f"d:{kind}"
    await context.write(remarks.ask_words, context.actor, kind, meeting_id, None, now=context.view.now)
    await context.show(f"d:{kind}")
