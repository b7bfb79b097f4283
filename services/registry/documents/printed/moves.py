"""Letters about who leaves and who arrives."""

from services.registry.documents.printed.blocks import Blocks, people, plain, row, section
from services.registry.documents.printed.letters import letter
from services.registry.documents.printed.words import (
    NONE,
    Texts,
    address_line,
    capitals,
    long_date,
    short_date,
)
from services.registry.documents.schemas import (
    Address,
    ArrivalFromAbroadContent,
    ArrivalLetterContent,
    DepartureAbroadContent,
    MoveLetterContent,
)
from shared.codes import label
from shared.language import Words


def _place(where: Address) -> Blocks:
    return [
        plain("Alamat", where.street.upper()),
        plain("RT/RW", f"{where.rt}/{where.rw}"),
        plain("Desa/Kelurahan", where.village.upper()),
        plain("Kecamatan", where.district.upper()),
        plain("Kabupaten/Kota", where.regency.upper()),
        plain("Provinsi", where.province.upper()),
        plain("Kode Pos", where.postal_code or NONE),
    ]


def _reason(code: int | None, words: str | None = None) -> str:
    if code is None:
        return NONE
    return (
        f"{label('alasan_pindah', code)}: {words.upper()}"
        if words
        else label("alasan_pindah", code)
    )


def _code(name: str, code: int | None) -> str:
    return label(name, code) if code else NONE


def move_letter(content: MoveLetterContent) -> Texts:
    """From where to where, why, who goes along, and until when the letter is good."""
    blocks = [
        section(Words("I. DATA DAERAH ASAL", "")),
        plain("Nomor KK", content.kk_number or NONE),
        plain("Nama Kepala Keluarga", capitals(content.head_name)),
        *_place(content.origin),
        plain("NIK Pemohon", content.applicant_nik),
        plain("Nama Pemohon", content.applicant_name.upper()),
        section(Words("II. DATA KEPINDAHAN", "")),
        plain("Alasan Pindah", _reason(content.reason, content.reason_text)),
        plain("Klasifikasi Pindah", label("klasifikasi_pindah", content.classification)),
        plain("Jenis Kepindahan", label("jenis_kepindahan", content.move_kind)),
        plain(
            "Status KK bagi yang Tidak Pindah",
            _code("status_kk_tidak_pindah", content.stayers_card),
        ),
        plain("Status KK bagi yang Pindah", _code("status_kk_pindah", content.movers_card)),
        plain("Rencana Tanggal Pindah", long_date(content.planned_on)),
        section(Words("III. ALAMAT TUJUAN", "")),
        *_place(content.destination),
        section(Words("IV. ANGGOTA KELUARGA YANG PINDAH", "")),
        people(content.movers),
        plain("Surat ini berlaku hingga", long_date(content.valid_until)),
    ]
    title = Words("SURAT KETERANGAN PINDAH WNI", "Move-out letter (SKPWNI)")
    return letter(title, content.number, blocks, regency=content.regency)


def arrival_letter(content: ArrivalLetterContent) -> Texts:
    """From where, by which letter, and into which family."""
    day = content.letter_date
    blocks = [
        section(Words("I. DATA DAERAH ASAL", "")),
        plain("Nomor SKPWNI", content.letter_number),
        plain("Tanggal SKPWNI", long_date(day) if day else NONE),
        *_place(content.origin),
        section(Words("II. DATA DAERAH TUJUAN", "")),
        plain("NIK Pemohon", content.applicant_nik),
        plain("Nama Pemohon", content.applicant_name.upper()),
        plain("Nomor KK", content.kk_number),
        plain("Nama Kepala Keluarga", content.head_name.upper()),
        *_place(content.address),
        plain("Alasan Pindah", _reason(content.reason)),
        plain("Tanggal Kedatangan", long_date(content.arrived_on)),
        section(Words("III. ANGGOTA KELUARGA YANG DATANG", "")),
        people(content.arrivals),
    ]
    title = Words("SURAT KETERANGAN DATANG WNI", "Arrival letter (SKDWNI)")
    return letter(title, content.number, blocks, regency=content.regency)


def departure_abroad(content: DepartureAbroadContent) -> Texts:
    """Missions abroad read it too: in both languages."""
    reason = _reason(content.reason, content.reason_text)
    reason_en = label("alasan_pindah", content.reason, "en")
    day = content.planned_on
    blocks = [
        section(Words("I. DATA DAERAH ASAL", "Origin")),
        row(Words("NIK Pemohon", "Applicant's identification number"), content.applicant_nik),
        row(Words("Nama Pemohon", "Applicant's name"), content.applicant_name.upper()),
        row(Words("Nomor KK", "Family card number"), content.kk_number),
        row(Words("Nama Kepala Keluarga", "Head of the family"), content.head_name.upper()),
        row(Words("Alamat", "Address"), address_line(content.origin)),
        section(Words("II. DATA KEPINDAHAN", "Move")),
        row(Words("Negara Tujuan", "Country of destination"), content.country.upper()),
        row(Words("Alamat di Luar Negeri", "Address abroad"), capitals(content.address_abroad)),
        row(Words("Alasan Pindah", "Reason"), reason, reason_en),
        row(Words("Rencana Berangkat", "Planned departure"), long_date(day), long_date(day, "en")),
        section(Words("III. YANG PINDAH", "Who moves")),
        people(content.movers, abroad=True),
    ]
    title = Words("SURAT KETERANGAN PINDAH KE LUAR NEGERI", "Letter of moving abroad (SKPLN)")
    return letter(title, content.number, blocks, regency=content.regency)


def arrival_from_abroad(content: ArrivalFromAbroadContent) -> Texts:
    """Citizens who return and foreigners who come, in both languages."""
    day = content.arrived_on
    blocks = [
        section(Words("I. DATA ASAL", "Origin")),
        row(
            Words("NIK Pemohon", "Applicant's identification number"), content.applicant_nik or NONE
        ),
        row(Words("Nama Pemohon", "Applicant's name"), content.applicant_name.upper()),
        row(Words("Negara Asal", "Country of origin"), content.country.upper()),
        row(Words("Tanggal Kedatangan", "Date of arrival"), long_date(day), long_date(day, "en")),
        row(Words("Nomor Izin Tinggal", "Stay permit number"), content.permit_number or NONE),
        row(Words("Izin berlaku hingga", "Permit valid until"), short_date(content.permit_until)),
        row(Words("Penjamin", "Sponsor"), capitals(content.sponsor_name)),
        section(Words("II. DATA DAERAH TUJUAN", "Destination")),
        row(Words("Nomor KK", "Family card number"), content.kk_number or NONE),
        row(Words("Nama Kepala Keluarga", "Head of the family"), capitals(content.head_name)),
        row(Words("Alamat", "Address"), address_line(content.address)),
        section(Words("III. YANG DATANG", "Who arrives")),
        people(content.arrivals, abroad=True),
    ]
    title = Words("SURAT KETERANGAN DATANG DARI LUAR NEGERI", "Letter of arrival (SKDLN)")
    return letter(title, content.number, blocks, regency=content.regency)
