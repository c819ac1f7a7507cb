"""Rules, policies, scripts, tags, capabilities and tasks."""

from tests.conformance.stand_in.kinds import Kind, without_name

_SCRIPT = {"name": "hello", "type": "groovy", "content": "log.info('hello')"}

_TASK = {
    "name": "compact",
    "type": "blobstore.compact",
    "enabled": True,
    "notificationCondition": "FAILURE",
    "alertEmail": "ann@example.org",
    "frequency": {
        "schedule": "weekly",
        "startDate": 1_800_000_000_000,
        "timeZoneOffset": "+01:00",
        "recurringDays": [1, 3],
    },
    "properties": {"blobstoreName": "default"},
}

SYSTEM = [
    Kind(
        "routing rule",
        "RoutingRulesApi",
        "routing_rules",
        {"name": "no-snapshots", "description": "", "mode": "BLOCK", "matchers": [".*SNAPSHOT.*"]},
        {"mode": "ALLOW"},
        key="name",
    ),
    Kind(
        "cleanup policy",
        "CleanupPoliciesApi",
        "cleanup_policies",
        {"name": "old", "format": "raw", "notes": "", "criteriaLastBlobUpdated": 30},
        {"criteriaLastBlobUpdated": 60},
        key="name",
    ),
    Kind("script", "ScriptApi", "script", _SCRIPT, {"content": "log.info('changed')"}, key="name"),
    Kind(
        "tag",
        "TagsApi",
        "tags",
        {"name": "release-1", "attributes": {"build": {"number": 7}}},
        {"attributes": {"build": {"number": 8}}},
        key="name",
        update_body=without_name,
    ),
    Kind(
        "capability",
        "CapabilitiesApi",
        "capabilities",
        {"type": "baseurl", "enabled": True, "notes": "", "properties": {"url": "https://nexus.test"}},
        {"properties": {"url": "https://other.test"}},
        key="type",
        read="list",
        created="id",
        update_body=lambda body, change: {**body, **change},
    ),
    Kind(
        "task",
        "TasksApi",
        "tasks",
        _TASK,
        {"name": "compact weekly"},
        key="name",
        created="id",
        hidden=frozenset({"frequency"}),
    ),
]
