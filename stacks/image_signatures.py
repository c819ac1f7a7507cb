"""Who has to have signed the images of a stack, in the words of `cosign verify`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from nexus.problem import Problem
from stacks.pem import Pem
from stacks.value import Flag, Value

KEY_VARIABLE = "COSIGN_PUBLIC_KEY"
"""The variable from which cosign reads `public_key`."""
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_ONE_OF = "either publicKey, or certificateIdentity and certificateOidcIssuer"


def _public_key(pem: str) -> str:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # slow

    try:
        load_pem_public_key(pem.encode())
    except ValueError:
        raise ValueError("a public key in PEM, as `cosign public-key` prints it") from None
    return pem


class ImageSignatures(Value):
    """How the signature of each image of the stack is verified before the image is used: by a key, or keyless."""

    public_key: Annotated[Pem, AfterValidator(_public_key)] | None = None
    certificate_identity: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The signer in the certificate of a keyless signature: an e-mail address, or the URL of a workflow."""
    certificate_oidc_issuer: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    """Who has authenticated that signer, like https://token.actions.githubusercontent.com."""
    transparency_log: Flag = True
    """Whether the signature has to be in Sigstore's transparency log; one by a key of your own need not be."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        keyless = [self.certificate_identity is not None, self.certificate_oidc_issuer is not None]
        if any(keyless) == (self.public_key is not None) or any(keyless) != all(keyless):
            raise ValueError(_ONE_OF)
        if any(keyless) and not self.transparency_log:
            raise ValueError(
                "transparencyLog: false with publicKey only: a keyless signer's certificate is valid for minutes, and"
                " the log proves that it signed within them"
            )
        return self

    @property
    def options(self) -> Sequence[str]:
        """The options of `cosign verify`."""
        if not self.public_key:
            return (
                f"--certificate-identity={self.certificate_identity}",
                f"--certificate-oidc-issuer={self.certificate_oidc_issuer}",
            )
        return f"--key=env://{KEY_VARIABLE}", *(() if self.transparency_log else ("--insecure-ignore-tlog=true",))

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables that the options refer to."""
        return {KEY_VARIABLE: self.public_key} if self.public_key else {}


def unpinned(images: Mapping[str, str]) -> Iterator[Problem]:
    """A signature is one of a digest, and a tag can name another one by the time that the engine pulls it."""
    for key, image in images.items():
        if not _DIGEST.search(image):
            yield Problem(
                key,
                "imageSignatures verifies images by digest, and this one has none",
                f"{image}@sha256:DIGEST",
                f"docker buildx imagetools inspect {image}, and with its digest:"
                f" pulumi config set --path {key} {image}@sha256:DIGEST",
                got=image,
            )
