from services.registry.certificates.rules import CertificateKind
from services.registry.changes import quoting


def test_every_entry_can_be_quoted_again() -> None:
    assert quoting.QUOTED.keys() == set(CertificateKind)
