from tests.registry.changes.states import FATHER, MOTHER, planned, refusals, state


def test_nobody_changes_sex_while_married() -> None:
    couple = state(father={"spouse": MOTHER}, mother={"spouse": FATHER})
    ruling = {
        "authority": "Pengadilan Negeri Banyuwangi",
        "number": "12/Pdt.P/2026/PN Byw",
        "dated": "2026-06-10",
        "final_on": "2026-06-24",
    }
    found = {"event": "SEX_CHANGE", "sex": "L", "ruling": ruling}
    fact = {"kind": "note_vital_event", "person": {"resident_id": MOTHER}} | found

    assert ("SPOUSES_NOT_LINKED", "") in refusals(planned(couple, fact))
    assert refusals(planned(state(mother={"marital_status": 4}), fact)) == []
