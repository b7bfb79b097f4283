"""What makes a message, and what can happen to it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.channels.whatsapp import Told
from services.notify.contacts import rules as consent
from services.notify.contacts import store as contacts
from services.notify.contacts.tables import Contact as Address
from services.notify.messages import rules, store
from services.notify.messages.rules import State
from services.notify.messages.tables import Message
from services.notify.templates import store as templates
from services.notify.templates.rules import without_numbers
from shared import clock
from shared.contract.events import (
    CaseCancelled,
    CaseEvent,
    CaseHandedOver,
    CaseReady,
    CaseRejected,
    CaseReturned,
    CaseSubmitted,
    CaseVerified,
    Contact,
    Language,
    ResidentDied,
    ResidentMerged,
    ResidentRestored,
)
from shared.sealed import keyring

WHATSAPP = "WHATSAPP"
PINS = "document_pins"  # a template of its own
DIED = "recipient-died"
# Services that follow a death, by the beginning of their codes, and the words for who mourns.
_DEATHS = ("CAP-DEATH", "PKT-DEATH")
_CONDOLENCE = "case_ready_condolence"

_TEMPLATES: Mapping[type[CaseEvent], str] = {
    CaseSubmitted: "case_submitted",
    CaseReturned: "case_returned",
    CaseVerified: "case_verified",
    CaseReady: "case_ready",
    CaseHandedOver: "case_handed_over",
    CaseRejected: "case_rejected",
    CaseCancelled: "case_cancelled",
}


async def tell(session: AsyncSession, event: CaseEvent) -> None:
    """Queue one message about what happened to a case, or note why nobody is told."""
    if event.contact is None:
        return
    who = event.contact
    if who.resident_id is not None and await contacts.has_died(session, who.resident_id):
        await store.add(session, _row(event, who, None, (State.SUPPRESSED, DIED)))
        return
    address = await _address(session, event, who)
    await store.add(session, _row(event, who, address, _first_state(address)))
    if isinstance(event, CaseReady) and event.downloads:
        # By itself: whoever is shown or forwarded the addresses has not got the key to them.
        pins = _row(event, who, address, _first_state(address), PINS)
        await store.add(session, pins | {"event": f"{event.name}/{PINS}"})


async def silence(session: AsyncSession, event: ResidentDied) -> None:
    """Never write to the dead: nothing that waits leaves, and their own address is forgotten.

    An address that others of the family used stays theirs, with what they agreed to.
    """
    await contacts.note_death(session, event.resident_id, event.died_on)
    await store.suppress(session, event.resident_id, DIED)
    for address in await contacts.of_resident(session, event.resident_id):
        if not await store.serves_others(session, address.id, event.resident_id):
            await contacts.note_consent(session, address, event.name, granted=False)
        address.resident_id = None
    await session.flush()


async def hear_again(session: AsyncSession, event: ResidentRestored) -> None:
    """Write again to whoever was wrongly recorded as dead, once they agree again."""
    await contacts.forget_death(session, event.resident_id)


async def _address(session: AsyncSession, event: CaseEvent, who: Contact) -> Address | None:
    """Return the applicant's address; what they agreed to when applying is recorded with it."""
    if who.phone is None:
        return None
    address = await contacts.find_or_add(session, WHATSAPP, who.phone, who.language)
    if isinstance(event, CaseSubmitted):
        await contacts.note_consent(
            session, address, event.number, granted=who.consents_to_whatsapp
        )
        address.resident_id = who.resident_id or address.resident_id
        address.language = who.language
    await session.flush()
    return address


def _code(event: CaseEvent) -> str:
    """Return the template that fits; after a death the papers come with condolences."""
    if isinstance(event, CaseReady) and event.service_code.startswith(_DEATHS):
        return _CONDOLENCE
    return _TEMPLATES[type(event)]


def _row(
    event: CaseEvent,
    who: Contact,
    address: Address | None,
    first: tuple[State, str | None],
    code: str | None = None,
) -> dict[str, object]:
    template = templates.newest(code or _code(event), WHATSAPP)
    message_id, (state, why) = uuid7(), first
    values = {name: without_numbers(each) for name, each in _values(event, who).items()}
    return {
        "id": message_id,
        "case_id": event.case_id,
        "event": event.name,
        "event_at": event.at,
        "channel": WHATSAPP,
        "contact_id": address.id if address else None,
        "recipient": address.address_index if address else keyring().blind_index(who.full_name),
        "resident_id": who.resident_id,
        "village_code": event.village_code,
        "template": template.code,
        "template_version": template.version,
        "language": who.language,
        "values": store.sealed_values(
            message_id, {place: values[place] for place in template.places}
        ),
        "state": state,
        "why": why,
        "due_at": consent.earliest(clock.now(), urgent=template.urgent),
    }


def _first_state(address: Address | None) -> tuple[State, str | None]:
    if address is None:
        return State.SUPPRESSED, "no-address"
    return (State.QUEUED, None) if address.consented else (State.SUPPRESSED, "no-consent")


def _values(event: CaseEvent, who: Contact) -> dict[str, str]:
    english = who.language is Language.ENGLISH
    service = event.service_name_en if english else event.service_name_id
    values = {
        "name": who.full_name,
        "number": event.number,
        "service": service or event.service_code,
    }
    if isinstance(event, CaseReady):
        kinds = [*(each.kind for each in event.documents), *event.cards]
        downloads = {each.document_id: each for each in event.downloads or ()}
        found = [downloads.get(each.document_id) for each in event.documents]
        addresses = [each.url if each else None for each in found]
        values["documents"] = rules.documents_in_words(kinds, who.language, addresses)
        keys = [(each.kind, each.pin) for each in downloads.values()]
        values["pins"] = rules.documents_in_words(
            [kind for kind, _ in keys], who.language, [pin for _, pin in keys]
        )
    if isinstance(event, CaseReturned | CaseRejected):
        values["reasons"] = rules.reasons_in_words(event.reasons, who.language)
    return values


async def hear(session: AsyncSession, told: Told) -> None:
    """Note what the provider says became of a message; a message we do not know is left alone."""
    message = await store.lock_told(session, told.message_id, told.id)
    if message is None:
        return
    message.provider_id = message.provider_id or told.id
    state = rules.after_callback(State(message.state), told.status)
    if state is State.FAILED and message.state != state:
        message.why = str(told.errors[0].get("code", "failed"))[:40] if told.errors else "failed"
    message.state = state


async def release(session: AsyncSession, message: Message, actor: str, now: datetime) -> bool:
    """Let a locked message that waits for the morning leave now; False when it does not wait."""
    if message.state != State.QUEUED:
        return False
    message.due_at, message.released_by = now, actor[:300]
    await store.ring(session)
    return True


async def follow_merged(session: AsyncSession, event: ResidentMerged) -> None:
    """Let addresses and messages of somebody who had two records follow the one that is kept."""
    await contacts.follow(session, event.loser_id, event.winner_id)
    await store.follow(session, event.loser_id, event.winner_id)
