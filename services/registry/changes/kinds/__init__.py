"""Every kind of change has one module here: a pure `plan` and an `apply`. Register a new one below."""

from collections.abc import Mapping

from pydantic import BaseModel

from services.registry.changes.kinds import (
    activate_digital_id,
    add_member,
    advance_recording,
    change_address,
    change_head,
    change_name,
    correct_positions,
    correct_resident,
    issue_card,
    move_within,
    note_marriage_elsewhere,
    open_family,
    record_biometrics,
    register_birth,
    register_resident,
    reissue_family_card,
    renew_card,
    revoke_card,
    split_family,
)
from services.registry.changes.steps import Kind
from shared.contract.facts import (
    ActivateDigitalId,
    AddMember,
    AdvanceRecording,
    ChangeAddress,
    ChangeHead,
    ChangeName,
    CorrectPositions,
    CorrectResident,
    IssueCard,
    MoveWithin,
    NoteMarriageElsewhere,
    OpenFamily,
    RecordBiometrics,
    RegisterBirth,
    RegisterResident,
    ReissueFamilyCard,
    RenewCard,
    RevokeCard,
    SplitFamily,
)

KINDS: Mapping[type[BaseModel], Kind] = {
    RegisterResident: register_resident,
    RegisterBirth: register_birth,
    AddMember: add_member,
    ChangeHead: change_head,
    SplitFamily: split_family,
    ReissueFamilyCard: reissue_family_card,
    IssueCard: issue_card,
    RenewCard: renew_card,
    RevokeCard: revoke_card,
    RecordBiometrics: record_biometrics,
    AdvanceRecording: advance_recording,
    ActivateDigitalId: activate_digital_id,
    MoveWithin: move_within,
    CorrectResident: correct_resident,
    ChangeName: change_name,
    NoteMarriageElsewhere: note_marriage_elsewhere,
    OpenFamily: open_family,
    ChangeAddress: change_address,
    CorrectPositions: correct_positions,
}
