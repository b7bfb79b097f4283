"""Where cards are printed and what becomes of an order. Pure."""

from enum import StrEnum

AGENCY = "SP-3510-000"  # prints what nobody asked to have printed elsewhere


class PrintState(StrEnum):
    """Where an order stands."""

    QUEUED = "QUEUED"  # there is a blank for it
    NO_BLANK = "NO_BLANK"  # waits for blanks to come
    PRINTED = "PRINTED"
    SHIPPED = "SHIPPED"  # on its way to where it is handed over
    HANDED_OVER = "HANDED_OVER"
    CANCELLED = "CANCELLED"  # the card was taken back before anybody got it


class PrintResult(StrEnum):
    """What a print site says about an order."""

    PRINTED = "PRINTED"
    SPOILED = "SPOILED"  # a blank is lost; the order stays
    SHIPPED = "SHIPPED"
    HANDED_OVER = "HANDED_OVER"


class BlankReason(StrEnum):
    """Why the number of blanks changes."""

    RECEIVED = "RECEIVED"
    USED = "USED"
    SPOILED = "SPOILED"


_FROM = {
    PrintResult.PRINTED: {PrintState.QUEUED},
    PrintResult.SPOILED: {PrintState.QUEUED},
    PrintResult.SHIPPED: {PrintState.PRINTED},
    PrintResult.HANDED_OVER: {PrintState.PRINTED, PrintState.SHIPPED},
}
WAITING = frozenset({PrintState.QUEUED, PrintState.NO_BLANK})
UNDELIVERED = WAITING | {PrintState.PRINTED, PrintState.SHIPPED}


def may_follow(state: PrintState, result: PrintResult) -> bool:
    """Tell whether a site may say this of an order in this state.

    >>> may_follow(PrintState.NO_BLANK, PrintResult.PRINTED)
    False
    """
    return state in _FROM[result]
