"""What every answer is made of."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Every field is present; those that may be null are declared so. Fields may be added."""

    model_config = ConfigDict(extra="allow")
