"""A wrong contact on the screen: what the reporter is asked and told, and what the coordinator has before him."""

from markupsafe import Markup, escape

from handlers import card_screens
from handlers.errors import reports_used_up
from handlers.screen import Button, Rows, Screen, number
from handlers.speech import Speech
from handlers.viewer import Viewer
from liaison import desk, drafts, reports
from liaison.cards import HolderCard
from liaison.deliveries import Due
from liaison.desk import ReportCard
from liaison.drafts import DraftCard

ASKED = "w"  # in an address: the question for a line, if it stands open


async def wrong_contact(viewer: Viewer, rest: list[str]) -> Screen:
    """``wc:BODY``: what is wrong? Or how one's own report stands. ``wc:BODY:w``: the question for a line."""
    body_id = number(rest[0])
    now = viewer.now
    standing = await viewer.read(reports.standing, viewer.actor, body_id, viewer.policy, now=now)
    if standing.open is not None:
        text = viewer.speech.say(
            "Thank you. You reported on {date}: {reason}. The coordinators look at it, and you will be told here "
            "what came of it.",
            date=viewer.speech.date(standing.open.created_at),
            reason=_named(viewer.speech, standing.open.reason),
        )
        return Screen(_headed(viewer, body_id, text), _back(viewer, body_id))
    draft = await viewer.read(drafts.find, viewer.actor.id, reports.KIND, now=now) if ASKED in rest[1:] else None
    if draft is not None and draft.data["body"] == body_id:
        return await question(viewer, draft)
    if standing.resets_at is not None:
        text = reports_used_up(viewer.speech, reports.A_DAY, standing.resets_at)
        return Screen(_headed(viewer, body_id, text), _back(viewer, body_id))
    return await _reasons(viewer, body_id)


def reason(speech: Speech, code: str) -> Markup:
    """What may be wrong with a contact."""
    return {
        "person": speech.psay("button", "Another person holds it now"),
        "phone": speech.psay("button", "The phone is wrong or silent"),
        "email": speech.psay("button", "The e-mail comes back"),
        "other": speech.psay("button", "Something else"),
    }[code]


async def question(viewer: Viewer, draft: DraftCard) -> Screen:
    """Asks for a line of one's own, after the consent that it needs."""
    say, psay = viewer.speech.say, viewer.speech.psay
    body_id, chosen = draft.data["body"], draft.data["reason"]
    rows: list[tuple[Button, ...]] = []
    if draft.step == "consent":
        text = _consent(viewer, bare=chosen != reports.NEEDS_WORDS)
        rows.append((Button(psay("button", "I agree, I will write"), f"wa:{body_id}:{draft.key}"),))
    elif chosen == reports.NEEDS_WORDS:
        text = say("Please write in a line what is wrong. The coordinators read it.")
    else:
        text = say("You may add a line, or send as it is. The coordinators read it.")
    if chosen != reports.NEEDS_WORDS:
        rows.append((Button(psay("button", "Send without words"), f"ws:{body_id}:{draft.key}", style="primary"),))
    rows.append((Button(psay("button", "Back"), f"wl:{body_id}"),))
    head = Markup("<i>{}</i>").format(reason(viewer.speech, chosen))
    return Screen(_headed(viewer, body_id, head, text), tuple(rows))


async def report(viewer: Viewer, rest: list[str]) -> Screen:
    """``rp:REPORT``: what was reported and what the card says, for the coordinator who decides."""
    found = await viewer.read(desk.report, viewer.actor, number(rest[0]))
    speech, matter = viewer.speech, found.matter
    since = speech.date(matter.since)
    said = speech.nsay(
        "One person says so, on {date}.", "{n} people say so, the first on {date}.", matter.reporters, date=since
    )
    lines = [Markup("<b>{}</b>").format(reason(speech, matter.reason)), said]
    lines += [Markup("– {}").format(words) for words in found.words]
    parts = [Markup("\n").join(lines), _contact(viewer, found.holder)]
    if found.renamed:
        parts.append(speech.say("When it was reported, the card named somebody else."))
    if found.state != "open":
        parts.append(_closed(speech, found))
    return Screen(_headed(viewer, matter.body_id, *parts), _decisions(viewer, found))


async def rings(viewer: Viewer, due: Due) -> Screen:
    """What coordinators are told: the oldest open report on the body."""
    oldest = await viewer.read(desk.oldest_at, viewer.actor, int(due.details["body"]))
    return await report(viewer, [str(oldest)])


