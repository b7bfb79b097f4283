"""Why a step of a case is refused, as its caller reads it."""

from typing import ClassVar

from services.requests.cases.rules import Obstacle
from shared.auth import Forbidden
from shared.problems import Problem, Words


class IllegalTransition(Problem):
    """The case is not where this step begins; `allowed_actions` says what can follow."""

    status = 409
    slug = "illegal-transition"
    title = Words("Langkah ini tidak berlaku pada status sekarang", "Not a step of this state")


class SeparationOfDuties(Problem):
    """The caller took an earlier step of this case; another person must take this one."""

    status = 403
    slug = "separation-of-duties"
    title = Words(
        "Anda sudah menangani langkah lain kasus ini", "You took another step of this case"
    )
    advice = Words("Serahkan kepada petugas lain.", "Leave it to a colleague.")


class OwnFamily(Problem):
    """The case touches the caller's own family card, or is their own."""

    status = 403
    slug = "own-family"
    title = Words(
        "Kasus ini menyangkut keluarga Anda sendiri", "This case is about your own family"
    )
    advice = Words("Serahkan kepada petugas lain.", "Leave it to a colleague.")


class PlanPending(Problem):
    """The registry has not yet said what the case would do; ask again shortly."""

    status = 409
    slug = "plan-pending"
    title = Words("Pratinjau perubahan belum tersedia", "The preview is not there yet")
    advice = Words(
        "Tunggu sesuai Retry-After, baca kasusnya lagi, lalu putuskan.",
        "Wait as Retry-After says, read the case again, then decide.",
    )
    headers: ClassVar = {"Retry-After": "2"}


class PlanRefused(Problem):
    """The registry would refuse the change; `errors` says why. Return the case or reject it."""

    status = 409
    slug = "plan-refused"
    title = Words("Perubahan ini ditolak aturan registri", "The registry refuses this change")
    advice = Words(
        "Kembalikan kepada pemohon dengan semua alasan, atau tolak.",
        "Return it to the applicant with every reason, or reject it.",
    )


class PlanChanged(Problem):
    """What would happen now is not what was verified; the case must be verified again."""

    status = 409
    slug = "plan-changed"
    title = Words("Akibat perubahan sudah berbeda", "The effects are no longer the same")
    advice = Words("Baca pratinjau baru dan verifikasi lagi.", "Read the new preview and verify.")


class DocumentsPending(Problem):
    """A document of this case is still on its way."""

    status = 409
    slug = "documents-pending"
    title = Words("Dokumen belum lengkap", "Not every document is there")
    headers: ClassVar = {"Retry-After": "5"}


class OtherCasesOpen(Problem):
    """Whoever leaves first finishes, withdraws or hands over what is asked for them here."""

    status = 409
    slug = "other-cases-open"
    title = Words("Masih ada kasus lain yang diproses", "Other cases are still in process")
    advice = Words(
        "Selesaikan atau batalkan kasus lain tentang orang yang pindah, lalu coba lagi.",
        "Finish or withdraw the other cases about those who move, then try again.",
    )


class NotExplained(Problem):
    """The step needs reasons, a legal ground, a receiver or a note; `errors` says which."""

    status = 422
    slug = "not-explained"
    title = Words("Keputusan belum dijelaskan", "The decision is not explained")


class CaseIncomplete(Problem):
    """Nothing was submitted: `errors` lists everything that the file still lacks."""

    status = 422
    slug = "case-incomplete"
    title = Words("Berkas belum lengkap", "The file is not complete")
    advice = Words(
        "Lengkapi semua yang disebut di `errors`, lalu ajukan lagi.",
        "Add everything listed in `errors`, then submit again.",
    )


class SameCaseOpen(Problem):
    """An open case is about the same thing; its number is in `other`."""

    status = 409
    slug = "same-case-open"
    title = Words("Kasus yang sama sedang diproses", "The same case is in process")
    advice = Words(
        "Ikuti kasus yang disebut; bila benar-benar berbeda, kirim `different: true` dan alasannya.",
        "Follow the case that is named; if this one differs, send `different: true` and why.",
    )


class ServiceNotOpen(Problem):
    """The service cannot be filed here."""

    status = 409
    slug = "service-not-open"
    title = Words("Layanan ini belum dibuka di sini", "This service cannot be filed here yet")


class NotEditable(Problem):
    """Only a draft, or a case that came back, can be changed."""

    status = 409
    slug = "case-not-editable"
    title = Words("Kasus ini sedang diproses", "This case is in process")


OF_OBSTACLE: dict[Obstacle, type[Problem]] = {
    Obstacle.ILLEGAL_TRANSITION: IllegalTransition,
    Obstacle.NOT_YOUR_ROLE: Forbidden,
    Obstacle.OWN_FAMILY: OwnFamily,
    Obstacle.SEPARATION_OF_DUTIES: SeparationOfDuties,
    Obstacle.PLAN_PENDING: PlanPending,
    Obstacle.PLAN_REFUSED: PlanRefused,
    Obstacle.PLAN_CHANGED: PlanChanged,
    Obstacle.DOCUMENTS_PENDING: DocumentsPending,
    Obstacle.OTHER_CASES_OPEN: OtherCasesOpen,
}
