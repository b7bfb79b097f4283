"""What the requests service listens to. Run it with `python -m services.requests.worker`."""

from services.requests.cases import answers
from services.requests.settings import Settings
from shared.contract.events import ChangeApplied, ChangePlanned, ChangeRefused, DocumentIssued
from shared.inbox import Handlers
from shared.worker import main

HANDLERS: Handlers = {
    ChangePlanned: answers.planned,
    ChangeApplied: answers.applied,
    ChangeRefused: answers.refused,
    DocumentIssued: answers.issued,
}

if __name__ == "__main__":
    main("requests", Settings.from_env("requests"), HANDLERS)
