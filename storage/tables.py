"""All tables together, for migrations and for whoever walks the whole schema."""

from storage.bodies import Body, BodyName
from storage.drafts import Draft
from storage.meetings import Meeting, Slot, Step
from storage.notices import Notice
from storage.people import Invitation, Membership, Organisation, Person, Role
from storage.posts import Holder, Post
from storage.records import AuditEntry, Counter, Duty, Fact, TakenUpdate
from storage.schema import Table

__all__ = [
    "AuditEntry",
    "Body",
    "BodyName",
    "Counter",
    "Draft",
    "Duty",
    "Fact",
    "Holder",
    "Invitation",
    "Meeting",
    "Membership",
    "Notice",
    "Organisation",
    "Person",
    "Post",
    "Role",
    "Slot",
    "Step",
    "Table",
    "TakenUpdate",
]
