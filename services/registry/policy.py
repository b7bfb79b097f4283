"""Who may see and do what in the registry; roles as in peran.csv, reaches as in shared.policy.

Whoever judges by exact NIK sees one person at a time, in any village, and gets no lists. Those who
only need figures (regent, heads of districts and villages, ministry) see no person at all.
"""

from shared.policy import Policy, Reach

_CITIZENS = ("WARGA", "KEPALA_KELUARGA")
_OPERATORS = ("OP_DESA", "OP_KEC")
_ONE_AT_A_TIME = ("OP_GERAI", "PETUGAS_LAPANGAN", "FASKES")
_AGENCY = ("VERIFIKATOR", "KASI", "KABID", "PPS", "KADIS")

_own = dict.fromkeys(_CITIZENS, Reach.OWN)
_area = dict.fromkeys(_OPERATORS, Reach.AREA)
_exact = dict.fromkeys(_ONE_AT_A_TIME, Reach.EVERYWHERE)
_agency = dict.fromkeys(_AGENCY, Reach.EVERYWHERE)
_figures = {
    **dict.fromkeys(("WARGA", "KEPALA_KELUARGA", "KUASA", "FASKES", "KLIEN"), Reach.MASKED),
    **dict.fromkeys(("OP_GERAI", "PETUGAS_LAPANGAN", "OP_CETAK", "KURIR"), Reach.MASKED),
    **dict.fromkeys(("OP_DESA", "OP_KEC", "CAMAT", "KADES"), Reach.AREA),
    **dict.fromkeys(("BUPATI", "DIRJEN", "ADM_WILAYAH", "AUDITOR", "DPO"), Reach.EVERYWHERE),
}
_hands_over = dict.fromkeys(("OP_GERAI", "PETUGAS_LAPANGAN", "OP_CETAK"), Reach.EVERYWHERE)
_courier = {"KURIR": Reach.EVERYWHERE}
_auditor = {"AUDITOR": Reach.EVERYWHERE}

POLICY: Policy = {
    "residents.search_number": {**_own, **_area, **_exact, **_agency, **_auditor},
    "residents.search_name": {**_area, **_agency, **_auditor},
    "residents.list": {**_area, **_agency, **_auditor},
    "residents.read": {**_own, **_area, **_agency, **_auditor},
    "residents.history": {**_own, **_agency, **_auditor},
    "residents.accesses": {**_own, **_auditor, "DPO": Reach.EVERYWHERE},
    # What is shown of somebody whom one may see: the whole record, the numbers in full.
    "residents.whole": {**_own, **_agency, **_auditor},
    # The natural parents of who was adopted: the person, registrars, and who audits them.
    "residents.origins": {**_own, **dict.fromkeys(("PPS", "KADIS", "AUDITOR"), Reach.EVERYWHERE)},
    "residents.numbers": {**_own, **_agency, **_auditor},
    "families.search": {**_own, **_area, **_exact, **_agency, **_auditor},
    "families.read": {**_own, **_area, **_agency, **_auditor},
    "families.history": {**_own, **_agency, **_auditor},
    # One print. Outlets, field officers and print sites hand papers over; couriers only find them.
    "documents.read": {**_own, **_area, **_hands_over, **_agency, **_auditor, **_courier},
    "documents.list": {**_own, **_area, **_agency, **_auditor},
    "documents.download": {**_own, **_area, **_hands_over, **_agency},
    "documents.download_ended": {**_agency},
    # A further copy under the next number, and links for who cannot log in.
    "documents.copy": {**_own, **_area, "OP_GERAI": Reach.EVERYWHERE, **_agency},
    "documents.biodata": {**_own, **_area, **_agency},
    "documents.link": {**_area, **_hands_over, **_agency},
    # Whoever answers for the signer declares when it is out, and when it is back.
    "signer.read": {**_agency, **_auditor, "ADM_WILAYAH": Reach.EVERYWHERE},
    "signer.declare": dict.fromkeys(("ADM_WILAYAH", "KADIS"), Reach.EVERYWHERE),
    # What facts would do, for who files and who judges; what became of them, for who judges.
    "changes.preview": {**_area, **_exact, **_agency},
    "changes.read": {**_agency, **_auditor},
    # Pairs that may be one person: who works with them sees both, if both live in their area.
    "duplicates.list": {**_area, **_agency, **_auditor},
    "duplicates.judge": dict.fromkeys(("VERIFIKATOR", "KASI", "KABID"), Reach.EVERYWHERE),
    # Records that contradict themselves or one another: work lists by village; counts for leaders.
    "anomalies.list": {**_area, **_agency, **_auditor},
    "anomalies.count": {
        **_area,
        **_agency,
        **dict.fromkeys(("CAMAT", "KADES"), Reach.AREA),
        **dict.fromkeys(("BUPATI", "DIRJEN", "AUDITOR", "DPO"), Reach.EVERYWHERE),
    },
    # Workbooks. Who sends one never commits it; senders see their own, the agency sees all.
    "imports.send": {**_area, **dict.fromkeys(("VERIFIKATOR", "KASI", "KABID"), Reach.EVERYWHERE)},
    "imports.read": {**dict.fromkeys(_OPERATORS, Reach.OWN), **_agency, **_auditor},
    "imports.clear": dict.fromkeys(("VERIFIKATOR", "KASI", "KABID"), Reach.EVERYWHERE),
    "imports.commit": dict.fromkeys(("KABID", "KADIS"), Reach.EVERYWHERE),
    "exports.order": {**_area, **_agency, **_auditor},
    "certificates.read": {**_own, **_area, **_agency, **_auditor},
    "certificates.history": {**_own, **_agency, **_auditor},
    "cards.read": {**_own, **_area, **_agency, **_auditor},
    # Names, villages and blanks of the cards that a site prints: its own to whoever sits there.
    "cards.print": {**dict.fromkeys(("OP_CETAK", "OP_KEC", "OP_GERAI"), Reach.OWN), **_agency},
    # Letters; their people as far as one may see them.
    "moves.read": {**_own, **_area, **_agency, **_auditor},
    # Counts only. Outside their reach everybody reads what is published.
    "coverage.read": {**_figures, **_agency},
    "coverage.set_target": dict.fromkeys(("ADM_WILAYAH", "KADIS"), Reach.EVERYWHERE),
}
