"""Family card, child card, and the print of what the register holds of one resident."""

from datetime import date

from services.registry.documents.printed.blocks import Blocks, plain, section
from services.registry.documents.printed.letters import letter
from services.registry.documents.printed.words import (
    NONE,
    SEX,
    Texts,
    address,
    address_line,
    blood,
    born,
    capitals,
    religion,
    short_date,
)
from services.registry.documents.rules import full_place, office
from services.registry.documents.schemas import (
    BiodataContent,
    ChildCardContent,
    FamilyCardContent,
    FamilyMember,
)
from shared.codes import label
from shared.contract.facts import Citizenship
from shared.language import Words


def family_card(content: FamilyCardContent) -> Texts:
    """The card of a family; the template cuts it into sheets."""
    return {
        "kk_number": content.kk_number,
        "head": content.head_name.upper(),
        "address": address(content.address),
        "members": [_member(each) for each in content.members],
        "regency": content.address.regency,
        "office": office(content.address.regency),
    }


def _member(member: FamilyMember) -> Texts:
    return {
        "full_name": member.full_name.upper(),
        "nik": member.nik,
        "sex": SEX[member.sex].id,
        "birth_place": member.birth_place.upper(),
        "birth_date": short_date(member.birth_date),
        "religion": religion(member.religion, member.belief_organisation),
        "education": label("pendidikan", member.education),
        "occupation": label("pekerjaan", member.occupation),
        "blood_type": label("golongan_darah", member.blood_type),
        "marital_status": label("status_kawin", member.marital_status),
        "marriage_date": short_date(member.marriage_date),
        "relationship": label("shdk", member.relationship),
        "citizenship": label("kewarganegaraan", member.citizenship),
        "passport": member.passport_number or NONE,
        "permit": member.permit_number or NONE,
        "father": (member.father_name or NONE).upper(),
        "mother": (member.mother_name or NONE).upper(),
    }


def child_card(content: ChildCardContent) -> Texts:
    """Both sides of the card of a child."""
    return {
        "nik": content.nik,
        "full_name": content.full_name.upper(),
        "birth": f"{content.birth_place.upper()}, {short_date(content.birth_date)}",
        "sex": SEX[content.sex].id,
        "blood_type": blood(content.blood_type),
        "religion": label("agama", content.religion),
        "citizenship": label("kewarganegaraan", content.citizenship),
        "certificate_number": content.birth_certificate_number or NONE,
        "kk_number": content.kk_number,
        "head": content.head_name.upper(),
        "address": address(content.address),
        "with_photo": content.variant == "B",  # from five: Permendagri 2/2016
        "valid_until": short_date(content.valid_until),
        "place": full_place(content.address.regency).upper(),
        "regency": content.address.regency,
        "office": office(content.address.regency),
    }


def biodata(content: BiodataContent) -> Texts:
    """Everything that form F-1.08 shows."""
    blocks = [
        *_identity(content),
        *_civil(content),
        *_parents(content),
        *_home(content),
    ]
    return letter(
        Words("BIODATA PENDUDUK WARGA NEGARA INDONESIA", "Resident's biodata")
        if content.citizenship != Citizenship.FOREIGN
        else Words("BIODATA PENDUDUK ORANG ASING", "Foreign resident's biodata"),
        None,
        blocks,
        regency=content.regency,
    )


def _identity(content: BiodataContent) -> Blocks:
    disability = content.disability
    return [
        section(Words("I. DATA PERSEORANGAN", "")),
        plain("NIK", content.nik),
        plain("Nama Lengkap", content.full_name.upper()),
        plain("Tempat, Tanggal Lahir", born(content.birth_place, content.birth_date)),
        plain("Jenis Kelamin", SEX[content.sex].id),
        plain("Golongan Darah", blood(content.blood_type)),
        plain("Agama/Kepercayaan", religion(content.religion, content.belief_organisation)),
        plain("Pendidikan Terakhir", label("pendidikan", content.education)),
        plain("Jenis Pekerjaan", label("pekerjaan", content.occupation)),
        plain("Penyandang Disabilitas", label("disabilitas", disability) if disability else NONE),
        plain("Kewarganegaraan", label("kewarganegaraan", content.citizenship)),
        plain("Nomor Paspor", _with_day(content.passport_number, content.passport_until)),
        plain("Nomor ITAS/ITAP", _with_day(content.permit_number, content.permit_until)),
    ]


def _with_day(number: str | None, day: date | None) -> str:
    if number is None:
        return NONE
    return f"{number}, berlaku hingga {short_date(day)}" if day else number


def _civil(content: BiodataContent) -> Blocks:
    return [
        section(Words("II. STATUS DAN AKTA", "")),
        plain("Nomor Akta Kelahiran", content.birth_certificate_number or NONE),
        plain("Status Perkawinan", label("status_kawin", content.marital_status)),
        plain("Nomor Akta/Buku Perkawinan", content.marriage_number or NONE),
        plain("Tanggal Perkawinan", short_date(content.marriage_date)),
        plain("Nomor Akta/Surat Perceraian", content.divorce_number or NONE),
        plain("Tanggal Perceraian", short_date(content.divorce_date)),
    ]


def _parents(content: BiodataContent) -> Blocks:
    return [
        section(Words("III. DATA ORANG TUA", "")),
        plain("NIK Ibu", content.mother_nik or NONE),
        plain("Nama Ibu", capitals(content.mother_name)),
        plain("NIK Ayah", content.father_nik or NONE),
        plain("Nama Ayah", capitals(content.father_name)),
    ]


def _home(content: BiodataContent) -> Blocks:
    shdk = content.relationship
    return [
        section(Words("IV. KELUARGA DAN ALAMAT", "")),
        plain("Nomor KK", content.kk_number or NONE),
        plain("Nama Kepala Keluarga", capitals(content.head_name)),
        plain("Status Hubungan dalam Keluarga", label("shdk", shdk) if shdk else NONE),
        plain("Alamat", address_line(content.address) if content.address else NONE),
        plain("Alamat Sebelumnya", capitals(content.previous_address)),
    ]
