"""What a child card says."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store as cards
from services.registry.changes.printing.paper import (
    Paper,
    address_of,
    head_name,
    load_family,
    load_resident,
    printed_name,
    with_parents,
)
from services.registry.documents.schemas import (
    ChildCardContent,
)


async def child_card(session: AsyncSession, card_id: UUID) -> Paper:
    """Return a child card as it is printed."""
    card = await cards.get(session, card_id)
    assert card is not None  # noqa: S101 - it was issued a moment ago
    child = await load_resident(session, card.resident_id)
    assert child.family_id is not None  # noqa: S101 - who is in no family gets no card
    family, members = await load_family(session, child.family_id)
    content = ChildCardContent(
        nik=child.nik,
        full_name=printed_name(child),
        sex=child.sex,
        birth_place=child.birth_place,
        birth_date=child.birth_date,
        blood_type=child.blood_type,
        religion=child.religion,
        citizenship=child.citizenship,
        birth_certificate_number=child.birth_certificate_number,
        kk_number=family.kk_number,
        head_name=head_name(members),
        address=await address_of(session, family),
        variant=card.variant,
        valid_until=card.valid_until,
    )
    return Paper(content, with_parents(child), family.village_code)
