"""A coordinator's taps on a card: invite the official of a body, or name one."""

from telegram import Update

from handlers import people_screens
from handlers.context import Context
from liaison import drafts, invitations, remarks
from liaison.drafts import DraftCard


async def invite(update: Update, context: Context) -> None:
    """Make a one-use link for the official of a body."""
    body_id = context.number(1)
    context.place = f"iv:{body_id}"
    payload = await context.write(invitations.invite_from_chat, context.actor, body_id, now=context.view.now)
    await context.show(people_screens.invitation_link(context.view, body_id, payload))


async def name_official(update: Update, context: Context) -> None:
    """Begin to name the official of a body."""
    await context.do(remarks.ask_official, context.number(1), then="d:holder")


async def leave_naming(update: Update, context: Context) -> None:
    """[Back] from naming: nothing is saved."""
    body_id = context.number(1)
    context.place = f"b:{body_id}"
    await context.write(drafts.drop, context.actor.id, remarks.HOLDER)
    await context.show(context.place)


async def typed_official(context: Context, draft: DraftCard, text: str) -> None:
    """Name, position or contact of the official, typed."""
    body_id = int(draft.data["body"])
    last = draft.step == remarks.HOLDER_STEPS[-1]
    context.place = f"b:{body_id}" if last else "d:holder"
    now, policy = context.view.now, context.policy
    await context.write(remarks.say_official, context.actor, draft.key, text, policy=policy, now=now)
    note = context.view.speech.say("The official is named. You can now invite them.") if last else None
    await context.show(context.place, note=note)
