"""The broker of the local run: a private node, or a container where RabbitMQ is not installed."""

from collections.abc import Callable
from pathlib import Path

from deploy.local import broker, rabbitmq
from deploy.local.children import Children
from deploy.local.definitions import VHOST, as_json, definitions, topics
from deploy.local.environment import SERVICES
from deploy.local.home import Home


def start(home: Home, children: Children, ports: dict[str, int], say: Callable[[str], None]) -> str:
    """Begin to start the broker; return its URL with {} for name and password.

    Raises:
        Trouble: there is no RabbitMQ and none can be had.
    """
    programs = rabbitmq.ensure(say)
    folder = home.folder / "rabbitmq"
    folder.mkdir(exist_ok=True)
    passwords = broker_passwords(home.secrets())
    (folder / "definitions.json").write_text(as_json(definitions(passwords, topics())))
    if isinstance(programs, Path):
        _start_node(folder, programs, children, ports)
    else:
        _start_container(folder, programs, children, ports["rabbitmq"])
    return f"amqp://{{}}@127.0.0.1:{ports['rabbitmq']}/{VHOST}"


def broker_passwords(secrets: dict[str, str]) -> dict[str, str]:
    """Return each service's password at the broker."""
    return {service: secrets[f"password_{service}"] for service in SERVICES}


_SIZES = {
    "vm_memory_high_watermark.absolute": "512MB",
    "disk_free_limit.absolute": "200MB",
    "max_message_size": 1048576,
}


def _start_node(folder: Path, programs: Path, children: Children, ports: dict[str, int]) -> None:
    lines = {
        "listeners.tcp.default": f"127.0.0.1:{ports['rabbitmq']}",
        "load_definitions": folder / "definitions.json",
        **_SIZES,
    }
    broker.write_configuration(folder, lines, "")
    own = broker.environment(folder, "balai", ports["distribution"], ports["epmd"])
    # A port mapper of our own that ends with us; by itself the node would leave one behind.
    mapper = [rabbitmq.port_mapper() or "epmd", "-port", str(ports["epmd"])]
    children.start("epmd", mapper, own, mark=f"-port {ports['epmd']}")
    # "Under systemd" the script becomes the node instead of watching over it.
    variables = own | {"RUNNING_UNDER_SYSTEMD": "true"}
    children.start("rabbitmq", [programs / "rabbitmq-server"], variables, mark=f"-balai {folder}")


def _start_container(folder: Path, tool: str, children: Children, port: int) -> None:
    lines = {
        "listeners.tcp.default": "5672",
        "load_definitions": "/balai/definitions.json",
        **_SIZES,
    }
    broker.write_configuration(folder, lines, "")
    options = ["--rm", "--name", f"balai-rabbitmq-{port}", "-p", f"127.0.0.1:{port}:5672"]
    mounts = ["-v", f"{folder}:/balai:ro", "-e", "RABBITMQ_CONFIG_FILE=/balai/rabbitmq.conf"]
    command = [tool, "run", *options, *mounts, rabbitmq.IMAGE]
    children.start("rabbitmq", command, {}, mark=f"balai-rabbitmq-{port}")
