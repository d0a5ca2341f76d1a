"""Taps and texts of a word between the sides: written, muted, reported; and the coordinator's decision."""

from telegram import Update

from handlers.context import Context
from liaison import drafts, talk_reports, talks
from liaison.drafts import DraftCard
from liaison.errors import LiaisonError

AGAIN = ("too-long", "too-short", "only-contacts")  # refusals after which the word is written once more


async def write(update: Update, context: Context) -> None:
    """``tw:MEETING``: [Write a word] or [Answer]; asked in a message of its own, what stands above stays readable."""
    meeting_id = context.number(1)
    context.place = f"d:{talks.KIND}"
    await context.write(talks.ask, context.actor, meeting_id, context.policy, now=context.view.now)
    await context.post(context.place)


async def leave(update: Update, context: Context) -> None:
    """``tb:MEETING``: [Back] from the question."""
    context.place = f"m:{context.number(1)}"
    await context.write(drafts.drop, context.actor.id, talks.KIND)
    await context.show(context.place)


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The word, typed: passed on, and the author is told what of it was not."""
    say, context.place = context.view.speech.say, f"m:{draft.data['meeting']}"
    try:
        passed = await context.write(talks.say, context.actor, draft.key, text, context.policy, now=context.view.now)
    except LiaisonError as refusal:
        if refusal.code in AGAIN:
            context.place = f"d:{talks.KIND}"
        raise
    note = say("Your word was passed on to the other side.")
    if passed.masked:
        note = say(
            "Your word was passed on, but for the phone numbers, e-mail addresses or accounts in it: in their place "
            "the other side sees •••."
        )
    await context.show(context.place, note=note)


async def mute(update: Update, context: Context) -> None:
    """``tm:MEETING:on|off[:WORD]``: [Mute] or [Hear words again], under a word or on the meeting's card."""
    meeting_id, muted = context.number(1), context.part(2) == "on"
    then = f"tk:{context.number(3)}" if len(context.tap) > 3 else f"m:{meeting_id}"
    await context.do(talks.mute, meeting_id, context.policy, muted=muted, then=then)


async def report(update: Update, context: Context) -> None:
    """``tr:WORD``: [Yes, report it]."""
    await context.do(talk_reports.report, context.number(1), context.policy, then=f"tk:{context.number(1)}")


async def judge(update: Update, context: Context) -> None:
    """``tj:WORD:closed|fine``: [Close the talk] or [It is fine]."""
    await context.do(talk_reports.judge, context.number(1), context.part(2), then=f"to:{context.number(1)}")
