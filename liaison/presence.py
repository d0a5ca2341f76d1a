"""A person blocked the bot, or came back: who answers for his posts now, and is told of what waits there."""

from datetime import datetime

from sqlalchemy.orm import Session

from liaison import people, standing_in
from liaison.policy import Policy


def note(session: Session, telegram_id: int, policy: Policy, *, reachable: bool, now: datetime) -> None:
    """Write down that a person can be reached or not, and hand on what is open where he is official or deputy.

    While he is away it goes to whoever answers then, on his return to himself. Done again, it tells nobody anything.
    """
    people.mark_reach(session, telegram_id, reachable=reachable, now=now)
    found = people.identify(session, telegram_id, policy, now=now)
    if found is not None:
        for post_id in sorted({*found.posts, *found.substitutes, *found.assists}):
            standing_in.hand_on(session, post_id, policy, now=now)
