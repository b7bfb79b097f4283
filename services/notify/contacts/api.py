"""Contacts over HTTP: a citizen sees their addresses and may withdraw consent."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.notify.contacts import rules, store
from services.notify.contacts.schemas import ConsentIn, ContactOut
from services.notify.contacts.tables import Contact
from services.notify.policy import POLICY
from shared import versions
from shared.auth import Principal
from shared.db import ReadSession, Session
from shared.policy import Decision, Thing, allowed, decide
from shared.problems import NotFound
from shared.versions import ExpectedVersion

router = APIRouter(prefix="/v1/contacts", tags=["contacts"])


def _shown(contact: Contact) -> ContactOut:
    return ContactOut(
        id=contact.id,
        channel=contact.channel,
        masked_address=rules.masked_address(store.address_of(contact)),
        language=contact.language,
        consented=contact.consented,
        version=contact.version,
    )


@router.get("")
async def list_contacts(
    session: ReadSession,
    caller: Annotated[Principal, Depends(allowed(POLICY, "contacts.read"))],
    resident_id: UUID | None = None,
) -> list[ContactOut]:
    """List the addresses of one resident; of the caller when nobody is named."""
    wanted = resident_id or caller.resident_id
    thing = Thing(resident_ids=frozenset({wanted} if wanted else ()))
    if wanted is None or decide(POLICY, caller, "contacts.read", thing) is not Decision.ALLOW:
        return []
    return [_shown(each) for each in await store.of_resident(session, wanted)]


@router.put("/{contact_id}/consent")
async def set_consent(
    contact_id: UUID,
    consent: ConsentIn,
    version: ExpectedVersion,
    session: Session,
    caller: Annotated[Principal, Depends(allowed(POLICY, "contacts.change"))],
    response: Response,
) -> ContactOut:
    """Agree to messages at one's own address, or withdraw; it counts from the next message on."""
    contact = await store.get(session, contact_id)
    about = frozenset({contact.resident_id} if contact and contact.resident_id else ())
    allowed_here = decide(POLICY, caller, "contacts.change", Thing(resident_ids=about))
    if contact is None or allowed_here is not Decision.ALLOW:
        raise NotFound
    versions.check(version, contact.version)
    await store.note_consent(session, contact, "citizen", granted=consent.consented)
    await session.flush()
    versions.tag(response, contact.version)
    return _shown(contact)
