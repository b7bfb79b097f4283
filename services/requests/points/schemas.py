"""What service points and channels look like over HTTP."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Capabilities(BaseModel):
    """What can be done there."""

    model_config = ConfigDict(frozen=True)

    intake: bool = Field(description="Takes cases in")
    biometric: bool = Field(description="Takes fingerprints, iris and face")
    print_card: bool = Field(description="Prints identity and child cards")


class ChannelOut(BaseModel):
    """A way in."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(max_length=20, examples=["DESA"])
    name_id: str = Field(max_length=100, examples=["Kantor Desa/Kelurahan"])
    name_en: str = Field(max_length=100, examples=["Village office"])
    kind: Literal["fixed", "online", "mobile", "partner"]
    can: Capabilities


class Channels(BaseModel):
    """Every way in."""

    items: list[ChannelOut] = Field(max_length=50)


class PointOut(BaseModel):
    """A place where people are served."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=20, examples=["SP-3510-001"])
    name: str = Field(max_length=100, examples=["Mal Pelayanan Publik Banyuwangi"])
    channel: str = Field(max_length=20, examples=["MPP"])
    region_code: str = Field(max_length=13, examples=["35.10.16"])
    can: Capabilities
    assumed: bool = Field(description="Counted among the 247 by inference")


class PointList(BaseModel):
    """Service points, in order of id."""

    items: list[PointOut] = Field(max_length=1000)
