"""Acknowledgement, legitimation, and the marginal note on its own sheet."""

from services.registry.documents.printed.blocks import (
    Blocks,
    centred,
    margin,
    on_ruling,
    row,
    section,
    side_by_side,
    subject,
)
from services.registry.documents.printed.civil import sheet
from services.registry.documents.printed.words import (
    NONE,
    SEX,
    Texts,
    born,
    long_date,
    religion,
)
from services.registry.documents.schemas import (
    AcknowledgementCertificateContent,
    LegitimationCertificateContent,
    MarginalNoteContent,
)
from shared.codes import find
from shared.language import Words


def acknowledgement(content: AcknowledgementCertificateContent) -> Texts:
    """A father says whose child it is: UU 24/2013 art 49."""
    day = content.acknowledged_on
    blocks = [
        row(Words("bahwa pada tanggal", "that on"), long_date(day), long_date(day, "en")),
        centred(Words("telah diakui anak bernama", "a child was acknowledged by the name of")),
        *_child(content),
        side_by_side(
            (Words("OLEH AYAH", "By the father"), content.father),
            (Words("DENGAN PERSETUJUAN IBU", "With the mother's consent"), content.mother),
        ),
        *_rites(content.religion),
        *on_ruling(content.ruling),
    ]
    return sheet(
        Words("KUTIPAN AKTA PENGAKUAN ANAK", "Excerpt of acknowledgement certificate"),
        Words("Berdasarkan Akta Pengakuan Anak Nomor", "By virtue of acknowledgement number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        nik=content.child.nik,
        notes=margin(content.annotations),
    )


def legitimation(content: LegitimationCertificateContent) -> Texts:
    """The parents' marriage makes the child theirs by law: UU 24/2013 art 50."""
    leader = content.leader_name
    blocks = [
        centred(Words("bahwa telah disahkan anak bernama", "a child was legitimised named")),
        *_child(content),
        side_by_side(
            (Words("DARI AYAH", "Of the father"), content.father),
            (Words("DAN IBU", "And the mother"), content.mother),
        ),
        section(Words("dalam perkawinan", "in the marriage")),
        row(Words("akta perkawinan nomor", "marriage certificate no."), content.marriage_number),
        row(
            Words("tanggal perkawinan", "date of marriage"),
            long_date(content.married_on),
            long_date(content.married_on, "en"),
        ),
        row(
            Words("tempat pencatatan", "place of registration"),
            (content.marriage_registered_at or NONE).upper(),
        ),
        *_rites(content.religion),
        *([row(Words("di hadapan pemuka", "before the leader"), leader.upper())] if leader else []),
        *on_ruling(content.ruling),
    ]
    return sheet(
        Words("KUTIPAN AKTA PENGESAHAN ANAK", "Excerpt of legitimation certificate"),
        Words("Berdasarkan Akta Pengesahan Anak Nomor", "By virtue of legitimation number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        nik=content.child.nik,
        notes=margin(content.annotations),
    )


def _child(content: AcknowledgementCertificateContent | LegitimationCertificateContent) -> Blocks:
    child, day = content.child, content.birth_certified_on
    sex = SEX[child.sex] if child.sex else Words(NONE, "")
    return [
        subject(child.full_name),
        row(Words("jenis kelamin", "sex"), sex.id, sex.en),
        row(
            Words("lahir di/tanggal", "born in, on"),
            born(child.birth_place, child.birth_date) or NONE,
        ),
        row(
            Words("akta kelahiran nomor", "birth certificate no."),
            content.birth_certificate_number or NONE,
            f"{long_date(day)} / {long_date(day, 'en')}" if day else "",
        ),
    ]


def _rites(code: int | None) -> Blocks:
    return (
        [row(Words("menurut agama/kepercayaan", "by the rites of"), religion(code))] if code else []
    )


def marginal_note(content: MarginalNoteContent) -> Texts:
    """One note, as it stands in the margin of the register."""
    register = find("jenis_akta", content.certificate_kind).name
    blocks = [
        row(Words("pada register", "in the register of"), register.id.upper(), register.en),
        row(Words("akta nomor", "certificate no."), content.certificate_number),
        row(Words("atas nama", "in the name of"), content.full_name.upper()),
        *on_ruling(content.ruling),
        *margin([content.annotation]),
    ]
    return sheet(
        Words("CATATAN PINGGIR", "Marginal note"),
        Words("pada Akta Nomor", "On certificate number"),
        content.certificate_number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        nik=content.nik,
        is_quotation=False,
    )
