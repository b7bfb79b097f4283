"""Templates over HTTP: what citizens are told, word by word."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.notify.policy import POLICY
from services.notify.templates import store
from services.notify.templates.store import Template
from shared.auth import Principal
from shared.policy import allowed

router = APIRouter(prefix="/v1/templates", tags=["templates"])


@router.get("")
async def list_templates(
    _: Annotated[Principal, Depends(allowed(POLICY, "templates.read"))],
) -> list[Template]:
    """List every template with all its versions and languages."""
    return store.everything()
