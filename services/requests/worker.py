"""What the requests service listens to. Run it with `python -m services.requests.worker`."""

from services.requests.attachments.pruning import pruning
from services.requests.cases import answers, card_news, deaths, office_days, outages
from services.requests.catalogue.store import catalogue
from services.requests.settings import Settings
from shared.contract.events import (
    CardChanged,
    ChangeApplied,
    ChangePlanned,
    ChangeRefused,
    DocumentIssued,
    MoveClosed,
    OfficeDayChanged,
    RecordingChanged,
    ResidentDied,
    ResidentMerged,
    ResidentRestored,
    SignerOutageDeclared,
    SignerOutageEnded,
)
from shared.files import Files
from shared.inbox import Handlers
from shared.worker import main

HANDLERS: Handlers = {
    ChangePlanned: answers.planned,
    ChangeApplied: answers.applied,
    ChangeRefused: answers.refused,
    DocumentIssued: answers.issued,
    MoveClosed: answers.move_closed,
    ResidentMerged: answers.merged,
    RecordingChanged: card_news.recording_changed,
    CardChanged: card_news.card_changed,
    ResidentDied: deaths.resident_died,
    ResidentRestored: deaths.resident_restored,
    OfficeDayChanged: office_days.promise_anew,
    SignerOutageDeclared: outages.declared,
    SignerOutageEnded: outages.ended,
}

if __name__ == "__main__":
    catalogue()  # a broken data file stops the start, not a case
    settings = Settings.from_env("requests")
    main("requests", settings, HANDLERS, [pruning(Files.at(settings.files_url))])
