"""Marriage, divorce and the annulment of either."""

from services.registry.documents.printed.blocks import (
    Blocks,
    centred,
    couple,
    dated,
    margin,
    on_ruling,
    row,
)
from services.registry.documents.printed.civil import sheet
from services.registry.documents.printed.words import NONE, Texts, long_date, religion, ruling
from services.registry.documents.rules import BELIEF
from services.registry.documents.schemas import (
    DivorceAnnulmentContent,
    DivorceCertificateContent,
    MarriageAnnulmentContent,
    MarriageCertificateContent,
)
from shared.language import Words


def marriage_certificate(content: MarriageCertificateContent) -> Texts:
    """Two people, before the leader of their religion or belief: UU 1/1974 art 2."""
    rites = religion(content.religion, content.belief_organisation)
    blocks = [
        row(Words("bahwa di", "that in"), content.place.upper()),
        *dated(content.married_on),
        centred(
            Words("telah dilangsungkan perkawinan antara", "a marriage was solemnised between")
        ),
        couple(content.husband, content.wife),
        row(Words("menurut agama/kepercayaan", "by the rites of"), rites),
        *_leader(content),
        *on_ruling(content.ruling),
    ]
    return sheet(
        Words("KUTIPAN AKTA PERKAWINAN", "Excerpt of marriage certificate"),
        Words("Berdasarkan Akta Perkawinan Nomor", "By virtue of marriage certificate number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        notes=margin(content.annotations),
        photo=True,
    )


def _leader(content: MarriageCertificateContent) -> Blocks:
    if content.leader_name is None:
        return []
    of_belief = content.religion == BELIEF
    before = Words("di hadapan pemuka agama", "before the religious leader")
    if of_belief:
        before = Words("di hadapan pemuka penghayat", "before the leader of the belief")
    return [row(before, content.leader_name.upper())]


def divorce_certificate(content: DivorceCertificateContent) -> Texts:
    """The marriage that a court ended, and since when it has ended: UU 23/2006 art 40."""
    blocks = [
        *on_ruling(content.ruling),
        row(
            Words("terhitung sejak tanggal", "with effect from"),
            long_date(content.divorced_on),
            long_date(content.divorced_on, "en"),
        ),
        centred(Words("telah terjadi perceraian antara", "a divorce took place between")),
        couple(content.husband, content.wife),
        *_marriage(content),
    ]
    return sheet(
        Words("KUTIPAN AKTA PERCERAIAN", "Excerpt of divorce certificate"),
        Words("Berdasarkan Akta Perceraian Nomor", "By virtue of divorce certificate number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        notes=margin(content.annotations),
    )


def _marriage(content: DivorceCertificateContent) -> Blocks:
    day = content.married_on
    return [
        row(
            Words("akta perkawinan nomor", "marriage certificate no."),
            content.marriage_number or NONE,
        ),
        row(
            Words("tanggal perkawinan", "date of marriage"),
            long_date(day) if day else NONE,
            long_date(day, "en") if day else "",
        ),
        row(
            Words("tempat pencatatan", "place of registration"),
            (content.marriage_place or NONE).upper(),
        ),
    ]


def marriage_annulment(content: MarriageAnnulmentContent) -> Texts:
    """The marriage counts as never made: UU 23/2006 art 39."""
    return _annulment(
        content,
        Words("SURAT KETERANGAN PEMBATALAN PERKAWINAN", "Letter of annulment of marriage"),
        Words("telah dibatalkan perkawinan antara", "the marriage was annulled between"),
        Words("kutipan akta perkawinan nomor", "marriage certificate no."),
    )


def divorce_annulment(content: DivorceAnnulmentContent) -> Texts:
    """The divorce counts as never made, the marriage goes on: UU 23/2006 art 43."""
    return _annulment(
        content,
        Words("SURAT KETERANGAN PEMBATALAN PERCERAIAN", "Letter of annulment of divorce"),
        Words("telah dibatalkan perceraian antara", "the divorce was annulled between"),
        Words("kutipan akta perceraian nomor", "divorce certificate no."),
    )


def _annulment(
    content: MarriageAnnulmentContent | DivorceAnnulmentContent,
    title: Words,
    what: Words,
    certificate: Words,
) -> Texts:
    decided, day = ruling(content.ruling), content.certified_on
    blocks = [
        row(Words("bahwa berdasarkan putusan", "that by decision of"), decided.id, decided.en),
        centred(what),
        couple(content.husband, content.wife),
        row(certificate, content.certificate_number or NONE),
        row(
            Words("tanggal akta", "date of certificate"),
            long_date(day) if day else NONE,
            long_date(day, "en") if day else "",
        ),
    ]
    return sheet(
        title,
        Words("Nomor", "Number"),
        content.number,
        blocks,
        regency=content.regency,
        registered_on=content.registered_on,
        is_quotation=False,
    )
