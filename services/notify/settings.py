"""What the notify service must be told beside what every service is told."""

from pydantic import HttpUrl, SecretStr

from shared.settings import Settings as Shared


class Settings(Shared, frozen=True):
    """How to reach WhatsApp (Cloud API) and how its callbacks prove themselves."""

    whatsapp_url: HttpUrl
    whatsapp_token: SecretStr
    whatsapp_sender: str  # the phone number id that messages are sent from
    whatsapp_secret: SecretStr  # signs what WhatsApp tells us
    public_url: HttpUrl  # of the registry, for links that people follow