async def answer(viewer: Viewer, due: Due) -> Screen:
    """What the reporter is told at the end."""
    own = await viewer.read(reports.own, viewer.actor, int(due.details["report"]))
    speech = viewer.speech
    fields = {"date": speech.date(own.created_at), "reason": _named(speech, own.reason)}
    text = {
        "corrected": speech.say(
            "You reported on {date}: {reason}. Thank you: the contact has been corrected.", **fields
        ),
        "confirmed": speech.say(
            "You reported on {date}: {reason}. The coordinator has checked it: the contact is right.", **fields
        ),
    }[own.state]
    contact = _contact(viewer, await viewer.read(reports.contact, own.body_id))
    card = Button(speech.psay("button", "Open the card"), f"b:{own.body_id}")
    return Screen(_headed(viewer, own.body_id, text, contact), ((card,),))


async def _reasons(viewer: Viewer, body_id: int) -> Screen:
    contact = _contact(viewer, await viewer.read(reports.contact, body_id))
    text = viewer.speech.say("What is wrong here? Please choose.")
    rows = [(Button(reason(viewer.speech, code), f"wr:{body_id}:{code}"),) for code in reports.REASONS]
    return Screen(_headed(viewer, body_id, contact, text), (*rows, *_back(viewer, body_id)))


def _consent(viewer: Viewer, *, bare: bool) -> Markup:
    say = viewer.speech.say
    asked = say(
        "Your own words are kept with your consent only. To arrange meetings and to correct contacts, {operator} keeps "
        "your name, role, organisation, phone (if you give it), requests and reports until you withdraw the consent. "
        "The coordinators read your line; it is not published. Messages pass through Telegram, whose servers are "
        "abroad. More: /privacy",
        operator=viewer.operator,
    )
    return Markup("\n\n").join((say("You may add a line, or send as it is."), asked)) if bare else asked


def _decisions(viewer: Viewer, found: ReportCard) -> Rows:
    psay, body_id, report_id = viewer.speech.psay, found.matter.body_id, found.matter.report_id
    rows: list[tuple[Button, ...]] = []
    if found.state == "open":
        rows.append((Button(psay("button", "Name another official"), f"nm:{body_id}"),))
        rows.append(
            (
                Button(psay("button", "Corrected"), f"rc:{report_id}:corrected", style="success"),
                Button(psay("button", "The contact is right"), f"rc:{report_id}:confirmed"),
            )
        )
    rows += [
        (Button(psay("button", "Also: {reason}", reason=reason(viewer.speech, one.reason)), f"rp:{one.report_id}"),)
        for one in found.others
    ]
    rows.append((Button(psay("button", "Open the card"), f"b:{body_id}:rp.{report_id}"),))
    return (*rows, (Button(psay("button", "Back"), "rl:0"),))


def _closed(speech: Speech, found: ReportCard) -> Markup:
    """Who ended it and how, so that the second of two coordinators sees what the first has done."""
    say = speech.say
    fields = {"date": speech.date(found.closed_at) if found.closed_at else "", "name": found.closed_by or ""}
    if not found.closed_by_person:
        return say("It was corrected by a new list on {date}.", date=fields["date"])
    who = "me" if found.closed_by_me else "name" if found.closed_by else "other"
    return {
        ("corrected", "me"): say("You corrected it on {date}.", date=fields["date"]),
        ("corrected", "name"): speech.psay("line", "{name} corrected it on {date}.", **fields),
        ("corrected", "other"): say("Another coordinator corrected it on {date}.", date=fields["date"]),
        ("confirmed", "me"): say("You found the contact right on {date}.", date=fields["date"]),
        ("confirmed", "name"): say("{name} found the contact right on {date}.", **fields),
        ("confirmed", "other"): say("Another coordinator found the contact right on {date}.", date=fields["date"]),
    }[found.state, who]


def _headed(viewer: Viewer, body_id: int, *parts: Markup) -> Markup:
    title = viewer.speech.psay("title", "<b>Wrong contact</b>\n{body}", body=viewer.body(body_id))
    return Markup("\n\n").join(part for part in (title, *parts) if part)


def _contact(viewer: Viewer, holder: HolderCard | None) -> Markup:
    speech = viewer.speech
    if holder is None:
        return speech.say("No official is named here at present.")
    lines = card_screens.trust(speech, holder, speech.local(viewer.now).date())
    return Markup("\n").join((speech.psay("line", "The card says:"), card_screens.official(speech, holder), *lines))


def _named(speech: Speech, code: str) -> Markup:
    """A reason inside a sentence."""
    return Markup("<i>{}</i>").format(escape(reason(speech, code)))


def _back(viewer: Viewer, body_id: int) -> Rows:
    return ((Button(viewer.speech.psay("button", "Back"), f"b:{body_id}"),),)
