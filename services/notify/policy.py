"""Who may see and do what in notify; roles as in peran.csv, reaches as in shared.policy."""

from shared.policy import Policy, Reach

_AGENCY = ("VERIFIKATOR", "KASI", "KABID", "PPS", "KADIS", "ADM_WILAYAH", "AUDITOR", "DPO")

POLICY: Policy = {
    "messages.read": {
        **dict.fromkeys(("WARGA", "KEPALA_KELUARGA"), Reach.OWN),
        **dict.fromkeys(("OP_DESA", "OP_KEC"), Reach.AREA),
        **dict.fromkeys(_AGENCY, Reach.EVERYWHERE),
    },
    "messages.release": {"ADM_WILAYAH": Reach.EVERYWHERE, "KADIS": Reach.EVERYWHERE},
    "contacts.read": {
        **dict.fromkeys(("WARGA", "KEPALA_KELUARGA"), Reach.OWN),
        "ADM_WILAYAH": Reach.EVERYWHERE,
        "DPO": Reach.EVERYWHERE,
    },
    "contacts.change": dict.fromkeys(("WARGA", "KEPALA_KELUARGA"), Reach.OWN),
    "templates.read": {
        **dict.fromkeys(("OP_DESA", "OP_KEC", "OP_GERAI", "PETUGAS_LAPANGAN"), Reach.EVERYWHERE),
        **dict.fromkeys(_AGENCY, Reach.EVERYWHERE),
    },
}
