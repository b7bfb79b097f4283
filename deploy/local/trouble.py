"""What a person must set right, said in one sentence."""


class Trouble(Exception):  # noqa: N818 - it is shown as it stands, not as an error
    """Something on this machine is in the way; the message says what to do."""
