"""Which names mean a secret: names of keys in a stack file, of a resource's properties, of variables."""

import re

MASK = "[secret]"
"""What Pulumi prints in place of a secret, and so do reports."""
_NAME = re.compile(
    r"password|passphrase|secret|token|credential|private_?key|api_?key|bearer|hmac|dns_?environment"
    r"|encryption_?keys\W+\d+\W+key",
    re.IGNORECASE,
)


def names_secret(name: str) -> bool:
    """Whether the value under the name is hidden."""
    return bool(_NAME.search(name))
