"""The first minute and one's own affairs: /start with its links, language, help, privacy, leaving, being let in."""

from telegram import Update

from handlers import deputies
from handlers.context import Context
from handlers.lookup import look_up
from handlers.people_screens import left
from liaison import (
    deputy_links,
    drafts,
    invitations,
    joins,
    leaves,
    links,
    organisations,
    presence,
    proposal_times,
    redirects,
    remarks,
    requests,
    talks,
    welcome,
)
from liaison.welcome import Wanted

LINKS = (invitations.PREFIX, deputy_links.PREFIX)  # links that make somebody something
SPOKEN = (  # dialogues that ask
    requests.KIND,
    joins.KIND,
    talks.KIND,
    leaves.KIND,
    redirects.KIND,
    proposal_times.KIND,
    remarks.PLACE,
    remarks.HOLDER,
    *remarks.WORDS,
)


async def start(update: Update, context: Context) -> None:
    """/start, also with a deep link: an invitation (``i_…``) or a body (``b_ID``)."""
    payload = context.args[0] if context.args else None
    if context.actor.language is None:
        await ask_language(context, Wanted(payload=payload))
    elif payload and payload.startswith(invitations.PREFIX):
        await _open_invitation(update, context, payload)
    elif payload and payload.startswith(deputy_links.PREFIX):
        await deputies.open_link(update, context, payload)
    else:
        await context.show(links.place_of(payload, context.view.tree))


async def ask_language(context: Context, wanted: Wanted) -> None:
    """Ask for the language first; what was wanted comes after it."""
    context.place = "lang"
    await context.write(welcome.ask_language, context.actor, wanted, now=context.view.now)
    await context.show("lang")


async def language(update: Update, context: Context) -> None:
    """/language: choose again at any time."""
    await context.show("lang")


async def choose_language(update: Update, context: Context) -> None:
    """A tap on a language; then what the person came for, or the doors."""
    code = context.part(1)
    first = context.actor.language is None
    wanted = await context.read(welcome.wanted, context.actor, now=context.view.now) if first else Wanted()
    by_invitation = wanted.payload is not None and wanted.payload.startswith(LINKS)
    context.place = _leads_to(context, wanted.payload)
    name = update.effective_user.full_name if update.effective_user else ""
    await context.write(
        welcome.choose_language, context.actor, code, context.services.policy, display_name=name, now=context.view.now
    )
    await context.refresh()
    if wanted.query:
        await look_up(context, wanted.query)
    elif by_invitation:
        await context.show(context.place)
    elif (draft := await context.read(drafts.newest, context.actor.id, SPOKEN, now=context.view.now)) is not None:
        await context.show(f"d:{draft.kind}")  # the question that stands open, in the new language
    else:
        await context.show(context.place)


def _leads_to(context: Context, payload: str | None) -> str:
    """The address of the screen that a link leads to, once it has been opened."""
    if payload and payload.startswith(invitations.PREFIX):
        return f"inv:{invitations.digest_of(payload)}"
    if payload and payload.startswith(deputy_links.PREFIX):
        return f"dl:{deputy_links.digest_of(payload)}"
    return links.place_of(payload, context.view.tree)


async def help_(update: Update, context: Context) -> None:
    """/help."""
    await context.show("help")


async def privacy(update: Update, context: Context) -> None:
    """/privacy, which Telegram's terms ask of every bot."""
    await context.show("privacy")


async def cancel(update: Update, context: Context) -> None:
    """/cancel: leave whatever is being written, say what was dropped, show the menu."""
    context.place = "start"
    dropped = await context.write(drafts.drop, context.actor.id)
    await context.show("start", note=left(context.view, dropped))


async def let_in(update: Update, context: Context) -> None:
    """A present member decides on somebody who asks to speak for the organisation."""
    membership_id = context.number(1)
    await context.do(organisations.decide, membership_id, let_in=context.part(2) == "y", then=f"t:{membership_id}")


async def moved(update: Update, context: Context) -> None:
    """The person blocked the bot or came back (``my_chat_member``)."""
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return
    gone = change.new_chat_member.status in ("kicked", "left")
    services, telegram_id = context.services, change.from_user.id
    await services.db.write(presence.note, telegram_id, services.policy, reachable=not gone, now=services.now())


async def _open_invitation(update: Update, context: Context, payload: str) -> None:
    context.place = f"inv:{invitations.digest_of(payload)}"
    name = update.effective_user.full_name if update.effective_user else ""
    await context.write(
        invitations.accept, context.actor, payload, context.services.policy, display_name=name, now=context.view.now
    )
    await context.refresh()
    await context.show(context.place)
