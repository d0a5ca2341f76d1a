"""All tables together, for migrations and for whoever walks the whole schema."""

from storage.bodies import Body, BodyName
from storage.drafts import Draft
from storage.follows import BodyEvent, Follow
from storage.meetings import Attachment, Guest, Meeting, Slot, Step
from storage.notices import Notice
from storage.outcomes import Outcome, Promise
from storage.people import Invitation, Membership, Organisation, Person, Role
from storage.posts import Deputy, Holder, Post, PostDay
from storage.queries import QueryChoice, QueryMiss
from storage.records import AuditEntry, Counter, Duty, Fact, TakenUpdate
from storage.reports import ContactReport
from storage.schema import Table
from storage.talks import Mute, Word

__all__ = [
    "Attachment",
    "AuditEntry",
    "Body",
    "BodyEvent",
    "BodyName",
    "ContactReport",
    "Counter",
    "Deputy",
    "Draft",
    "Duty",
    "Fact",
    "Follow",
    "Guest",
    "Holder",
    "Invitation",
    "Meeting",
    "Membership",
    "Mute",
    "Notice",
    "Organisation",
    "Outcome",
    "Person",
    "Post",
    "PostDay",
    "Promise",
    "QueryChoice",
    "QueryMiss",
    "Role",
    "Slot",
    "Step",
    "Table",
    "TakenUpdate",
    "Word",
]
