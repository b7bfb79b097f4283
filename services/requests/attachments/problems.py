"""Why a paper is not kept, and what to do instead."""

from typing import ClassVar

from services.requests.attachments.rules import MAX_BYTES, PER_CASE, Unfit
from shared.problems import Problem, Words

_MEGABYTES = MAX_BYTES // (1024 * 1024)


class AttachmentEmpty(Problem):
    """The file has no content."""

    status = 422
    slug = Unfit.EMPTY.value
    title = Words("Berkas kosong", "The file is empty")
    advice: ClassVar = Words(
        "Pilih berkas lagi, lalu kirim ulang.", "Choose the file again and send it once more."
    )


class AttachmentTooLarge(Problem):
    """The file is larger than we take."""

    status = 413
    slug = Unfit.TOO_LARGE.value
    title = Words("Berkas terlalu besar", "The file is too large")
    advice: ClassVar = Words(
        f"Kirim paling besar {_MEGABYTES} MB: foto ulang, atau pindai dengan resolusi lebih rendah.",
        f"Send at most {_MEGABYTES} MB: take a photo, or scan at a lower resolution.",
    )


class AttachmentTypeNotAccepted(Problem):
    """The content is no picture and no PDF that we take, whatever its name says."""

    status = 415
    slug = Unfit.NOT_ACCEPTED.value
    title = Words("Jenis berkas tidak diterima", "This type of file is not accepted")
    advice: ClassVar = Words(
        "Kirim foto JPEG, PNG atau WEBP, atau PDF, dari dokumen asli.",
        "Send a JPEG, PNG or WEBP photo, or a PDF, of the original.",
    )


class PictureBroken(Problem):
    """The picture cannot be read to its end."""

    status = 422
    slug = Unfit.PICTURE_BROKEN.value
    title = Words("Foto rusak", "The picture is damaged")
    advice: ClassVar = Words("Foto ulang, lalu kirim.", "Take the picture again and send it.")


class PictureTooBig(Problem):
    """The picture has more pixels than we draw."""

    status = 422
    slug = Unfit.PICTURE_TOO_BIG.value
    title = Words("Ukuran foto terlalu besar", "The picture has too many pixels")
    advice: ClassVar = Words(
        "Kirim foto paling besar 40 megapiksel.", "Send a picture of at most 40 megapixels."
    )


class PdfBroken(Problem):
    """The PDF cannot be read, or it is something else as well."""

    status = 422
    slug = Unfit.PDF_BROKEN.value
    title = Words("PDF rusak", "The PDF is damaged")
    advice: ClassVar = Words(
        "Simpan atau pindai ulang sebagai PDF, lalu kirim.",
        "Save or scan it as a PDF again, then send it.",
    )


class PdfEncrypted(Problem):
    """The PDF needs a password."""

    status = 422
    slug = Unfit.PDF_ENCRYPTED.value
    title = Words("PDF terkunci kata sandi", "The PDF is locked with a password")
    advice: ClassVar = Words(
        "Simpan tanpa kata sandi, lalu kirim.", "Save it without a password, then send it."
    )


class PdfActive(Problem):
    """The PDF carries scripts, forms that act, or other files."""

    status = 422
    slug = Unfit.PDF_ACTIVE.value
    title = Words("PDF berisi bagian aktif", "The PDF contains active parts")
    advice: ClassVar = Words(
        "Cetak ke PDF atau foto dokumennya, lalu kirim.",
        "Print it to a PDF or take a photo of it, then send that.",
    )


class TooManyAttachments(Problem):
    """The case has as many papers as it may have."""

    status = 409
    slug = "too-many-attachments"
    title = Words("Lampiran sudah terlalu banyak", "There are too many attachments")
    advice: ClassVar = Words(
        f"Tarik lampiran yang tidak perlu: paling banyak {PER_CASE}.",
        f"Withdraw what is not needed: at most {PER_CASE} are kept.",
    )


_BY_REASON: dict[Unfit, type[Problem]] = {
    Unfit(each.slug): each
    for each in (
        AttachmentEmpty,
        AttachmentTooLarge,
        AttachmentTypeNotAccepted,
        PictureBroken,
        PictureTooBig,
        PdfBroken,
        PdfEncrypted,
        PdfActive,
    )
}


def refusal(reason: Unfit) -> Problem:
    """Return the problem that tells a reason."""
    return _BY_REASON[reason]()
