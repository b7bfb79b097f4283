"""The digital form of a KTP-el (IKD) on a device: Permendagri 72/2022 art 13-15."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards.recording import FAILED, PRINTABLE, UNDER_WAY, Status
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.contract.facts import ActivateDigitalId
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Activation:
    """Whose digital ID ends or begins, and on which device."""

    person: Key
    ends: str | None  # reason; None when none is in force
    device: str | None  # None when it is only taken back


def plan(state: State, fact: ActivateDigitalId, index: int, _: Context) -> Step[Activation]:
    """Judge whether somebody may show their KTP-el on a device. Any office may do it."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    _check_former(found, fact, person)
    if fact.action != "REVOKE":
        _check_holder(found, fact, person)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    ends = ("REVOKED" if fact.action == "REVOKE" else "RESET") if person.has_digital_id else None
    activation = Activation(person.key, ends, None if fact.action == "REVOKE" else fact.device)
    holder = replace(person, has_digital_id=activation.device is not None)
    return found.step(
        state.with_person(holder),
        activation,
        *_effects(person, activation),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, activation: Activation, made: Made) -> None:
    """End the former digital ID, and begin the new one."""
    resident_id = made.person(activation.person)
    holder = (await resident_store.load(session, [resident_id]))[resident_id]
    source = made.source("activate_digital_id")
    if activation.ends:
        await cards.end_digital_id(session, holder, activation.ends, today=made.today)
    if activation.device is not None:
        await cards.activate_digital_id(
            session, holder, activation.device, source=source, today=made.today
        )


def _check_former(found: Findings, fact: ActivateDigitalId, person: Person) -> None:
    if fact.action == "ACTIVATE" and person.has_digital_id:
        found.refuse("IKD_ALREADY_ACTIVE", "/action")
    if fact.action == "REVOKE" and not person.has_digital_id:
        found.refuse("IKD_NOT_ACTIVE", "/action")
    if fact.action == "RESET" and not person.has_digital_id:
        found.warn("IKD_NOT_ACTIVE", "/action")


def _check_holder(found: Findings, fact: ActivateDigitalId, person: Person) -> None:
    if fact.device is None:
        found.refuse("IKD_DEVICE_NEEDED", "/device")
    status = Status(person.particulars.recording_status)
    if status is Status.DUPLICATE:
        found.refuse("KTP_DUPLICATE_RECORD", "/person")
    elif status in FAILED:
        found.refuse("KTP_RECORD_AGAIN", "/person")
    elif status not in PRINTABLE | UNDER_WAY:
        found.refuse("KTP_NOT_RECORDED", "/person")
    elif status in UNDER_WAY:
        found.warn("IKD_BEFORE_CENTRE", "/person")


def _effects(person: Person, activation: Activation) -> Iterator[Effect]:
    name = person.full_name
    if activation.ends:
        yield Effect(
            effect="digital_id.ended",
            subject=person.key,
            after={"reason": activation.ends},
            text_id=f"IKD {name} pada perangkat lama dicabut.",
            text_en=f"The digital ID of {name} on the former device ends.",
        )
    if activation.device is not None:
        yield Effect(
            effect="digital_id.activated",
            subject=person.key,
            text_id=f"IKD {name} aktif pada perangkat yang dipindai petugas.",
            text_en=f"The digital ID of {name} is active on the device that the officer scanned.",
        )
