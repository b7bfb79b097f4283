"""The interim letter (SUKET) for somebody whose KTP-el waits for a blank."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store
from services.registry.cards.tables import CardPrint
from services.registry.documents import actions as documents
from services.registry.documents.schemas import Address, InterimLetterContent
from services.registry.families import store as families
from services.registry.families.tables import Family
from services.registry.regions import store as regions
from services.registry.residents import store as residents
from shared.contract.events import IssuedKind

VALID_DAYS = 180  # it is only needed until blanks come


async def give_interim(session: AsyncSession, waiting: CardPrint, today: date) -> None:
    """Have the letter sealed; who is in no family here has no address to state, and gets none."""
    if waiting.resident_id is None:
        return
    holder = (await residents.load(session, [waiting.resident_id]))[waiting.resident_id]
    if holder.family_id is None:
        return
    family = (await families.load(session, [holder.family_id]))[holder.family_id]
    attempt = await store.latest(session, holder.id)
    number = f"SUKET/{holder.nik[:4]}/{today:%d%m%Y}/{str(waiting.id)[-6:].upper()}"
    content = InterimLetterContent(
        number=number,
        nik=holder.nik,
        full_name=holder.full_name,
        sex=holder.sex,
        birth_place=holder.birth_place,
        birth_date=holder.birth_date,
        blood_type=holder.blood_type,
        religion=holder.religion,
        marital_status=holder.marital_status,
        occupation=holder.occupation,
        citizenship=holder.citizenship,
        address=await _address(session, family),
        recorded_on=attempt.captured_on if attempt else None,
        valid_until=today + timedelta(days=VALID_DAYS),
    )
    await documents.queue(
        session,
        IssuedKind.INTERIM_LETTER,
        about_id=waiting.id,
        resident_ids=[holder.id],
        village_code=waiting.village_code,
        case_id=waiting.case_id,
        content=content,
        today=today,
    )


async def end_interim(session: AsyncSession, printed: CardPrint, today: date) -> None:
    """Take the letter out of force, for the card is there, or is not to come any more."""
    await documents.revoke(session, printed.id, today=today, kinds=[IssuedKind.INTERIM_LETTER])


async def _address(session: AsyncSession, family: Family) -> Address:
    code = family.village_code
    names = [await regions.get(session, code[:length]) for length in (2, 5, 8, 13)]
    province, regency, district, village = (each.name if each else code for each in names)
    return Address(
        street=family.address,
        rt=family.rt,
        rw=family.rw,
        village=village,
        district=district,
        regency=regency.removeprefix("Kabupaten ").removeprefix("Kota "),
        province=province,
        postal_code=family.postal_code,
    )
