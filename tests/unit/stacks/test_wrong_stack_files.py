"""Every mistake in a stack file ends in a line that names the key, what was given, what is allowed and the remedy."""

from pathlib import Path
from typing import Any

import pytest

from stacks.rules.refusal import Refusal
from stacks.settings import Settings

STACKS = Path(__file__).parents[3] / "stacks"
RIGHT: dict[str, Any] = {
    "hostname": "nexus.domain.org",
    "topology": "topology.yaml",
    "passwords": {
        "admin": "the-admin-secret",
        **dict.fromkeys(("jenkins", "ci-pull", "ci-push"), "the-jenkins-secret"),
    },
}


def cron(expression: str) -> dict[str, Any]:
    frequency = {"schedule": "cron", "cronExpression": expression}
    return {"tasks": {"t": {"type": "repository.purge-unused", "frequency": frequency}}}


PERSON = {"firstName": "A", "lastName": "B", "emailAddress": "a@domain.org"}
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown key": ({"hostnam": "x"}, "hostnam: unknown key", "rename it to hostname"),
    "unknown nested key": ({"nexus": {"heep": "2g"}}, "nexus.heep: unknown key", "rename it to heap"),
    "unknown key of a named thing": (
        {"blobStores": {"docker-private": {"onDelet": "purge"}}},
        "blobStores.docker-private.onDelet: unknown key",
        "rename it to onDelete",
    ),
    "wrong type": ({"nginx": {"httpsPort": "https"}}, "nginx.httpsPort: invalid value (got 'https'", "nginx.httpsPort"),
    "wrong type in the API": (
        {"repositories": {"docker-private": {"docker": {"httpPort": "5000"}}}},
        "repositories.docker-private.docker.httpPort: wrong type (got '5000'",
        "edit repositories.docker-private.docker.httpPort",
    ),
    "port clash": (
        {"repositories": {"docker-proxy": {"docker": {"httpPort": 5000}}}},
        "repositories.docker-proxy.docker.httpPort: port 5000 is taken by docker-private",
        "free port",
    ),
    "port of Nexus itself": (
        {"repositories": {"docker-private": {"docker": {"httpPort": 8081}}}},
        "port 8081 is taken by Nexus itself",
        "free port",
    ),
    "equal public ports": ({"nginx": {"httpPort": 443}}, "nginx", "two different ports"),
    "unknown member": (
        {"repositories": {"docker-group": {"group": {"memberNames": ["docker-privat"]}}}},
        "no repository is called 'docker-privat'",
        "did you mean docker-private?",
    ),
    "later member": (
        {
            "repositories": {
                "docker-group": {"group": {"memberNames": ["late"]}},
                "late": {"format": "docker", "type": "hosted"},
            }
        },
        "'late' is declared later",
        "move late above docker-group",
    ),
    "criterion that no policy for all formats has": (
        {"cleanupPolicies": {"old": {"format": "*", "criteriaAssetRegex": ".*"}}},
        "cleanupPolicies.old.criteriaAssetRegex: a policy for all formats cannot have it",
        "criteriaLastBlobUpdated, criteriaLastDownloaded). Fix: take it out, or give the policy one format",
    ),
    "criterion of other formats": (
        {"cleanupPolicies": {"old": {"format": "raw", "criteriaReleaseType": "RELEASES"}}},
        "cleanupPolicies.old.criteriaReleaseType: a policy for the format raw cannot have it",
        "criteriaReleaseType for maven2, npm, yum",
    ),
    "cycle": (
        {
            "repositories": {
                "yum-group": {"group": {"memberNames": ["outer"]}},
                "outer": {"format": "yum", "type": "group", "group": {"memberNames": ["yum-group"]}},
            }
        },
        "'outer' reads 'yum-group' itself, which makes a cycle",
        "take outer out of yum-group",
    ),
    "member of another format": (
        {"repositories": {"yum-group": {"group": {"memberNames": ["maven-releases"]}}}},
        "'maven-releases' has the format maven",
        "take maven-releases out of yum-group",
    ),
    "remote missing": (
        {"repositories": {"docker-proxy": {"proxy": None}}},
        "repositories.docker-proxy.proxy.remoteUrl: missing",
        "http:// or https:// URL",
    ),
    "blob store in no list": (
        {"repositories": {"yum-hosted": {"storage": {"blobStoreName": "yum-hostd"}}}},
        "no blob store is called 'yum-hostd'",
        "did you mean yum-hosted?",
    ),
    "bad hostname": (
        {"hostname": "Nexus_Domain"},
        "hostname: invalid value (got 'Nexus_Domain'",
        "like nexus.domain.org",
    ),
    "hostname missing": ({"hostname": ...}, "hostname: missing", "pulumi config set --path hostname"),
    "secret missing": (
        {"passwords": {"jenkins": "x", "ci-pull": "y", "ci-push": "z"}},
        "passwords.admin: missing secret",
        "pulumi config set --secret --path passwords.admin",
    ),
    "a user's secret missing": (
        {"passwords": {"admin": "x", "ci-pull": "y", "ci-push": "z"}},
        "passwords.jenkins: missing secret",
        "pulumi config set --secret --path passwords.jenkins",
    ),
    "a build's secret missing": (
        {"passwords": {"admin": "x", "jenkins": "y", "ci-push": "z"}},
        "passwords.ci-pull: missing secret",
        "pulumi config set --secret --path passwords.ci-pull",
    ),
    "upper-case docker name": (
        {"repositories": {"Docker-Tools": {"format": "docker", "type": "hosted"}}},
        "repositories.Docker-Tools: not allowed (got 'Docker-Tools'",
        "lower-case",
    ),
    "unknown format": (
        {"repositories": {"x": {"format": "dockr", "type": "hosted"}}},
        "repositories.x.format: invalid value (got 'dockr'",
        "docker",
    ),
    "type that the format lacks": (
        {"repositories": {"x": {"format": "apt", "type": "group"}}},
        "repositories.x.type: invalid value (got 'group'",
        "hosted, proxy for format apt",
    ),
    "unknown key of the API": (
        {"repositories": {"yum-hosted": {"yum": {"repodataDepht": 1}}}},
        "repositories.yum-hosted.yum.repodataDepht: unknown key (got 'repodataDepht'",
        "did you mean repodataDepth?",
    ),
    "unknown role": ({"users": {"jenkins": {"roles": ["cl"]}}}, "no role is called 'cl'", "declare cl under roles"),
    "push to a group": (
        {"roles": {"ci-push": {"push": ["docker-group"]}}},
        "'docker-group' is a group repository",
        "pull",
    ),
    "unknown realm": ({"realms": ["DockerToken"]}, "realms", "NexusAuthenticatingRealm"),
    "heap over memory": (
        {"nexus": {"heap": "4g", "memory": "4g"}},
        "nexus.memory: invalid value (got '4g'",
        "at least 5120m",
    ),
    "database without a password": (
        {"nexus": {"database": {"host": "postgres.domain.org"}}},
        "nexus.database.password: missing secret",
        "pulumi config set --secret --path nexus.database.password",
    ),
    "database with a password of two lines": (
        {"nexus": {"database": {"host": "postgres.domain.org", "password": "the-first\nthe-second-secret"}}},
        "nexus.database.password: invalid value (got ***",
        "printable characters, in one line",
    ),
    "database by its URL": (
        {"nexus": {"database": {"host": "jdbc:postgresql://postgres.domain.org/nexus", "password": "the-db-secret"}}},
        "nexus.database.host: invalid value (got 'jdbc:postgresql://postgres.domain.org/nexus'",
        "a host's name or IPv4 address alone, like postgres.domain.org",
    ),
    "backup without a place": ({"backup": {"keep": 7}}, "backup.location: missing", "backup.location VALUE"),
    "backup to a relative folder": (
        {"backup": {"location": "backups/nexus", "keep": 7}},
        "backup.location: invalid value (got 'backups/nexus'",
        "like /srv/backups, or the name of a volume",
    ),
    "backup into the data volume": (
        {"backup": {"location": "repository-store-production-nexus-data", "keep": 7}},
        "backup.location",
        "outside of the data volume",
    ),
    "backup that keeps nothing": (
        {"backup": {"location": "/srv/backups", "keep": 0}},
        "backup.keep: invalid value (got 0",
        "greater than or equal to 1",
    ),
    "topology file missing": ({"topology": "no.yaml"}, "topology: there is no file 'no.yaml'", "beside the stack file"),
    "unknown thing to retain": ({"retain": ["everything"]}, "(got 'everything'", "nexus-data"),
    "folder of two blob stores": (
        {"blobStores": {"own": {"path": "./docker-private/", "onDelete": "purge"}}},
        "blobStores.own.path: 'docker-private' and 'docker-private' of 'docker-private' lie within each other",
        "set blobStores.own.path to another folder",
    ),
    "folder within another's": (
        {"blobStores": {"own": {"path": "yum-proxy/own"}}},
        "blobStores.own.path: 'yum-proxy/own' and 'yum-proxy' of 'yum-proxy' lie within each other",
        "a folder of its own for each blob store",
    ),
    "folder of all": (
        {"blobStores": {"own": {"path": ".", "onDelete": "purge"}}},
        "blobStores.own.path: '.' and 'default' of 'default', which Nexus ships, lie within each other",
        "a folder of its own for each blob store",
    ),
    "folder of Nexus's own": (
        {"blobStores": {"own": {"path": "default"}}},
        "blobStores.own.path: 'default' and 'default' of 'default', which Nexus ships,",
        "a folder of its own for each blob store",
    ),
    "release in capitals": (
        {"nexus": {"image": "Sonatype/Nexus3:3.95.2"}},
        "nexus.image: invalid value (got 'Sonatype/Nexus3:3.95.2'",
        "as `docker pull` takes it",
    ),
    "address as the name": (
        {"hostname": "10.0.0.5"},
        "hostname: invalid value (got '10.0.0.5'",
        "under the key address",
    ),
    "name that is too long": (
        {"hostname": "a" * 60 + ".b" * 110},
        "hostname: invalid value (got 'aaa",
        "a text of at most 253 characters",
    ),
    "name as the address": ({"address": "nexus"}, "address: invalid value (got 'nexus'", "an IPv4 or IPv6 address"),
    "number as the address": ({"address": 1}, "address: invalid value (got 1", "an IPv4 or IPv6 address"),
    "true as a port": ({"nginx": {"httpsPort": True}}, "nginx.httpsPort: invalid value (got True", "a whole number"),
    "number that no server takes": (
        {"nginx": {"workerProcesses": 10**400}},
        "nginx.workerProcesses: invalid value (got a huge number",
        "less than or equal to 256",
    ),
    "time that nginx cannot count": (
        {"nginx": {"sendTimeout": "99999999999s"}},
        "nginx.sendTimeout: invalid value (got '99999999999s'",
        "of at most nine digits",
    ),
    "memory without an end": (
        {"nexus": {"memory": "99999999999g"}},
        "nexus.memory: invalid value (got '99999999999g'",
        "at most nine digits with k, m or g",
    ),
    "quota without an end": (
        {"blobStores": {"x": {"softQuota": {"type": "spaceUsedQuota", "limit": 10**400}}}},
        "blobStores.x.softQuota.limit: invalid value (got a huge number",
        "from 1000000 bytes to 8000PB",
    ),
    "text that is cut": ({"nexus": {"heap": "9" * 5000}}, "99999...", "like 4g"),
    "default that does not fit": (
        {"tls": {"caValidityDays": 90}},
        "tls.validityDays: invalid value (got the default 365",
        "at most 90, as caValidityDays says",
    ),
    "text for a list": (
        {"realms": "DockerToken"},
        "realms: invalid value (got 'DockerToken'",
        "--path 'realms[0]' VALUE",
    ),
    "list for a mapping": (
        {"clients": [{"name": "node"}]},
        "clients: invalid value (got a list of 1",
        "edit clients in the stack file",
    ),
    "name with a dot": (
        {"clients": {"build.domain.org": {"sudo": "maybe"}}},
        "clients[\"build.domain.org\"].sudo: invalid value (got 'maybe'",
        "--path 'clients[\"build.domain.org\"].sudo' VALUE",
    ),
    "host that is a command": (
        {"clients": {"node": {"ssh": {"host": "node; reboot", "hostKey": "ssh-ed25519 AAAA"}}}},
        "clients.node.ssh.host: invalid value (got 'node; reboot'",
        "a host's name or address alone",
    ),
    "port that is a list": (
        {"repositories": {"docker-private": {"docker": {"httpPort": [5000]}}}},
        "repositories.docker-private.docker.httpPort: wrong type (got [5000]",
        "edit repositories.docker-private.docker.httpPort",
    ),
    "empty password": (
        {"passwords": {**RIGHT["passwords"], "admin": ""}},
        "passwords.admin: invalid value (got ***",
        "pulumi config set --secret --path passwords.admin",
    ),
    "password of two lines": (
        {"passwords": {**RIGHT["passwords"], "jenkins": "the-jenkins\n-secret"}},
        "passwords.jenkins: invalid value (got ***",
        "printable characters, in one line",
    ),
    "topology that is not a file's name": (
        {"topology": {"repositories": {}}},
        "topology: invalid value (got a mapping with the keys repositories",
        "pulumi config set topology FILE",
    ),
    "topology with a name that no file has": (
        {"topology": "x" * 300},
        "topology: there is no file 'xxx",
        "pulumi config rm topology",
    ),
    "licence agreed to by a word": (
        {"nexus": {"acceptEula": "yes"}},
        "nexus.acceptEula: invalid value (got 'yes'",
        "VALUE",
    ),
    "licence agreed to by a number": (
        {"nexus": {"acceptEula": 1}},
        "nexus.acceptEula: invalid value (got 1",
        "without quotes",
    ),
    "licence agreed to by a no": (
        {"nexus": {"acceptEula": "no"}},
        "nexus.acceptEula: invalid value (got 'no'",
        "true or false",
    ),
    "licence agreed to by a text": (
        {"nexus": {"acceptEula": "true"}},
        "nexus.acceptEula: invalid value (got 'true'",
        "quotes",
    ),
    "protected by a no": ({"protect": "no"}, "protect: invalid value (got 'no'", "true or false"),
    "protected by a number": ({"protect": 1}, "protect: invalid value (got 1", "true or false"),
    "adopted by a word": (
        {"blobStores": {"docker-private": {"adopt": "yes"}}},
        "blobStores.docker-private.adopt: invalid value (got 'yes'",
        "true or false",
    ),
    "absolute folder": (
        {"blobStores": {"own": {"path": "/srv/own"}}},
        "blobStores.own.path: outside of the data volume: no backup has it",
        "make the whole data volume there",
    ),
    "folder above": (
        {"blobStores": {"own": {"path": "own/../../../etc"}}},
        "blobStores.own.path: outside of the data volume",
        "edit blobStores.own.path",
    ),
    "quota in another spelling": (
        {"blobStores": {"own": {"softQuota": {"type": "spaceUsedQuota", "limit": "10 gigs"}}}},
        "blobStores.own.softQuota.limit: invalid value (got '10 gigs'",
        "a size like 10GB (10,000,000,000 bytes) or 10GiB (10,737,418,240)",
    ),
    "store named s3": (
        {"blobStores": {"s3": {}}},
        "blobStores.s3: Nexus can never delete a blob store of this name",
        "rename blobStores.s3",
    ),
    "store named group": ({"blobStores": {"group": {}}}, "can never delete a blob store of this name", "rename"),
    "e-mail without its switch": (
        {"email": {"host": "mail.domain.org", "port": 25, "fromAddress": "nexus@domain.org"}},
        "email.enabled: missing (allowed true or false",
        "edit email.enabled",
    ),
    "user's bad e-mail address": (
        {"users": {"jenkins": {"emailAddress": "jenkins at domain.org"}}},
        "users.jenkins.emailAddress: invalid value (got 'jenkins at domain.org'",
        "like ops@domain.org",
    ),
    "directory's bad e-mail address": (
        {"tls": {"mode": "acme", "email": "ops"}},
        "tls.email: invalid value (got 'ops'",
        "an e-mail address, like ops@domain.org",
    ),
    "administrator as a user": (
        {"users": {"admin": {**PERSON, "roles": ["nx-admin"]}}},
        "users.admin: the stack itself logs in as this user",
        "take users.admin out",
    ),
    "renewal at every up": (
        {"tls": {"validityDays": 20}},
        "tls.renewBeforeDays: invalid value (got the default 30",
        "less than 20, as validityDays says",
    ),
    "renewal before it begins": (
        {"tls": {"validityDays": 90, "renewBeforeDays": 90}},
        "tls.renewBeforeDays: invalid value (got 90",
        "less than 90, as validityDays says",
    ),
    "the same authority twice": (
        {"tls": {"authorities": [2, 2]}},
        "tls.authorities: invalid value (got ",
        "another number for each of them",
    ),
    "three authorities": (
        {"tls": {"authorities": [1, 2, 3]}},
        "tls.authorities: invalid value (got ",
        "at most 2",
    ),
    "image with a blank": (
        {"nexus": {"image": "sonatype/nexus3: 3.95.2"}},
        "nexus.image: invalid value (got 'sonatype/nexus3: 3.95.2'",
        "an image with its tag or digest",
    ),
    "image with blanks around": (
        {"nginx": {"image": " nginx:1.29.8 "}},
        "nginx.image: invalid value (got ' nginx:1.29.8 '",
        "its tag",
    ),
    "image without a tag": (
        {"nginx": {"image": "nginx"}},
        "nginx.image: invalid value (got 'nginx'",
        "its tag or digest",
    ),
    "image of a registry without a tag": (
        {"nexus": {"image": "registry.domain.org:5000/sonatype/nexus3"}},
        "nexus.image: invalid value (got 'registry.domain.org:5000/sonatype/nexus3'",
        "its tag or digest",
    ),
    "certificate out of any file": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "/etc/passwd"}}},
        "nexus.database.caCertificate: invalid value (got '/etc/passwd'",
        "the name of a PEM file in stacks/",
    ),
    "certificate out of a file above": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "../README.md"}}},
        "nexus.database.caCertificate: invalid value (got '../README.md'",
        "the name of a PEM file in stacks/",
    ),
    "certificate out of a file that has none": (
        {"nexus": {"database": {"host": "db", "password": "the-db-secret", "caCertificate": "topology.yaml"}}},
        "nexus.database.caCertificate: invalid value (got 'topology.yaml'",
        "the name of a PEM file in stacks/",
    ),
    "topology of another folder": (
        {"topology": "/etc/passwd"},
        "topology: '/etc/passwd' lies outside of stacks/",
        "pulumi config set topology FILE",
    ),
    "engine with a typo": (
        {"docker": {"host": "ssh:/deploy@x"}},
        "docker.host: invalid value (got 'ssh:/deploy@x'",
        "ssh://",
    ),
    "selector that is cut short": (
        {"contentSelectors": {"a": {"expression": 'format == "raw" and'}}},
        """contentSelectors.a.expression: ends where format, path or a text in quotes""",
        "edit contentSelectors.a.expression",
    ),
    "selector that negates": (
        {"contentSelectors": {"a": {"expression": 'not path =^ "/x"'}}},
        "asks for 'not', and Nexus knows format and path: nothing is negated there but by != and (?!...)",
        "edit contentSelectors.a.expression",
    ),
    "selector with half a regular expression": (
        {"contentSelectors": {"a": {"expression": 'path =~ "/org/[a-z"'}}},
        "has a regular expression that has a set of characters in [ that is not closed",
        "edit contentSelectors.a.expression",
    ),
    "rule with half a regular expression": (
        {"routingRules": {"a": {"matchers": ["^/org/(domain/.*"]}}},
        "routingRules.a.matchers[0]: has a group that is not closed",
        "a regular expression of Java, like ^/org/domain/.*",
    ),
    "rule as a shell writes it": (
        {"routingRules": {"a": {"matchers": ["*.jar"]}}},
        "routingRules.a.matchers[0]: has '*' with nothing before it to repeat",
        "a regular expression of Java",
    ),
    "rule of Python": (
        {"routingRules": {"a": {"matchers": ["(?P<x>a)"]}}},
        "has a group after (? of a kind that Java does not know",
        "a regular expression of Java",
    ),
    "policy with half a regular expression": (
        {"cleanupPolicies": {"old": {"format": "raw", "criteriaAssetRegex": "a{2,1}"}}},
        "cleanupPolicies.old.criteriaAssetRegex: has the impossible repetition {2,1}",
        "a regular expression of Java",
    ),
    "cron of crontab": (
        cron("0 2 * * *"),
        "tasks.t.frequency.cronExpression: has 5 fields where Quartz wants 6, or 7 with a year",
        "like 0 0 2 * * ?",
    ),
    "cron without a question mark": (
        cron("0 0 2 * * *"),
        "has both a day of month and a day of week: ? takes the place of the one that does not matter",
        "like 0 0 2 * * ?",
    ),
    "cron with an hour that no day has": (cron("0 0 25 * * ?"), "has '25' as the hour", "like 0 0 2 * * ?"),
    "cron with a step of crontab": (
        cron("0 0 2 */5 * ?"),
        "has '*/5' as the day of month, where Quartz wants a first one before the slash, like 1/5",
        "like 0 0 2 * * ?",
    ),
    "cron with a small name": (
        cron("0 0 2 ? * mon"),
        "has 'mon' as the day of week, where the names are written in capital letters",
        "like 0 0 2 * * ?",
    ),
    "cron in words": (cron("@daily"), "has 1 fields where Quartz wants 6", "like 0 0 2 * * ?"),
    "two docker groups": (
        {
            "repositories": {
                "more": {
                    "format": "docker",
                    "type": "group",
                    "group": {"memberNames": ["docker-private"]},
                    "docker": {"httpPort": 5002},
                }
            }
        },
        "nginx.pullRepository: missing, and there are 2 docker repositories to choose from",
        "pulumi config set --path nginx.pullRepository",
    ),
}


