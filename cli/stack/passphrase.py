"""The passphrase that encrypts the secrets of this machine's stacks, in their files and their state."""

import base64
import secrets

from cli.errors import CommandError
from cli.files import write_atomically
from cli.paths import LOCAL, ROOT, STACK_FILES
from cli.stack.environment import PASSPHRASE

_BYTES = 24


def ensure_passphrase() -> None:
    """Generates it for the first stack. The caller holds the lock of .local.

    Raises:
        CommandError: as `refuse_lost_passphrase`.
    """
    if _is_there():
        return
    refuse_lost_passphrase()
    write_atomically(PASSPHRASE, new_secret() + "\n", 0o600)


def _is_there() -> bool:
    return PASSPHRASE.exists() and PASSPHRASE.stat().st_size > 0


def refuse_lost_passphrase() -> None:
    """Refuses to continue without the passphrase of existing secrets; a new one could not decrypt them.

    Raises:
        CommandError: it is missing, but secrets that it encrypts exist.
    """
    if _is_there():
        return
    checkpoints = sorted((LOCAL / ".pulumi" / "stacks").glob("*/*.json*"))
    names = {path.name.split(".json")[0] for path in checkpoints} | {"local"}
    files = [STACK_FILES / f"Pulumi.{name}.yaml" for name in sorted(names)]
    encrypted = [str(file.relative_to(ROOT)) for file in files if file.exists() and "secure:" in file.read_text()]
    if encrypted:
        name = str(PASSPHRASE.relative_to(ROOT))
        raise CommandError(
            name,
            f"it is missing, and nothing else decrypts the secrets of {', '.join(encrypted)} and the state in .local",
            allowed="the passphrase that encrypted them",
            fix=f"restore {name} from your backup of .local (docs/lost-local.md says what to do without one)",
        )


def new_secret() -> str:
    """A generated password: 24 random bytes, in letters, digits, - and _."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode()
