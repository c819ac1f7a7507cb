from typing import Annotated, Literal

from pydantic import Field

from stacks.value import Value


class TlsSettings(Value):
    """Where the store's certificate comes from: `selfSigned` makes a CA and a leaf with pulumi-tls.

    The leaf is made anew by an ordinary `up` during its last `renewBeforeDays`; the CA stays, so clients keep trusting.
    """

    mode: Literal["selfSigned"] = "selfSigned"
    organization: str = "repository-store"
    ca_validity_days: Annotated[int, Field(ge=1)] = 3650
    # Apple's clients refuse a leaf that is valid for longer than 825 days, browsers one over 398.
    validity_days: Annotated[int, Field(ge=1, le=397)] = 397
    renew_before_days: Annotated[int, Field(ge=1)] = 30
