"""The messages of a preview that its reader can act on."""

import re

from reports.preview import Preview

_COLOUR = re.compile(r"\x1b\[[0-9;]*m|<\{%[a-z]+%\}>")
# A path on the machine that ran the preview; only the part below the checkout, or the file's name, is kept.
_PATH = re.compile(
    r"(?<![\w:/.])/(?:[\w.+@ -]+/)+?"
    r"((?:components|nexus|stacks|policy|reports)/[\w./-]+\.\w+|[\w.-]+\.(?:py|ya?ml|sh|json))"
)
_NOISE = (
    "an unhandled error occurred: program exited with non-zero exit code",
    "from $PATH",
    "resource plugin",
    "update failed",
    "preview failed",
    "Traceback (most recent call last)",
    "refresh: the last known state is kept",
)
_KEPT = "refresh: the last known state is kept: "


def errors(preview: Preview) -> list[str]:
    """What made the preview fail."""
    return _messages(preview, "error")


def warnings(preview: Preview) -> list[str]:
    """The warnings of Pulumi and of policies."""
    return _messages(preview, "warning")


def unread(preview: Preview) -> str:
    """Why a refresh could not read the server, else empty."""
    for _, message in preview.diagnostics:
        if _KEPT in message:
            return clean(message).removeprefix(_KEPT)
    return ""


def clean(message: str) -> str:
    """The message on one line, without colours and without paths of the machine that ran the preview."""
    text = _PATH.sub(r"\1", _COLOUR.sub("", message)).strip()
    return " ".join(re.sub(r"^(error|warning): ", "", text).split())


def _messages(preview: Preview, severity: str) -> list[str]:
    lines = [
        clean(line)
        for found, message in preview.diagnostics
        if found == severity and not any(noise in message for noise in _NOISE)
        # Mistakes in the stack file, and notes about an upgrade, come as one message with a line for each.
        for line in (message.splitlines() if ". Fix: " in message or ". First: " in message else [message])
        if line.strip()
    ]
    # What runs beside a failed operation is cancelled, which is no reason of its own.
    causes = [line for line in lines if not line.endswith("context canceled")]
    return list(dict.fromkeys(causes or lines))
