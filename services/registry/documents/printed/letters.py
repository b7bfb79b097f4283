"""The frame of every letter of the population office, and the letters in place of cards."""

from collections.abc import Iterable

from services.registry.documents.printed.blocks import (
    Blocks,
    paragraph,
    people,
    plain,
    row,
    section,
    until,
)
from services.registry.documents.printed.words import (
    NONE,
    SEX,
    Texts,
    address_line,
    blood,
    born,
    capitals,
    card_status,
    long_date,
    religion,
    short_date,
)
from services.registry.documents.rules import full_place, office
from services.registry.documents.schemas import (
    CommunityLetterContent,
    DisplacedPersonContent,
    InterimLetterContent,
    ResidenceLetterContent,
    SubstituteCertificateContent,
    SubstituteIdentityContent,
    VitalEvent,
)
from shared.codes import label
from shared.contract.facts import MaritalStatus
from shared.language import Words

HEAD = Words("Kepala Dinas", "Head of the agency")
STATES = Words(
    "Yang bertanda tangan di bawah ini menerangkan bahwa:", "The undersigned states that:"
)


def letter(
    title: Words,
    number: str | None,
    blocks: Iterable[Texts],
    *,
    regency: str,
    photo: bool = False,
) -> Texts:
    """Put a letter together under the head of the agency."""
    return {
        "title": title.id,
        "title_en": title.en,
        "number": number or "",
        "blocks": list(blocks),
        "photo": photo,
        "place": full_place(regency).upper(),
        "regency": regency,
        "office": office(regency),
        "signs": HEAD.id,
        "signs_en": HEAD.en,
    }


def residence_letter(content: ResidenceLetterContent) -> Texts:
    """A foreigner reads it too: in both languages."""
    status, job = content.marital_status, content.occupation
    sex = SEX[content.sex]
    blocks = [
        paragraph(STATES),
        row(Words("NIK", "Population identification number"), content.nik),
        row(Words("Nama Lengkap", "Full name"), content.full_name.upper()),
        row(
            Words("Tempat, Tanggal Lahir", "Place and date of birth"),
            born(content.birth_place, content.birth_date),
        ),
        row(Words("Jenis Kelamin", "Sex"), sex.id, sex.en),
        row(Words("Kebangsaan", "Nationality"), content.nationality.upper()),
        row(Words("Agama", "Religion"), religion(content.religion)),
        row(
            Words("Status Perkawinan", "Marital status"),
            card_status(status) if status else NONE,
        ),
        row(Words("Pekerjaan", "Occupation"), label("pekerjaan", job) if job else NONE),
        row(Words("Nomor Paspor", "Passport number"), content.passport_number),
        row(
            Words("Paspor berlaku hingga", "Passport valid until"),
            short_date(content.passport_until),
        ),
        row(Words("Nomor ITAS", "Limited stay permit number"), content.permit_number),
        row(Words("ITAS berlaku hingga", "Permit valid until"), short_date(content.permit_until)),
        row(Words("Penjamin", "Sponsor"), capitals(content.sponsor_name)),
        row(Words("Tempat Tinggal", "Residence"), address_line(content.address)),
        row(Words("Berlaku hingga", "Valid until"), short_date(content.valid_until)),
    ]
    title = Words("SURAT KETERANGAN TEMPAT TINGGAL", "Residence letter of a limited-stay resident")
    return letter(title, content.number, blocks, regency=content.address.regency, photo=True)


def interim_letter(content: InterimLetterContent) -> Texts:
    """In place of the identity card, for the time without blanks."""
    recorded = content.recorded_on
    when = f" pada tanggal {long_date(recorded)}" if recorded else ""
    blocks = [
        paragraph(Words(STATES.id, "")),
        plain("NIK", content.nik),
        plain("Nama", content.full_name.upper()),
        plain("Tempat, Tanggal Lahir", born(content.birth_place, content.birth_date)),
        plain("Jenis Kelamin", SEX[content.sex].id),
        plain("Golongan Darah", blood(content.blood_type)),
        plain("Alamat", address_line(content.address)),
        plain("Agama", religion(content.religion)),
        plain("Status Perkawinan", card_status(content.marital_status)),
        plain("Pekerjaan", label("pekerjaan", content.occupation)),
        plain("Kewarganegaraan", label("kewarganegaraan", content.citizenship)),
        paragraph(
            Words(
                f"telah melakukan perekaman KTP-el{when}. Surat keterangan ini berlaku sebagai "
                f"pengganti KTP-el sampai dengan tanggal {long_date(content.valid_until)}.",
                "",
            )
        ),
    ]
    title = Words("SURAT KETERANGAN PENGGANTI KTP-EL", "Interim identity letter")
    return letter(title, content.number, blocks, regency=content.address.regency, photo=True)


