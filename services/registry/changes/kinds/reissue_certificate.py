"""Another quotation of an entry, lost, damaged or of an old format: UU 23/2006 art 68."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind
from services.registry.changes import quoting
from services.registry.changes.margins import entry_of, name_of
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.events import IssuedKind
from shared.contract.facts import ReissueCertificate
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Quotation:
    """Which entry is quoted, on which paper."""

    entry: Key
    paper: IssuedKind


def plan(
    state: State,
    fact: ReissueCertificate,
    index: int,
    context: Context,  # noqa: ARG001 - entries are this regency's
) -> Step[Quotation]:
    """Foresee the next copy under the same number, with everything in the margin."""
    found = Findings(index)
    entry = quoting.held(found, state, fact.certificate)
    if entry is None or found.refusals:
        return found.step(state)
    label = name_of(entry)
    told = Effect(
        effect="certificate.reissued",
        subject=entry.key,
        after={"number": entry.number, "reason": fact.reason},
        text_id=f"{label.id.capitalize()} nomor {entry.number} dikutip lagi, nomornya tetap.",
        text_en=f"The {label.en} no. {entry.number} is quoted again under the same number.",
    )
    quotation = Quotation(entry.key, quoting.QUOTED[CertificateKind(entry.kind)])
    village = quoting.village_of(state, entry)
    return found.step(state, quotation, told, quoting.quoted(entry), village_code=village)


async def apply(session: AsyncSession, quotation: Quotation, made: Made) -> None:
    """Have the next copy printed; the former one is replaced by it."""
    certificate = await entry_of(session, quotation.entry)
    made.certificates.append(certificate.id)
    made.print(quotation.paper, certificate.id)
