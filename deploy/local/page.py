"""What a person reads when everything runs."""

from collections.abc import Mapping
from pathlib import Path

from deploy.local.environment import SERVICES

_WHAT = {
    "registry": "residents, families, certificates, cards, documents, coverage",
    "requests": "the 98 services, cases, attachments, decisions",
    "notify": "contacts, wording, messages",
}


def page(addresses: Mapping[str, str], logs: Path) -> str:
    """Return the links of a running suite and a first call to try."""
    links = [f"  {addresses[each]}/docs   {each}: {_WHAT[each]}" for each in SERVICES]
    return "\n".join(
        [
            "",
            "Balai runs. Ctrl-C stops all of it.",
            "",
            *links,
            f"  {addresses['identity']}/personas   whom you can act as",
            f"  {addresses['whatsapp']}/inbox   what WhatsApp would have delivered",
            f"  {addresses['centre']}/docs   the ministry's centre, and how it can misbehave",
            f"  {logs}   logs",
            "",
            "A first call, in another terminal:",
            "",
            "  TOKEN=$(.venv/bin/python -m deploy.local.identity token op-desa)",
            f'  curl -H "Authorization: Bearer $TOKEN" "{addresses["requests"]}/v1/services"',
            "",
        ]
    )
