"""Blob stores of every type."""

from typing import Any

from tests.conformance.stand_in.kinds import Kind, without_name

_QUOTA = {"softQuota": {"type": "spaceUsedQuota", "limit": 1_000_000}}
_NO_QUOTA_YET: dict[str, Any] = {"change": _QUOTA}

BLOB_STORES = [
    Kind(
        "file",
        "BlobStoreApi",
        "blobstores_file",
        {"name": "disk", "path": "disk"},
        key="name",
        update_body=without_name,
        hidden=frozenset({"name"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "group",
        "BlobStoreApi",
        "blobstores_group",
        {"name": "several", "members": ["member"], "fillPolicy": "writeToFirst"},
        {"fillPolicy": "roundRobin"},
        key="name",
        update_body=without_name,
        hidden=frozenset({"name"}),
        delete="delete_blobstores",
    ),
    Kind(
        "s3",
        "BlobStoreApi",
        "s3_blob_store",
        {
            "name": "bucket",
            "bucketConfiguration": {
                "bucket": {"region": "eu-west-1", "name": "packages", "prefix": "nexus"},
                "bucketSecurity": {"accessKeyId": "id", "secretAccessKey": "secret"},
                "advancedBucketConnection": {"endpoint": "http://127.0.0.1:9", "forcePathStyle": True},
                "failoverBuckets": [{"region": "eu-west-2", "bucketName": "spare"}],
            },
        },
        key="name",
        hidden=frozenset({"secretAccessKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "azure",
        "BlobStoreApi",
        "blobstores_azure",
        {
            "name": "container",
            "bucketConfiguration": {
                "accountName": "account",
                "containerName": "packages",
                "authentication": {"authenticationMethod": "ACCOUNTKEY", "accountKey": "secret"},
            },
        },
        key="name",
        hidden=frozenset({"accountKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
    Kind(
        "google",
        "BlobStoreApi",
        "blobstores_google",
        {
            "name": "google",
            "bucketConfiguration": {
                "bucket": {"name": "packages", "region": "europe-west1", "projectId": "project"},
                "bucketSecurity": {"authenticationMethod": "accountKey", "accountKey": "secret"},
                "encryption": {"encryptionType": "default"},
            },
        },
        key="name",
        hidden=frozenset({"accountKey"}),
        delete="delete_blobstores",
        **_NO_QUOTA_YET,
    ),
]
