"""Taps about following: on the card, in the question how much of a region, and in the list of what one follows."""

from telegram import Update

from handlers.context import Context
from liaison import follows
from liaison.errors import NotYours

NOTHING = "none"  # the scope of who stops following


async def toggle(update: Update, context: Context) -> None:
    """``fo:BODY[:BACK]``: follow a body, or no longer; of a region it is asked how much."""
    body_id = context.number(1)
    if body_id not in context.view.tree.by_id:
        raise NotYours("follow", f"no body {body_id}")
    if context.view.tree.by_id[body_id].level == "region":
        await context.show(f"fq:{body_id}")
        return
    context.place = ":".join(["b", *context.tap[1:]])
    followed = await context.write(follows.toggle, context.actor, body_id, now=context.view.now)
    await context.show(context.place, toast=_said(context, "body" if followed else NOTHING))


async def choose(update: Update, context: Context) -> None:
    """``ff:BODY:SCOPE``: follow a region's akimat, the whole region, or neither."""
    body_id, scope = context.number(1), context.part(2)
    context.place = f"b:{body_id}"
    if scope == NOTHING:
        await context.write(follows.stop, context.actor, body_id)
    else:
        await context.write(follows.follow, context.actor, body_id, scope, now=context.view.now)
    await context.show(context.place, toast=_said(context, scope))


async def unfollow(update: Update, context: Context) -> None:
    """``fu:FOLLOW:PAGE``: one entry less on the list."""
    follow_id = context.number(1)
    context.place = f"fw:{context.number(2)}"
    await context.write(follows.unfollow, context.actor, follow_id)
    await context.show(context.place, toast=_said(context, NOTHING))


def _said(context: Context, scope: str) -> str:
    say = context.view.speech.say
    return {
        "body": say("You follow this body now. You will be told when its official changes. All you follow: /my"),
        "region": say("You follow the whole region now. You will be told when an official changes. All of it: /my"),
        NOTHING: say("You do not follow it any more."),
    }[scope]
