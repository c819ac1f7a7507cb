"""Installs the real clients and upstreams of the tests that Debian packages.

python -m tests.support.debian_packages
"""

import sys

from cli.errors import CommandError
from cli.machine import apt
from cli.machine.apt import Package
from cli.machine.progress import run_steps
from cli.machine.step import Step

PACKAGES = (
    Package("buildah", "buildah", "builds and pushes images as a client of its own"),
    Package("chromium", "chromium", "a browser whose view of certificates and pages is tested"),
    Package("libnss3-tools", "certutil", "puts certificates into the browser's store"),
    Package("createrepo-c", "createrepo_c", "makes the yum repository that a proxy is in front of"),
    Package("containerd", "ctr", "a client of Docker repositories, of an older release"),
    Package("curl", "curl", "HTTP requests as scripts make them"),
    Package("dnf", "dnf", "the client of yum repositories"),
    Package("docker-registry", "docker-registry", "the registry that a proxy is in front of"),
    Package("dpkg", "dpkg-deb", "makes packages for apt repositories"),
    Package("faketime", "faketime", "gives a program a clock that goes wrong"),
    Package("gpg", "gpg", "signs what apt and dnf verify"),
    Package("groovy", "groovy", "runs the Jenkinsfile and the shared library"),
    Package("jq", "jq", "what the documents show people to type"),
    Package("mmdebstrap", "mmdebstrap", "makes the machines of tests/e2e/fresh, and the images"),
    Package("maven", "mvn", "the client of Maven repositories"),
    Package("npm", "npm", "the client of npm repositories"),
    Package("openssl", "openssl", "certificates of the tests, and a client of TLS"),
    Package("podman", "podman", "pulls and pushes images as a client of its own"),
    Package("prometheus", "promtool", "tests the alerts and the configuration that make monitoring writes"),
    Package("rpm", "rpmbuild", "makes packages for yum repositories"),
    Package("shellcheck", "shellcheck", "checks the shell scripts"),
    Package("skopeo", "skopeo", "copies images as a client of its own"),
    Package("slirp4netns", "slirp4netns", "the way out of the machines of tests/e2e/fresh"),
    Package("openssh-server", "sshd", "the other hosts that a store is deployed to"),
    Package("sudo", "sudo", "how users run what needs root"),
)


def main() -> None:
    lacking = apt.missing(PACKAGES)
    if lacking:
        apt.require_apt(lacking)
        run_steps([Step("Debian's packages for the tests", 60, lambda job: apt.install(job, lacking))])


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        sys.exit(str(error))
