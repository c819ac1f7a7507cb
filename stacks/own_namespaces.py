"""The names that only this store may serve, so that no remote can offer them (dependency confusion)."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from stacks.nginx_settings import Namespace
from stacks.value import Value

_GROUP_ID = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_NPM = re.compile(r"@[a-z0-9~-][a-z0-9._~-]*|[a-z0-9~-][a-z0-9._~-]*\*?")
_PYPI = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?([._-]?\*)?")
_UNTIL_NAME_ENDS = "([/?].*)?"
_SEPARATORS = re.compile(r"[-_.]+")


def _group_id(text: str) -> str:
    if not _GROUP_ID.fullmatch(text):
        raise ValueError("the first parts of group ids, like org.domain")
    return text


def _npm(text: str) -> str:
    if not _NPM.fullmatch(text):
        raise ValueError("a scope like '@team', a name, or the beginning of names like team-*")
    return text


def _pypi(text: str) -> str:
    if not _PYPI.fullmatch(text):
        raise ValueError("the name of a project, or the beginning of names like team-*")
    return text


class OwnNamespaces(Value):
    """The store's own names by format. Proxies fetch any other name from their remotes."""

    docker: tuple[Namespace, ...] = ()
    """The first parts of image names: `team` covers team and team/app."""
    maven: tuple[Annotated[str, AfterValidator(_group_id)], ...] = ()
    """Group ids with all below them: `org.domain` covers org.domain and org.domain.app."""
    npm: tuple[Annotated[str, AfterValidator(_npm)], ...] = ()
    """Scopes (`@team`), names, and beginnings of names (`team-*`)."""
    pypi: tuple[Annotated[str, AfterValidator(_pypi)], ...] = ()
    """Names in any spelling (`team-app` covers Team_App), and beginnings of names (`team-*`)."""

    def matchers(self) -> Mapping[str, list[str]]:
        """By format, the regular expressions that match requests to a proxy for one of the store's own names.

        Nexus's routing rules match the whole path and query. A path may hold line breaks, which a dot matches only with
        the flag `s`.
        """
        found = {
            "docker": [_docker(name) for name in self.docker],
            "maven": [_maven(name) for name in self.maven],
            "npm": [_of_npm(name) for name in self.npm],
            "pypi": [_of_pypi(name) for name in self.pypi],
        }
        return {fmt: matchers for fmt, matchers in found.items() if matchers}


def _docker(name: str) -> str:
    return _whole(f"v2/+{re.escape(name)}/.*")


def _maven(name: str) -> str:
    return _whole("/+".join(map(re.escape, name.split("."))) + _UNTIL_NAME_ENDS)


def _of_npm(name: str) -> str:
    after = "(/|%2[fF]).*" if name.startswith("@") else _UNTIL_NAME_ENDS
    beginning = name.endswith("*")
    return _whole(f"(-/package/)?{re.escape(name.removesuffix('*'))}{'.*' if beginning else after}")


def _of_pypi(name: str) -> str:
    beginning = name.endswith("*")
    spelled = "[-_.]+".join(map(re.escape, _SEPARATORS.split(name.removesuffix("*"))))
    return _whole(f"(simple|packages|pypi)/+{spelled}{'.*' if beginning else _UNTIL_NAME_ENDS}", flags="is")


def _whole(path: str, flags: str = "s") -> str:
    return f"(?{flags}:/+{path})"
