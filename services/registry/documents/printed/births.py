"""Birth and stillbirth."""

from services.registry.documents.printed.blocks import (
    Blocks,
    centred,
    dated,
    margin,
    row,
    side_by_side,
    subject,
)
from services.registry.documents.printed.civil import sheet
from services.registry.documents.printed.words import NONE, SEX, Texts, address_line, capitals
from services.registry.documents.rules import Parentage, in_words, ordinal
from services.registry.documents.schemas import BirthCertificateContent, StillbirthLetterContent
from shared.language import Words


def birth_certificate(content: BirthCertificateContent) -> Texts:
    """A child of whom, as the parents could prove it: Perpres 96/2018 art 33."""
    sex = SEX[content.sex]
    order = f"{in_words(content.birth_order).upper()}, {sex.id}"
    order_en = f"{ordinal(content.birth_order)}, {sex.en}"
    blocks = [
        row(Words("bahwa di", "that in"), content.birth_place.upper()),
        *dated(content.birth_date),
        centred(Words("telah lahir", "was born")),
        subject(content.full_name),
        row(Words("anak ke-", "child no."), order, order_en),
        *_parents(content),
    ]
    return sheet(
        Words("KUTIPAN AKTA KELAHIRAN", "Excerpt of birth certificate"),
        Words("Berdasarkan Akta Kelahiran Nomor", "By virtue of birth certificate number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        nik=content.nik,
        citizenship=content.citizenship,
        notes=margin(content.annotations),
    )


def _parents(content: BirthCertificateContent) -> Blocks:
    mother, father = capitals(content.mother_name), capitals(content.father_name)
    match content.parentage:
        case Parentage.MOTHER:
            return [row(Words("dari seorang ibu", "of a mother"), mother)]
        case Parentage.FOUNDLING:
            unknown = Words(
                "tidak diketahui saat pencatatan", "not known at the time of registration"
            )
            return [row(Words("orang tua", "parents"), unknown.id, unknown.en)]
        case Parentage.MARRIED:
            return _both(father, mother)
        case Parentage.UNREGISTERED_MARRIAGE:
            phrase = Words(
                "yang perkawinannya belum tercatat sesuai dengan peraturan perundang-undangan",
                "whose marriage is not yet registered under the law",
            )
            return [*_both(father, mother), row(Words("", ""), phrase.id, phrase.en)]


def _both(father: str, mother: str) -> Blocks:
    return [
        row(Words("dari ayah", "of father"), father),
        row(Words("dan ibu", "and mother"), mother),
    ]


def stillbirth_letter(content: StillbirthLetterContent) -> Texts:
    """A child who was never alive outside; no NIK, no certificate: UU 23/2006 art 33."""
    sex = SEX[content.sex]
    clock = f"{content.happened_at:%H.%M} WIB" if content.happened_at else NONE
    weeks = f"{content.weeks} minggu" if content.weeks else NONE
    order = in_words(content.birth_order).upper() if content.birth_order else NONE
    home = content.mother_address
    address = [row(Words("alamat ibu", "mother's address"), address_line(home))] if home else []
    parents = side_by_side(
        (Words("IBU", "Mother"), content.mother), (Words("AYAH", "Father"), content.father)
    )
    blocks = [
        row(Words("bahwa di", "that in"), content.place.upper()),
        *dated(content.happened_on),
        row(Words("pukul", "at"), clock),
        centred(Words("telah lahir dalam keadaan mati", "was stillborn")),
        subject(content.full_name or "(TANPA NAMA)"),
        row(Words("jenis kelamin", "sex"), sex.id, sex.en),
        row(Words("anak ke-", "child no."), order),
        row(Words("lama dalam kandungan", "length of pregnancy"), weeks),
        parents,
        *address,
    ]
    return sheet(
        Words("SURAT KETERANGAN LAHIR MATI", "Stillbirth letter"),
        Words("Nomor", "Number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        is_quotation=False,
    )
