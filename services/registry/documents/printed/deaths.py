"""The certificate of death."""

from services.registry.documents.printed.blocks import (
    Blocks,
    centred,
    dated,
    margin,
    on_ruling,
    row,
    subject,
)
from services.registry.documents.printed.civil import sheet
from services.registry.documents.printed.words import NONE, SEX, Texts, born
from services.registry.documents.schemas import DeathCertificateContent
from shared.language import Words


def death_certificate(content: DeathCertificateContent) -> Texts:
    """Who died, where and when; never of what."""
    sex = SEX[content.sex]
    place = (content.death_place or "tempat yang tidak diketahui").upper()
    place_en = "" if content.death_place else "a place unknown"
    blocks = [
        row(Words("bahwa di", "that in"), place, place_en),
        *dated(content.death_date),
        centred(Words("telah meninggal dunia seorang bernama", "a person died by the name of")),
        subject(content.full_name),
        row(Words("jenis kelamin", "sex"), sex.id, sex.en),
        row(
            Words("lahir di/tanggal", "born in, on"),
            born(content.birth_place, content.birth_date) or NONE,
        ),
        *_relatives(content),
        *on_ruling(content.ruling),
    ]
    return sheet(
        Words("KUTIPAN AKTA KEMATIAN", "Excerpt of death certificate"),
        Words("Berdasarkan Akta Kematian Nomor", "By virtue of death certificate number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        nik=content.nik,
        citizenship=content.citizenship,
        notes=margin(content.annotations),
    )


def _relatives(content: DeathCertificateContent) -> Blocks:
    named = (
        (Words("anak dari ayah", "child of father"), content.father_name),
        (Words("dan ibu", "and mother"), content.mother_name),
        (Words("suami/istri dari", "spouse of"), content.spouse_name),
    )
    return [row(words, name.upper()) for words, name in named if name]
