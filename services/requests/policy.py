"""Who may do what with a case; roles as in peran.csv, reaches as in shared.policy.

Area is that of the point where a case was taken in, or of the village it is about: handling
follows the intake, reading the person. Which role may take which step is the workflow's data;
`cases.act` says how far a role's steps reach.
"""

from shared.policy import Policy, Reach

_CITIZENS = ("WARGA", "KEPALA_KELUARGA", "KUASA")
_OFFICES = ("OP_DESA", "OP_KEC")  # of one village or district
_OUTLETS = ("OP_GERAI", "PETUGAS_LAPANGAN", "FASKES")  # see what they or their point took in
_AGENCY = ("VERIFIKATOR", "KASI", "KABID", "PPS", "KADIS")

_FILING = {
    **dict.fromkeys(_CITIZENS, Reach.OWN),
    **dict.fromkeys(_OUTLETS, Reach.OWN),
    **dict.fromkeys(_OFFICES, Reach.AREA),
}
_READING = {
    **_FILING,
    **dict.fromkeys(_AGENCY, Reach.EVERYWHERE),
    "AUDITOR": Reach.EVERYWHERE,
    "DPO": Reach.EVERYWHERE,
}

POLICY: Policy = {
    "cases.file": _FILING,
    "cases.read": {**_READING, "OP_CETAK": Reach.MASKED, "KURIR": Reach.MASKED},
    "cases.list": _READING,
    "cases.act": {
        **_FILING,
        **dict.fromkeys(_AGENCY, Reach.EVERYWHERE),
        "OP_CETAK": Reach.EVERYWHERE,
        "KURIR": Reach.EVERYWHERE,
    },
    "office_days.declare": dict.fromkeys(("KADIS", "ADM_WILAYAH"), Reach.EVERYWHERE),
    # The effects and warnings of a plan name the families that it touches.
    "cases.read_plan": {
        **dict.fromkeys(_OFFICES, Reach.AREA),
        **dict.fromkeys(_AGENCY, Reach.EVERYWHERE),
        "AUDITOR": Reach.EVERYWHERE,
    },
}