_Vulnerable = (
    SubstituteIdentityContent
    | SubstituteCertificateContent
    | DisplacedPersonContent
    | CommunityLetterContent
)


def _holder(content: _Vulnerable) -> Blocks:
    return [
        paragraph(Words(STATES.id, "")),
        plain("NIK", content.nik or NONE),
        plain("Nama Lengkap", content.full_name.upper()),
        plain("Jenis Kelamin", SEX[content.sex].id),
        plain("Tempat, Tanggal Lahir", born(content.birth_place, content.birth_date) or NONE),
        plain("Agama/Kepercayaan", religion(content.religion)),
        plain("Alamat Asal", capitals(content.origin)),
        plain("Tempat Tinggal Sekarang", address_line(content.address)),
    ]


def _vulnerable(title: Words, content: _Vulnerable, rows: Blocks, why: str) -> Texts:
    blocks = [
        *_holder(content),
        *rows,
        plain("Sebab", capitals(content.cause)),
        plain("Berlaku hingga", until(content.valid_until)),
        paragraph(Words(why, "")),
    ]
    return letter(title, content.number, blocks, regency=content.address.regency, photo=True)


def substitute_identity(content: SubstituteIdentityContent) -> Texts:
    """In place of lost identity papers: Permendagri 96/2019."""
    status: MaritalStatus | None = content.marital_status
    rows = [
        plain("Nomor KK", content.kk_number or NONE),
        plain("Status Perkawinan", card_status(status) if status else NONE),
        plain("Pekerjaan", label("pekerjaan", content.occupation) if content.occupation else NONE),
    ]
    title = Words("SURAT KETERANGAN PENGGANTI TANDA IDENTITAS", "Substitute identity letter")
    why = (
        "Surat keterangan ini diberikan sebagai pengganti tanda identitas penduduk rentan "
        "administrasi kependudukan sampai dokumen kependudukannya diterbitkan."
    )
    return _vulnerable(title, content, rows, why)


_EVENT = {
    VitalEvent.BIRTH: "KELAHIRAN",
    VitalEvent.DEATH: "KEMATIAN",
    VitalEvent.MARRIAGE: "PERKAWINAN",
    VitalEvent.DIVORCE: "PERCERAIAN",
}


def substitute_certificate(content: SubstituteCertificateContent) -> Texts:
    """In place of a lost civil certificate: Permendagri 96/2019."""
    rows = [
        plain("Peristiwa Penting", _EVENT[content.event]),
        plain("Tanggal Peristiwa", short_date(content.event_date)),
        plain("Tempat Peristiwa", capitals(content.event_place)),
        plain("Nomor Akta", content.certificate_number or NONE),
        plain("Nama Pasangan", capitals(content.partner_name)),
        plain("Nama Ibu", capitals(content.mother_name)),
        plain("Nama Ayah", capitals(content.father_name)),
    ]
    title = Words("SURAT KETERANGAN PENCATATAN SIPIL", "Substitute civil-registration letter")
    why = (
        "Surat keterangan ini diberikan sebagai pengganti kutipan akta pencatatan sipil sampai "
        "kutipan aktanya diterbitkan."
    )
    return _vulnerable(title, content, rows, why)


def displaced_person(content: DisplacedPersonContent) -> Texts:
    """Of somebody without home and papers: Permendagri 96/2019."""
    rows = [
        plain("Ditemukan di", capitals(content.found_at)),
        plain("Tanggal Ditemukan", short_date(content.found_on)),
        plain("Ciri-ciri", capitals(content.marks)),
        plain("Penampungan", capitals(content.shelter)),
    ]
    title = Words("SURAT KETERANGAN ORANG TERLANTAR", "Displaced-person letter")
    why = (
        "Surat keterangan ini diberikan kepada orang terlantar yang tidak memiliki dokumen "
        "kependudukan sampai dokumennya diterbitkan."
    )
    return _vulnerable(title, content, rows, why)


def community_member(content: CommunityLetterContent) -> Texts:
    """Of somebody of a remote community: Permendagri 96/2019."""
    rows = [
        plain("Komunitas", content.community.upper()),
        plain("Ketua Adat/Pemuka", capitals(content.elder_name)),
    ]
    if content.members:
        rows += [section(Words("Anggota keluarga", "")), people(content.members)]
    title = Words("SURAT KETERANGAN TANDA KOMUNITAS", "Remote-community letter")
    why = (
        "Surat keterangan ini diberikan kepada anggota komunitas terpencil sampai dokumen "
        "kependudukannya diterbitkan."
    )
    return _vulnerable(title, content, rows, why)
