"""The AsyncAPI document: every event, who sends it and what is in it, for whoever listens."""

from typing import Any

from pydantic import TypeAdapter

from shared.contract.events import EVENTS, Event

EXCHANGE = "balai"


def describe() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of all events."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Balai events",
            "version": "1.0.0",
            "description": (
                f"CloudEvents 1.0 in structured JSON on the durable topic exchange `{EXCHANGE}`;"
                " the routing key is the event's type. Order is kept per `subject`. Fields that"
                " hold personal data are sealed and open only with the suite's keys."
            ),
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: _channel(name) for name in EVENTS},
        "operations": {f"send {name}": _sending(name) for name in EVENTS},
        "components": {"messages": {name: _message(name, event) for name, event in EVENTS.items()}},
    }


def _channel(name: str) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True}
    return {
        "address": name,
        "messages": {"event": {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }


def _sending(name: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "tags": [{"name": name.partition(".")[0]}],
    }


def _message(name: str, event: type[Event]) -> dict[str, Any]:
    schema = TypeAdapter(event).json_schema(
        ref_template=f"#/components/messages/{name}/payload/$defs/{{model}}"
    )
    return {"name": name, "summary": event.__doc__, "payload": schema}
