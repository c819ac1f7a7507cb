"""A stack's backups, as far as this machine has them."""

import os
import time
from collections.abc import Iterator

from cli.doctor.finding import Finding, check
from cli.snapshots.place import folder_here, names_in, taken_at
from cli.stack.stack import Stack

_DAY = 24 * 60 * 60
_OLDEST_BACKUP = 2 * _DAY


@check("backups")
def backups(stack: Stack) -> Iterator[Finding]:
    if stack.is_external or not stack.file.exists():
        return
    backup = stack.settings.backup
    if backup is None:
        if not stack.is_own:
            set_ = f"./store pulumi config set --stack {stack.name} --path backup.location /srv/backups"
            yield Finding("backups", "the stack file names no place for them", set_)
        return
    folder = folder_here(stack)
    if folder is None or (folder.parent.exists() and not os.access(folder.parent, os.R_OK)):
        yield Finding("backups", f"in {backup.location}; make restore STACK={stack.name} lists them")
        return
    names = names_in(folder)
    fix = f"make backup STACK={stack.name}"
    if not names:
        yield Finding("backups", "there is none", fix)
        return
    age = time.time() - taken_at(names[-1])
    old = age > _OLDEST_BACKUP
    detail = f"the last one is {names[-1]}" + (f", {age / _DAY:.0f} days old" if old else "")
    yield Finding("backups", detail, f"{fix}, and check its schedule (docs/backups.md)" if old else "")
