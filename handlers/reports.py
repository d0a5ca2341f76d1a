"""Taps and texts about a wrong contact: the reporter's reason and line, the coordinator's decision."""

from telegram import Update

from handlers.context import Context
from handlers.lookup import look_up
from handlers.report_screens import ASKED
from handlers.screen import Button, Screen
from liaison import drafts, report_closing, reports
from liaison.drafts import DraftCard


async def choose_reason(update: Update, context: Context) -> None:
    """``wr:BODY:REASON``: then a line may be added."""
    body_id = context.number(1)
    await context.do(reports.ask, body_id, context.part(2), context.policy, then=_asked(body_id))


async def agree(update: Update, context: Context) -> None:
    """``wa:BODY:KEY``: the consent to keep one's own words."""
    await context.do(reports.agree, context.part(2), then=_asked(context.number(1)))


async def send_bare(update: Update, context: Context) -> None:
    """``ws:BODY:KEY``: [Send without words]."""
    await context.do(reports.send, context.part(2), "", context.policy, then=_asked(context.number(1)))


async def leave(update: Update, context: Context) -> None:
    """``wl:BODY``: [Back] from the question; nothing was sent."""
    context.place = f"wc:{context.number(1)}"
    await context.write(drafts.drop, context.actor.id, reports.KIND)
    await context.show(context.place)


async def typed(context: Context, draft: DraftCard, text: str) -> None:
    """The line, typed. Where the consent is still missing nothing is kept; a body's name is looked up instead."""
    place = _asked(draft.data["body"])
    say = context.view.speech.say
    if context.services.directory().names_a_body(text):
        await context.services.db.write(drafts.drop, context.actor.id, reports.KIND)
        back = Button(context.view.speech.psay("button", "Back"), f"wc:{draft.data['body']}")
        await context.post(Screen(say("The report of a wrong contact was not sent."), ((back,),)))
        await look_up(context, text)
    elif draft.step == "consent":
        await context.show(place, note=say("Your words were not kept. Please agree first, or send without words."))
    else:
        await context.do(reports.send, draft.key, text, context.policy, then=place)


async def close(update: Update, context: Context) -> None:
    """``rc:REPORT:OUTCOME``: [Corrected] or [The contact is right]."""
    report_id, outcome = context.number(1), context.part(2)
    await context.do(report_closing.close, report_id, outcome, then=f"rp:{report_id}")


def _asked(body_id: int) -> str:
    return f"wc:{body_id}:{ASKED}"
