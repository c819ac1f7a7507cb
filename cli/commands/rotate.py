"""./store rotate: draws the secrets of a stack again, and says who has to be told."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from cli.commands.ready import ready
from cli.commands.up import Options, apply
from cli.confirmation import confirm
from cli.console import say
from cli.errors import CommandError
from cli.paths import LOCAL
from cli.recovery import processes
from cli.stack import checkpoint, killed_pulumi, known, passphrase, rotation
from cli.stack.environment import stack_environment
from cli.stack.lock import StackLock
from cli.stack.rotation import ADMIN, DRAWN, Part, Record, Rotation
from cli.stack.server import client_of
from cli.stack.stack import PROJECT, Stack
from nexus.errors import NexusError, NotFound, Rejected
from nexus.http.client import NexusClient
from nexus.model import Ref
from stacks.monitoring import USER as METRICS
from stacks.tls_settings import SelfSigned

_KEY = "ONLY"
_USER_TOKENS = "/v1/security/user-tokens"
_ACCOUNT_TOKENS = "/v1/security/service-account-tokens"


def rotate(name: str, only: str = "", *, yes: bool = False, wait: bool = True) -> None:
    """Draws the secrets again, applies them, and prints what is left to do by hand.

    After an interruption, running it again finishes what was begun.

    Raises:
        CommandError: a part cannot be rotated here, or a step failed; the message says which.
        Ended: the deployment failed, and its reasons were printed.
    """
    stack = Stack(name)
    known.require_file(stack)
    reasons = _not_here(stack)
    parts = _parts(only, reasons)
    if not yes:
        confirm("rotate", name, f"{', '.join(parts)}: new ones are drawn, and clients with the former ones are refused")
    done = list(_finished(stack, Options(yes=yes, wait=wait)))
    left = [part for part in parts if part not in done]
    if Part.PASSPHRASE in left:
        done += [Part.PASSPHRASE]
        _replace_passphrase(name, wait=wait)
    drawn = [part for part in left if part in DRAWN]
    if drawn:
        with _deployed(name, wait=wait) as secrets:
            secrets.draw(drawn, done)
        _apply(name, drawn, Options(yes=yes, wait=wait))
    revoked = _revoke_tokens(name) if Part.TOKENS in left else []
    with _deployed(name, wait=wait) as secrets:
        for line in told(secrets, [*parts, *done], [reason for part, reason in reasons.items() if not only], revoked):
            print(line)


def _parts(only: str, reasons: Mapping[Part, str]) -> list[Part]:
    if not only:
        return [part for part in Part if part not in reasons]
    if only not in list(Part):
        example = f"--only {Part.PASSWORDS}, or without it for all"
        raise CommandError(_KEY, "there are no such secrets", got=only, allowed=", ".join(Part), fix=example)
    if reason := reasons.get(Part(only)):
        raise CommandError(_KEY, reason, got=only)
    return [Part(only)]


def _not_here(stack: Stack) -> dict[Part, str]:
    """Why a part cannot be rotated by this command, for those that cannot."""
    found: dict[Part, str] = {}
    name = stack.name
    if not stack.is_own:
        found[Part.PASSPHRASE] = (
            "the passphrase of a shared stack is kept outside of it: ./store pulumi stack change-secrets-provider "
            f"passphrase --stack {name} asks for a new one; give that to every machine and pipeline that deploys it"
        )
    if stack.is_external:
        found[Part.ENCRYPTION_KEY] = "Nexus is external, and whoever runs it has its encryption key"
        found[Part.CERTIFICATE] = "Nexus is external, and whoever runs it has its certificate"
        found[Part.TOKENS] = "Nexus is external, and its tokens are not only those of this stack: revoke them there"
        return found
    if not stack.settings.given("nexus.encryptionKeys"):
        found[Part.ENCRYPTION_KEY] = (
            "the stack file has no key yet: docs/backups.md says how to give Nexus the first one"
        )
    mode = stack.settings.given("tls.mode")
    if mode not in (None, "", SelfSigned.model_fields["mode"].default):
        found[Part.CERTIFICATE] = f"the certificate comes from elsewhere (tls.mode {mode}): docs/rotation.md says how"
    return found


def _finished(stack: Stack, options: Options) -> Sequence[Part]:
    """Applies what an earlier command has drawn; returns what of that needs no further drawing."""
    with _deployed(stack.name, wait=options.wait) as secrets:
        record = Record.read(secrets.stack)
        if record is None and secrets.is_applied:
            return ()
        done = record.parts if record and record.holds(secrets.stack) else ()
    say("the stack file has secrets that are not applied yet: first they are")
    _apply(stack.name, done, options)
    return done


def _apply(name: str, parts: Sequence[Part], options: Options) -> None:
    """Brings the stack file to the store; a new encryption key twice, since the older one decrypts until everything has
    been encrypted with the new one."""
    with _deployed(name, wait=options.wait) as secrets:
        more = tuple(secrets.replacements(parts))
    apply(name, Options(yes=options.yes, wait=options.wait, more=more))
    if Part.ENCRYPTION_KEY in parts:
        with _deployed(name, wait=options.wait) as secrets:
            older = secrets.retire_keys()
            Record.of(secrets.stack, parts).write(secrets.stack)
        if older:
            say("everything is encrypted with the new key: the older one is removed")
            apply(name, Options(yes=options.yes, wait=options.wait))
    with _deployed(name, wait=options.wait) as secrets:
        rotation.forget(secrets.stack)


@contextmanager
def _deployed(name: str, *, wait: bool) -> Iterator[Rotation]:
    with ready(name, "rotate", wait=wait, images=False) as found:
        secrets = Rotation(found.stack, found.environment)
        if not secrets.is_deployed:
            raise CommandError(
                f"STACK={name}", "it is not deployed, so nobody has its secrets", fix=f"make up STACK={name}"
            )
        yield secrets


def _replace_passphrase(name: str, *, wait: bool) -> None:
    """Of every stack of this machine, since they share it."""
    folder = LOCAL / ".pulumi" / "stacks" / PROJECT
    files = [*folder.glob("*.json*"), *(LOCAL / "unfinished").glob("*.json")]
    names = sorted({file.name.partition(".json")[0] for file in files} | {name})
    with ExitStack() as locks:
        stacks = [Stack(each) for each in names]
        for each in stacks:  # in one order, so that two rotations do not wait for each other
            locks.enter_context(StackLock(each, "rotate", wait=wait))
        for each in stacks:
            known.require_right_file(each)
            killed_pulumi.release(each)
            processes.end_orphans(each)
            checkpoint.repair(each)
        say(f"a new passphrase for {', '.join(names)} ...")
        passphrase.replace(stacks, stack_environment(Stack(name)))


def _revoke_tokens(name: str) -> list[str]:
    """Revokes what Nexus's API can; returns a line for each kind.

    Raises:
        CommandError: the server does not answer.
    """
    stack = Stack(name)
    client = client_of(stack, stack_environment(stack))
    lines = []
    try:
        lines.append(_user_tokens(client))
        lines.append(_account_tokens(client))
    except NexusError as error:
        raise CommandError("tokens", str(error), fix=f"make rotate STACK={name} ONLY=tokens, once it answers") from None
    return lines


def _user_tokens(client: NexusClient) -> str:
    """Those of Nexus Pro: one request ends all of them."""
    try:
        client.delete(_USER_TOKENS)
    except (NotFound, Rejected):
        return "user tokens: this server has none"
    return "user tokens: all are revoked, and each user has to create a new one"


def _account_tokens(client: NexusClient) -> str:
    try:
        accounts = client.get(_ACCOUNT_TOKENS)
    except (NotFound, Rejected):
        return "tokens of service accounts: this server has none"
    for account in accounts:
        client.delete(Ref("serviceAccount", "", id=account["id"]).path(f"{_ACCOUNT_TOKENS}/{{id}}"))
    names = ", ".join(sorted(str(account["name"]) for account in accounts))
    return f"tokens of service accounts: revoked: {names or '(there was none)'}"


def told(secrets: Rotation, parts: Sequence[Part], reasons: Sequence[str], revoked: Sequence[str]) -> Iterator[str]:
    """Who has to be told, and what is left to do by hand."""
    name = secrets.stack.name
    yield "Rotated. What is left to do (docs/rotation.md):"
    for part, lines in (
        (Part.PASSPHRASE, _for_backups(name)),
        (Part.PASSWORDS, _for_users(name, secrets.users)),
        (Part.ENCRYPTION_KEY, [f"make backup STACK={name}: earlier snapshots need the former key and passwords"]),
        (Part.CERTIFICATE, _for_clients(name)),
        (
            Part.TOKENS,
            [*revoked, "tokens of docker, npm and NuGet stay valid until their user is removed (docs/rotation.md)"],
        ),
    ):
        yield from (f"- {part}: {line}" for line in lines if part in parts)
    yield from (f"- not rotated: {reason}" for reason in reasons)
    others = secrets.others()
    if others and Part.PASSWORDS in parts:
        listed = ", ".join(others)
        yield f"- not rotated, since the stack does not issue them: {listed}; change each there, then here with"
        yield f"    ./store pulumi config set --stack {name} --secret --path KEY"


def _for_backups(name: str) -> list[str]:
    return [
        f"copies of .local and of stacks/Pulumi.{name}.yaml that were made before open with the former passphrase:"
        " replace your backups of them and of .local/passphrase, and destroy the former ones",
    ]


def _for_users(name: str, users: Sequence[str]) -> list[str]:
    """Those who log in, by user."""
    places = {
        ADMIN: "people who administer Nexus, and scripts of theirs",
        "jenkins": "Jenkins' credentials, and docker login of everybody who uses it",
        "ci-pull": "credentials of builds: docker login, Maven's settings.xml, .npmrc, pip.conf, files of yum",
        "ci-push": "credentials of builds that publish: docker login, Maven's settings.xml, .npmrc",
        METRICS: f"Prometheus: make monitoring STACK={name}",
    }
    lines = [f"{user}: {places.get(user, 'whoever logs in as this user')}" for user in users]
    return [
        *lines,
        f"./store pulumi config get --stack {name} --path passwords.USER prints one; hosts under clients have theirs",
    ]


def _for_clients(name: str) -> list[str]:
    return [
        "every client refuses the store until it trusts the new CA, which make outputs prints",
        "hosts under clients have it already",
        f"this machine: sudo ./store trust --stack {name}; Jenkins and builds: make jenkins STACK={name}; "
        f"Prometheus: make monitoring STACK={name}; BuildKit: recreate the builder",
        "remove the former CA wherever it was installed by hand: its key may be somebody else's",
    ]
