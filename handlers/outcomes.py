"""Taps about what came of a meeting: was it held, was the question answered, a coordinator's word, a new request."""

from telegram import Update

from handlers.context import Context
from liaison import outcome_sight, outcomes, promises, request_times


async def say(update: Update, context: Context) -> None:
    """``os:MEETING:PARTY:HELD[:WHY]``: [Held], [Moved], or why it was not held."""
    meeting_id, party, held = context.number(1), context.part(2), context.part(3)
    why = context.part(4) if held == "not_held" else None
    await context.do(outcomes.say, meeting_id, party, held, why, context.policy, then=f"oc:{meeting_id}:{party}")


async def answered(update: Update, context: Context) -> None:
    """``oa:MEETING:VALUE``: was the NGO's question answered?"""
    meeting_id = context.number(1)
    await context.do(outcomes.answered, meeting_id, context.part(2), context.policy, then=f"oc:{meeting_id}:ngo")


async def settle(update: Update, context: Context) -> None:
    """``oj:MEETING:VERDICT``: a coordinator decides a contradiction, or leaves it open."""
    meeting_id, verdict = context.number(1), context.part(2)
    context.place = f"oc:{meeting_id}"
    await context.write(outcomes.settle, context.actor, meeting_id, verdict, context.policy, now=context.view.now)
    left = context.view.speech.say("Left open: it counts for nobody.") if verdict == "open" else None
    await context.show(context.place, toast=left)


async def ask_again(update: Update, context: Context) -> None:
    """``on:MEETING``: [Request a new meeting], with what was asked then."""
    await context.do(outcome_sight.ask_again, context.number(1), context.policy, then=f"d:{request_times.KIND}")


async def confirm_points(update: Update, context: Context) -> None:
    """``yf:MEETING:PARTY:LAST``: [Confirm all] of the points seen."""
    meeting_id, party = context.number(1), context.part(2)
    last, then = context.number(3), f"oc:{meeting_id}:{party}"
    await context.do(promises.confirm, meeting_id, party, last, context.policy, then=then)
