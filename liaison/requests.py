"""The dialogue that ends in a request: which question comes next, what an answer changes, and the sending."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from liaison import (
    answers,
    batches,
    caps,
    directory,
    drafts,
    joinable,
    meetings,
    organisations,
    people,
    proposals,
    reach,
    request_form,
    request_times,
    rounds,
)
from liaison.drafts import DraftCard, OutOfStep
from liaison.errors import LiaisonError
from liaison.people import Actor
from liaison.policy import Policy
from liaison.request_answers import AGENDA_LENGTH, READERS
from storage.drafts import Draft

KIND = request_times.KIND
ORDER = ("consent", "org_name", "bin", "own_name", "title", "topic", "join", "mode", "phone", "times", "preview")
ABOUT_ONESELF = ("org_name", "bin", "own_name", "title")
TYPED = (*ABOUT_ONESELF, "phone", "preview")  # questions answered by a text


def begin(session: Session, actor: Actor, body_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue for a body; one for the same body that is open already goes on where it was.

    Raises LiaisonError("nobody") where a request would reach no one, as ``caps.check`` where it may not be sent today,
    NotYours for a body that is not there.
    """
    post = directory.post_of(session, body_id)
    if not reach.receivers(session, post.id, policy, now=now):
        raise LiaisonError("nobody", body=body_id)
    caps.check(session, actor.organisations[0] if actor.organisations else None, [post.id], policy, now=now)
    present = drafts.find(session, actor.id, KIND, now=now)
    if present is not None and present.data["body"] == body_id and "meeting" not in present.data:
        return present
    data: dict[str, Any] = {"body": body_id}
    draft = drafts.open_one(session, actor.id, KIND, _next_step(actor, data), data, now=now)
    return drafts.card(draft, now=now)


def begin_new_times(session: Session, actor: Actor, meeting_id: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Open the dialogue in which the NGO offers other times for its request, or to move its meeting. Raises NotYours.

    Times that did not suit are not offered again, nor is the one to be moved.
    """
    card = meetings.see(session, actor, meeting_id, now=now)
    if not {"new_times", "move"} & card.may:
        raise LiaisonError("stale", meeting=meeting_id, state=card.state)
    data: dict[str, Any] = {"body": card.body_id, "meeting": meeting_id, "topic": card.topic, "mode": card.mode}
    data |= {"agenda": card.agenda or "", "phone": card.phone or "", "apart": rounds.apart(session, meeting_id)}
    request_times.propose(session, actor, data, policy, now)
    draft = drafts.open_one(session, actor.id, KIND, "times", data, now=now)
    return drafts.card(draft, now=now)


def answer(
    session: Session,
    actor: Actor,
    key: str,
    rev: int | None,
    step: str,
    value: str,
    policy: Policy,
    *,
    now: datetime,
) -> DraftCard:
    """Keep one answer and move to the next question.

    Raises OutOfStep if another question stands open, LiaisonError with what is wrong with the answer.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev, step)
    data = dict(draft.data)
    data.pop("pending", None)
    data[step] = READERS[step](value, data) if step in READERS else value
    if step == "consent":
        people.consent(session, actor, now=now)
    if step == "title":
        _register(session, actor, data, now)
    if step == "topic" and "kept" not in data:
        data["joinable"] = joinable.find(session, actor, data["body"], data["topic"], now=now) is not None
    return _moved(session, actor, draft, data, policy, now)


