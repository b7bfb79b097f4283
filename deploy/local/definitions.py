"""What the broker knows before anybody connects: users, rights, exchanges, queues, bindings."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping

from shared.bus import DEAD_EXCHANGE, EXCHANGE, dead_queue_of, queue_arguments, queue_of

VHOST = "balai"


def definitions(
    passwords: Mapping[str, str], topics: Mapping[str, Iterable[str]]
) -> dict[str, object]:
    """Return RabbitMQ's definitions for services with these passwords, which hear these topics."""
    services = list(passwords)
    return {
        "vhosts": [{"name": VHOST}],
        "users": [
            {
                "name": service,
                "password_hash": password_hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "",
            }
            for service, password in passwords.items()
        ],
        "permissions": [_permissions(service) for service in services],
        "topic_permissions": [
            {
                "user": service,
                "vhost": VHOST,
                "exchange": EXCHANGE,
                "write": rf"^{service}\.",  # nobody can speak in another's name
                "read": ".*",
            }
            for service in services
        ],
        "exchanges": [_exchange(EXCHANGE, "topic"), _exchange(DEAD_EXCHANGE, "direct")],
        "queues": [each for service in services for each in _queues(service)],
        "bindings": [
            each for service in services for each in _bindings(service, topics.get(service, ()))
        ],
    }


def topics() -> dict[str, list[str]]:
    """Return what each service listens to."""
    # Imported here: whoever only wants definitions of other topics loads no service.
    from services.notify.worker import HANDLERS as NOTIFY  # noqa: PLC0415
    from services.registry.worker import HANDLERS as REGISTRY  # noqa: PLC0415
    from services.requests.worker import HANDLERS as REQUESTS  # noqa: PLC0415

    heard = {"registry": REGISTRY, "requests": REQUESTS, "notify": NOTIFY}
    return {service: [event.name for event in handlers] for service, handlers in heard.items()}


def as_json(value: Mapping[str, object]) -> str:
    """Return definitions as the file that RabbitMQ reads."""
    return json.dumps(value, indent=2)


def password_hash(password: str) -> str:
    """Return a password as RabbitMQ keeps it: salted SHA-256."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _permissions(service: str) -> dict[str, str]:
    own = rf"{service}(\..*)?"
    # Dead letters leave a queue in the name of the service that owns it.
    used = f"^({own}|{re.escape(EXCHANGE)}|{re.escape(DEAD_EXCHANGE)})$"
    return {
        "user": service,
        "vhost": VHOST,
        "configure": f"^{own}$",
        "write": used,
        "read": used,
    }


def _exchange(name: str, kind: str) -> dict[str, object]:
    fixed = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": name, "vhost": VHOST, "type": kind, **fixed}


def _queues(service: str) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "vhost": VHOST,
            "durable": True,
            "auto_delete": False,
            "arguments": queue_arguments(name),
        }
        for name in (dead_queue_of(service), queue_of(service))
    ]


def _bindings(service: str, topics: Iterable[str]) -> list[dict[str, object]]:
    queue, dead = queue_of(service), dead_queue_of(service)
    wanted = [(DEAD_EXCHANGE, dead, queue), *((EXCHANGE, queue, topic) for topic in topics)]
    return [
        {
            "source": source,
            "vhost": VHOST,
            "destination": destination,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for source, destination, key in wanted
    ]
