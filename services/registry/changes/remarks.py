"""The rules that may speak on a change: their names for machines, their words, their law.

The names are part of the contract: clients and officers look them up, so they never change.
"""

from typing import NamedTuple

from shared.contract.plan import Remark, Rule


class Words(NamedTuple):
    """What a rule says, and where it is written."""

    id: str
    en: str
    law: str | None = None


RULES: dict[Rule, Words] = {
    # who and which family
    "PERSON_NOT_FOUND": Words(
        "Penduduk tidak ditemukan dalam data kependudukan.",
        "This resident is not found in the registry.",
    ),
    "PERSON_NOT_ALIVE": Words(
        "Penduduk ini tercatat telah meninggal.",
        "This resident is recorded as deceased.",
        "UU 24/2013 art 44",
    ),
    "PERSON_NOT_ACTIVE": Words(
        "Data penduduk ini tidak aktif; selesaikan statusnya lebih dahulu.",
        "This resident's record is not active; settle its status first.",
        "PP 40/2019 art 30",
    ),
    "PERSON_IN_NO_FAMILY": Words(
        "Setiap penduduk harus masuk dalam satu Kartu Keluarga.",
        "Every resident must be in one family card.",
        "UU 23/2006 art 62(1)",
    ),
    "FAMILY_NOT_FOUND": Words(
        "Kartu Keluarga tidak ditemukan.",
        "The family card is not found.",
    ),
    "FAMILY_CLOSED": Words(
        "Kartu Keluarga ini sudah ditutup.",
        "This family card is closed.",
        "UU 23/2006 art 61(3)",
    ),
    "NOT_IN_JURISDICTION": Words(
        "Domisili di luar kabupaten ini; ajukan di tempat domisili.",
        "The domicile is outside this regency; apply where the domicile is.",
        "UU 24/2013 (asas domisili)",
    ),
    "VILLAGE_UNKNOWN": Words(
        "Kode desa/kelurahan tidak berlaku.",
        "The village code is not valid.",
    ),
    "ALREADY_MEMBER": Words(
        "Penduduk ini sudah tercantum dalam Kartu Keluarga tersebut.",
        "This resident is already in that family card.",
    ),
    "ALREADY_MEMBER_ELSEWHERE": Words(
        "Penduduk ini masih tercantum dalam Kartu Keluarga lain.",
        "This resident is still in another family card.",
        "UU 23/2006 art 62(1)",
    ),
    "OTHER_FAMILY_THAN_STATED": Words(
        "Anak dimasukkan ke Kartu Keluarga lain daripada yang disebut dalam laporan kelahiran.",
        "The child is put into another family card than the report of birth names.",
    ),
    "FOREIGNER_IN_NO_FAMILY": Words(
        "Orang asing pemegang ITAS tidak dimasukkan dalam Kartu Keluarga.",
        "A foreigner with a limited stay permit (ITAS) is in no family card.",
        "UU 24/2013 art 61-62",
    ),
    "HEAD_RELATIONSHIP": Words(
        "Anggota tidak dapat ditambahkan sebagai kepala keluarga.",
        "Nobody can be added to a family as its head.",
        "UU 23/2006 art 61",
    ),
    "HEAD_NOT_FIT": Words(
        "Kepala keluarga harus hidup dan berumur 17 tahun atau pernah kawin.",
        "The head of a family must be alive, and 17 or ever married.",
        "UU 23/2006 art 61",
    ),
    "SEVERAL_HEADS": Words(
        "Satu Kartu Keluarga hanya memiliki satu kepala keluarga.",
        "A family card has exactly one head.",
        "UU 23/2006 art 61",
    ),
    "SPOUSE_SEX": Words(
        "Hubungan SUAMI hanya untuk laki-laki yang kepala keluarganya istri; ISTRI hanya untuk perempuan yang kepala keluarganya suami.",
        "SUAMI is a man whose wife is head; ISTRI is a woman whose husband is head.",
        "Permendagri 108/2019 art 10",
    ),
    "SPOUSE_NOT_MARRIED": Words(
        "Suami atau istri harus berstatus kawin.",
        "A husband or wife must have the status of married.",
        "Permendagri 108/2019 art 10",
    ),
    "SECOND_HUSBAND": Words(
        "Kartu Keluarga ini sudah mencantumkan suami.",
        "This family card already names a husband.",
        "UU 1/1974 art 3",
    ),
    "SEVERAL_WIVES": Words(
        "Kartu Keluarga ini sudah mencantumkan istri; periksa izin pengadilan.",
        "This family card already names a wife; check the court's permission.",
        "UU 1/1974 art 3-5",
    ),
    "RELATIONSHIP_DIFFERS": Words(
        "Hubungan keluarga yang diminta ({asked}) berbeda dari yang disimpulkan dari orang tua ({proposed}).",
        "The relationship asked for ({asked}) differs from what the parents suggest ({proposed}).",
    ),
    # births
    "BIRTH_IN_FUTURE": Words(
        "Tanggal lahir tidak boleh setelah hari pelaporan.",
        "The date of birth must not lie after the day of the report.",
    ),
    "REPORTED_IN_FUTURE": Words(
        "Tanggal pelaporan belum tiba.",
        "The day of the report has not come yet.",
    ),
    "REPORTED_LATE": Words(
        "Dilaporkan {days} hari setelah batas 60 hari; dicatat sebagai kelahiran terlambat (LT) dengan keputusan Kepala Dinas.",
        "Reported {days} days after the limit of 60 days; recorded as a late birth (LT) by decision of the head of agency.",
        "UU 24/2013 art 32",
    ),
    "MOTHER_REQUIRED": Words(
        "Ibu harus disebut bila ayah disebut.",
        "The mother must be named where the father is.",
        "Perpres 96/2018 art 33",
    ),
    "MOTHER_NOT_FEMALE": Words(
        "Ibu tercatat berjenis kelamin laki-laki.",
        "The mother is recorded as male.",
    ),
    "FATHER_NOT_MALE": Words(
        "Ayah tercatat berjenis kelamin perempuan.",
        "The father is recorded as female.",
    ),
    "MOTHER_TOO_YOUNG": Words(
        "Ibu berumur kurang dari 10 tahun saat anak lahir.",
        "The mother was under 10 years old at the birth.",
    ),
    "MOTHER_TOO_OLD": Words(
        "Ibu berumur lebih dari 60 tahun saat anak lahir.",
        "The mother was over 60 years old at the birth.",
    ),
    "FATHER_TOO_YOUNG": Words(
        "Ayah berumur kurang dari 12 tahun saat anak lahir.",
        "The father was under 12 years old at the birth.",
    ),
    "MOTHER_DECEASED": Words(
        "Ibu tercatat telah meninggal; periksa tanggalnya.",
        "The mother is recorded as deceased; check the date.",
    ),
    "FATHER_DECEASED": Words(
        "Ayah tercatat telah meninggal; periksa tanggalnya.",
        "The father is recorded as deceased; check the date.",
    ),
    "SIBLING_TOO_CLOSE": Words(
        "Ibu ini melahirkan anak lain ({name}) kurang dari sembilan bulan sebelum atau sesudahnya.",
        "This mother had another child ({name}) less than nine months before or after.",
    ),
    "TWIN_NOT_STATED": Words(
        "Ibu ini melahirkan anak lain ({name}) pada hari yang sama, tetapi kelahiran ini disebut tunggal.",
        "This mother had another child ({name}) on the same day, but this birth is stated as single.",
    ),
    "BIRTH_ALREADY_REGISTERED": Words(
        "Kelahiran ini sudah tercatat atas nama {name}.",
        "This birth is already registered under the name {name}.",
        "UU 23/2006 art 27",
    ),
    "BIRTH_CLEARED": Words(
        "Mirip dengan {name}, yang oleh petugas dinyatakan anak lain.",
        "Like {name}, whom an officer found to be another child.",
    ),
    "MARRIAGE_NOT_IN_REGISTRY": Words(
        "Bukti perkawinan dilampirkan, tetapi status kawin orang tua belum tercatat demikian.",
        "Proof of marriage is attached, but the parents' status does not show it.",
        "Perpres 96/2018 art 33",
    ),
    "MARRIAGE_UNRECORDED": Words(
        "Akta memuat frasa bahwa perkawinan orang tua belum tercatat.",
        "The certificate says that the parents' marriage is not yet recorded.",
        "Permendagri 108/2019 art 48",
    ),
    "FATHER_NOT_RECORDED": Words(
        "Perkawinan tidak terbukti: akta memuat anak seorang ibu, ayah tidak dicatat.",
        "The marriage is not proved: the certificate says child of a mother, and no father is recorded.",
        "Permendagri 108/2019 art 48-49",
    ),
    "PARENTS_UNKNOWN": Words(
        "Anak tidak diketahui asal-usulnya: berita acara kepolisian atau SPTJM wajib ada.",
        "A foundling: a police report or statement of liability (SPTJM) is needed.",
        "Perpres 96/2018 art 33",
    ),
    "RELIGION_DIFFERS": Words(
        "Agama orang tua berbeda; agama anak dicatat mengikuti ibu.",
        "The parents' religions differ; the child's is recorded as the mother's.",
    ),
    "DUAL_CITIZENSHIP": Words(
        "Anak dari perkawinan campuran memiliki kewarganegaraan ganda terbatas.",
        "A child of a mixed marriage has limited dual citizenship.",
        "UU 12/2006 art 4, 6",
    ),
    # first biodata
    "DUPLICATE_SUSPECT": Words(
        "Ada penduduk yang mirip: {name}, lahir {born}.",
        "There is a resident who looks alike: {name}, born {born}.",
        "UU 23/2006 art 13",
    ),
    "DUPLICATE_CLEARED": Words(
        "Mirip dengan {name}, yang oleh petugas dinyatakan orang lain.",
        "Like {name}, whom an officer found to be somebody else.",
    ),
    # child cards
    "KIA_NOT_A_CHILD": Words(
        "KIA hanya untuk anak di bawah 17 tahun yang belum pernah kawin.",
        "A child card is for those under 17 who were never married.",
        "Permendagri 2/2016 art 3",
    ),
    "KIA_NEEDS_CERTIFICATE": Words(
        "KIA memerlukan akta kelahiran.",
        "A child card needs a birth certificate.",
        "Permendagri 2/2016 art 3",
    ),
    "KIA_ALREADY_HELD": Words(
        "Anak ini masih memegang KIA yang berlaku.",
        "This child still holds a valid child card.",
        "Permendagri 2/2016",
    ),
    "KIA_NEEDS_PERMIT": Words(
        "KIA untuk anak orang asing memerlukan izin tinggal tetap (ITAP).",
        "A foreign child's card needs a permanent stay permit (ITAP).",
        "Permendagri 2/2016 art 8",
    ),
    "KIA_NOT_HELD": Words(
        "Tidak ada KIA yang berlaku untuk digantikan.",
        "There is no child card in force to replace.",
    ),
    "BOTH_CARDS": Words(
        "KIA dan KTP-el tidak dapat berlaku bersamaan.",
        "A child card and a KTP-el cannot be in force together.",
        "Permendagri 2/2016",
    ),
    # the whole change
    "NIK_EXHAUSTED": Words(
        "Nomor urut NIK untuk kecamatan, tanggal lahir dan jenis kelamin ini habis.",
        "The serial numbers of NIK for this district, birth date and sex are used up.",
    ),
    "PLAN_CHANGED": Words(
        "Keadaan data berubah sejak disetujui; periksa akibat yang baru.",
        "The data changed after the approval; look at the new consequences.",
    ),
}


def remark(rule: Rule, pointer: str, **values: object) -> Remark:
    """Let a rule speak about a place in the facts.

    Raises:
        KeyError: there is no such rule.
    """
    words = RULES[rule]
    return Remark(
        rule=rule,
        pointer=pointer,
        text_id=words.id.format(**values),
        text_en=words.en.format(**values),
        law=words.law,
    )