def back(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> tuple[bool, int]:
    """Return to the question before: whether there is one, and the body the request is for.

    At the first question nothing changes; the dialogue stays and is offered again under other cards.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev)
    data = dict(draft.data)
    data.pop("pending", None)
    body_id = int(data["body"])
    if draft.step == "times" and data.get("view"):
        drafts.keep(session, draft, {"view": ""}, now)
        return True, body_id
    if draft.step == "preview" and data.get("pane"):
        drafts.keep(session, draft, {"pane": request_form.PANES[data["pane"]]}, now)
        return True, body_id
    if "kept" in data:  # an answer was to be given anew: it stays as it was
        drafts.move(draft, "preview", data | data.pop("kept"), now=now)
        return True, body_id
    earlier = _answered_before(actor, draft.step, data)
    if earlier is None:
        return False, body_id
    for step in ORDER[ORDER.index(earlier) :]:
        data.pop(step, None)
    drafts.move(draft, earlier, data, now=now)
    return True, body_id


def _answered_before(actor: Actor, step: str, data: dict[str, Any]) -> str | None:
    """The last question before ``step`` that can be answered anew."""
    if step == "preview":
        return "times"
    settled = ("consent", *ABOUT_ONESELF) if actor.organisations else ("consent",)
    if "meeting" in data:  # only the times of a sent request are chosen anew
        return None
    known = [before for before in ORDER[: ORDER.index(step)] if before in data and before not in settled]
    return known[-1] if known else None


def use_times(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> DraftCard:
    """Keep the ticked times. Raises LiaisonError("no-times") without any."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "times")
    data = dict(draft.data)
    if not data["picked"]:
        raise LiaisonError("no-times")
    data["times"] = data["picked"]
    data["view"] = ""
    return _moved(session, actor, draft, data, policy, now)


def send(session: Session, actor: Actor, key: str, rev: int, policy: Policy, *, now: datetime) -> int | None:
    """Send what the preview showed and end the dialogue; the id of the meeting, the first of several.

    None if no chosen time can be had any more: then nothing is sent, and the question of times is open again.
    Raises LiaisonError as ``caps.check`` and ``batches.send``.
    """
    draft = drafts.lock(session, actor.id, KIND, key, rev, "preview")
    data = dict(draft.data)
    if not actor.organisations:
        raise OutOfStep(KIND, key)
    # Nobody else may take or hold a time, nor send another request of this NGO, between this look and the request.
    posts = batches.lock(session, actor.organisations[0], data)
    if "meeting" not in data:
        caps.check(session, actor.organisations[0], posts, policy, now=now)
    still = request_times.still_free(session, actor, data, policy, now=now)
    if not still:
        request_times.propose(session, actor, data, policy, now)
        data.pop("times")
        drafts.move(draft, "times", data, now=now)
        return None
    if "meeting" in data:
        agenda = data.get("agenda") or None
        meeting_id = proposals.new_times(session, actor, data["meeting"], still, agenda, policy, now=now)
    else:
        wish = request_form.wish(key, actor.organisations[0], data, still)
        meeting_id = batches.send(session, actor, wish, data, policy, now=now)
    session.delete(draft)
    return meeting_id


def set_agenda(session: Session, actor: Actor, key: str, value: str, *, now: datetime) -> DraftCard:
    """Keep the agenda typed under the preview. Raises LiaisonError("too-long", most=600)."""
    draft = drafts.lock(session, actor.id, KIND, key, None, "preview")
    return drafts.keep(session, draft, {"agenda": answers.passage(value, most=AGENDA_LENGTH), "pane": ""}, now)


def all_topics_please(session: Session, actor: Actor, key: str, rev: int, *, now: datetime) -> DraftCard:
    """Show all topics, not the body's own alone."""
    draft = drafts.lock(session, actor.id, KIND, key, rev, "topic")
    return drafts.keep(session, draft, {"all_topics": True}, now)


def leave(session: Session, actor: Actor, key: str) -> int:
    """End the dialogue without sending; the body it was for."""
    draft = drafts.lock(session, actor.id, KIND, key, None)
    session.delete(draft)
    return int(draft.data["body"])


def _moved(
    session: Session, actor: Actor, draft: Draft, data: dict[str, Any], policy: Policy, now: datetime
) -> DraftCard:
    step = _next_step(people.actor(session, actor.id, policy, now=now), data)
    if step == "times":
        request_times.propose(session, actor, data, policy, now)
    if step == "preview":
        data.pop("kept", None)
    drafts.move(draft, step, data, now=now)
    session.flush()
    return drafts.card(draft, now=now)


def _next_step(actor: Actor, data: dict[str, Any]) -> str:
    for step in ORDER[:-1]:
        if step == "consent" and actor.consented:
            continue
        if step in ABOUT_ONESELF and actor.organisations:
            continue
        if step == "phone" and data.get("mode") != "phone":
            continue
        if step == "join" and not data.get("joinable"):
            continue
        if step not in data:
            return step
    return "preview"


def _register(session: Session, actor: Actor, data: dict[str, Any], now: datetime) -> None:
    organisations.register(
        session,
        actor,
        name=data["org_name"],
        bin_number=data["bin"] or None,
        own_name=data["own_name"],
        title=data["title"],
        now=now,
    )
