"""A sample of each kind that needs a licence, enabled scripts or a reachable cloud."""

from typing import Any

OPTIONS = ("--edition", "PRO", "--allow-scripts", "--unreached-blob-stores")


def licensed() -> dict[str, Any]:
    return {
        "blobStores": {
            "on-s3": {
                "type": "s3",
                "bucketConfiguration": {
                    "bucket": {"name": "sample", "region": "eu-central-1", "prefix": "nexus"},
                    "bucketSecurity": {"accessKeyId": "key", "secretAccessKey": "s3-secret"},
                },
                "softQuota": {"type": "spaceUsedQuota", "limit": "1TiB"},
            },
            "on-azure": {
                "type": "azure",
                "bucketConfiguration": {
                    "accountName": "sample",
                    "containerName": "nexus",
                    "authentication": {"authenticationMethod": "ACCOUNTKEY", "accountKey": "YXp1cmUtc2VjcmV0"},
                },
            },
            "on-google": {
                "type": "google",
                "bucketConfiguration": {
                    "bucket": {"name": "sample", "region": "europe-west3"},
                    "bucketSecurity": {"authenticationMethod": "applicationDefault"},
                },
            },
            "first": {},
            "second": {},
            "both": {"type": "group", "members": ["first", "second"], "fillPolicy": "writeToFirst"},
        },
        "cleanupPolicies": {"old": {"format": "*", "criteriaLastDownloaded": 30}},
        "scripts": {"hello": {"content": "log.info('hello')"}},
        "privileges": {"run-hello": {"type": "script", "scriptName": "hello", "actions": ["RUN"]}},
        "oauth2": {
            "clientId": "nexus",
            "clientSecret": "oauth2-secret",
            "idpJwsAlgorithm": "RS256",
            "usernameClaim": "sub",
            "exactMatchClaims": {"aud": "nexus"},
        },
        "crowd": {
            "url": "https://crowd.provider.test",
            "applicationName": "nexus",
            "applicationPassword": "crowd-secret",
            "realmActive": False,
        },
        "iqServer": {
            "enabled": True,
            "url": "https://iq.provider.test",
            "authenticationType": "USER",
            "username": "nexus",
            "password": "iq-secret",
        },
        "telemetryAcknowledgement": {"acknowledgement": True},
    }


SECRETS = ("s3-secret", "YXp1cmUtc2VjcmV0", "oauth2-secret", "crowd-secret", "iq-secret")

READ = {
    "blobStores.on-s3": "/v1/blobstores/s3/on-s3",
    "blobStores.on-azure": "/v1/blobstores/azure/on-azure",
    "blobStores.on-google": "/v1/blobstores/google/on-google",
    "blobStores.both": "/v1/blobstores/group/both",
    "cleanupPolicies.old": "/v1/cleanup-policies/old",
    "scripts.hello": "/v1/script/hello",
    "privileges.run-hello": "/v1/security/privileges/run-hello",
    "oauth2": "/v1/security/oauth2",
    "crowd": "/v1/security/atlassian-crowd",
    "iqServer": "/v1/iq",
}
# Keys that only the PUT of the type's path accepts.
WRITE = {"privileges.run-hello": "/v1/security/privileges/script/run-hello"}

# Changes by hand on the server, then in the stack file. Both must send the secrets.
DRIFTS: dict[str, dict[str, Any]] = {
    "blobStores.on-s3": {"softQuota": {"type": "spaceUsedQuota", "limit": 5}},
    "blobStores.on-azure": {"softQuota": {"type": "spaceUsedQuota", "limit": 5}},
    "blobStores.on-google": {"softQuota": {"type": "spaceUsedQuota", "limit": 5}},
    "blobStores.both": {"fillPolicy": "roundRobin"},
    "cleanupPolicies.old": {"criteriaLastDownloaded": 5},
    "scripts.hello": {"content": "log.info('by hand')"},
    "privileges.run-hello": {"actions": ["READ"]},
    "oauth2": {"usernameClaim": "email", "clientSecret": "oauth2-secret"},
    "crowd": {"applicationName": "by-hand", "applicationPassword": "crowd-secret"},
    "iqServer": {"username": "by-hand", "password": "iq-secret"},
}
UNDECLARED = ("blobStores.on-azure", "blobStores.on-google")
"""Keys above whose drift is in an undeclared field, which stays as it is."""

CHANGES: dict[str, dict[str, Any]] = {
    "blobStores.on-s3": {"softQuota": {"limit": "2TiB"}},
    "blobStores.on-azure": {"softQuota": {"type": "spaceRemainingQuota", "limit": "1GiB"}},
    "blobStores.on-google": {"softQuota": {"type": "spaceRemainingQuota", "limit": "1GiB"}},
    "blobStores.both": {"members": ["second"]},
    "cleanupPolicies.old": {"criteriaLastDownloaded": 60},
    "scripts.hello": {"content": "log.info('changed')"},
    "privileges.run-hello": {"actions": ["RUN", "READ"]},
    "oauth2": {"clientSecret": "another-secret"},
    "crowd": {"url": "https://crowd2.provider.test"},
    "iqServer": {"timeoutSeconds": 60},
}