def refused(changes: dict[str, Any]) -> Refusal:
    given = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
    with pytest.raises(Refusal) as caught:
        Settings.of(given, STACKS)
    return caught.value


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_with_key_value_and_remedy(mistake: str) -> None:
    changes, named, mended = WRONG[mistake]
    refusal = refused(changes)
    assert len(refusal.problems) == 1, str(refusal)
    assert "\n" not in str(refusal)
    assert named in str(refusal)
    assert mended in str(refusal)
    assert "allowed " in str(refusal)
    assert ". Fix: " in str(refusal)


def test_two_mistakes_are_two_lines() -> None:
    assert len(str(refused({"hostnam": "x", "retain": ["y"]})).splitlines()) == 2


def test_a_password_of_the_wrong_type_is_not_shown() -> None:
    refusal = refused({"passwords": {"admin": ["hunter2"], "jenkins": "x"}})
    assert "passwords.admin: invalid value (got ***" in str(refusal)
    assert "hunter2" not in str(refusal)


SECRET = "hunter2"
KEY = f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"
MISPLACED: dict[str, dict[str, Any]] = {
    "clients as a list": {"clients": [{"name": "node", "ssh": {"privateKey": KEY}}]},
    "a jump host that leads nowhere": {"clients": {"node": {"jumpHost": {"host": "gate", "privateKey": KEY}}}},
    "a key for a host": {"clients": {"node": {"ssh": KEY}}},
    "a database as a list": {"nexus": {"database": [{"host": "postgres.domain.org", "password": SECRET}]}},
    "a purged bucket": {
        "blobStores": {
            "s3": {
                "type": "s3",
                "onDelete": "purge",
                "bucketConfiguration": {"bucketSecurity": {"secretAccessKey": SECRET}},
            }
        }
    },
    "blob stores as a list": {"blobStores": [{"bucketConfiguration": {"bucketSecurity": {"secretAccessKey": SECRET}}}]},
    "an account as its key": {"tls": {"mode": "acme", "email": "ops@domain.org", "eab": [{"hmac": SECRET}]}},
    "an account as its key alone": {"tls": {"mode": "acme", "email": "ops@domain.org", "eab": SECRET}},
    "an encryption key that is too short": {"nexus": {"encryptionKeys": [{"id": "first", "key": SECRET}]}},
    "a database as its password": {"nexus": {"database": SECRET}},
    "a mode that is none": {"tls": {"mode": {"password": SECRET}}},
    "passwords as a list": {"passwords": [SECRET]},
    "a URL with a password": {"docker": {"host": f"https://admin:{SECRET}@docker.domain.org"}},
}


@pytest.mark.parametrize("mistake", MISPLACED)
def test_a_secret_in_the_wrong_place_is_not_shown(mistake: str) -> None:
    said = str(refused(MISPLACED[mistake]))
    assert "allowed " in said
    assert SECRET not in said


def test_the_name_of_an_encryption_key_is_shown() -> None:
    said = str(refused({"nexus": {"encryptionKeys": [{"id": "a b", "key": "0123456789abcdef"}]}}))
    assert "nexus.encryptionKeys[0].id: invalid value (got 'a b'" in said


def test_what_a_terminal_would_act_on_is_written_out() -> None:
    assert "\x1b" not in str(refused({"hostname\x1b[2J": "x"}))


def test_the_stack_file_as_it_is_shipped_is_accepted() -> None:
    settings = Settings.of(RIGHT, STACKS)
    assert list(settings.topology.repositories)[:3] == ["docker-private", "docker-proxy", "docker-group"]


def test_no_secret_is_in_the_text_of_the_settings() -> None:
    text = repr(Settings.of(RIGHT, STACKS))
    assert "the-admin-secret" not in text
    assert "the-jenkins-secret" not in text
