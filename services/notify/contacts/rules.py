"""Whom we may write to, and when: pure rules over consent and the hour."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM = time(20)  # Western Indonesian time, inclusive
QUIET_UNTIL = time(7)  # exclusive
_WIB = ZoneInfo("Asia/Jakarta")


def earliest(now: datetime, *, urgent: bool) -> datetime:
    """Return when a message may leave: now, or 07:00 WIB when the hour is quiet and it can wait.

    >>> earliest(datetime.fromisoformat("2026-11-24T21:30:00+07:00"), urgent=False).isoformat()
    '2026-11-25T07:00:00+07:00'
    """
    local = now.astimezone(_WIB)
    if urgent or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, _WIB)


def masked_address(address: str) -> str:
    """Return an address of which a person recognises only their own: the last three characters."""
    return f"{'*' * max(0, len(address) - 3)}{address[-3:]}"
