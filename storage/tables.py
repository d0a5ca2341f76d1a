"""All tables together, for migrations and for whoever walks the whole schema."""

from storage.bodies import Body, BodyName
from storage.drafts import Draft
from storage.follows import BodyEvent, Follow
from storage.meetings import Meeting, Slot, Step
from storage.notices import Notice
from storage.people import Invitation, Membership, Organisation, Person, Role
from storage.posts import Holder, Post
from storage.queries import QueryChoice, QueryMiss
from storage.records import AuditEntry, Counter, Duty, Fact, TakenUpdate
from storage.reports import ContactReport
from storage.schema import Table

__all__ = [
    "AuditEntry",
    "Body",
    "BodyEvent",
    "BodyName",
    "ContactReport",
    "Counter",
    "Draft",
    "Duty",
    "Fact",
    "Follow",
    "Holder",
    "Invitation",
    "Meeting",
    "Membership",
    "Notice",
    "Organisation",
    "Person",
    "Post",
    "QueryChoice",
    "QueryMiss",
    "Role",
    "Slot",
    "Step",
    "Table",
    "TakenUpdate",
]
