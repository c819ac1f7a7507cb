"""Operations of the published API that the stand-in does not have, with the reasons."""

ACTIONS = "an action on the real server or on another one, no object that is managed"
REPORTS = "a report about use, which this project does not read"
COMPONENTS = "about the contents of repositories in ways that no client of this project uses"
UNMANAGED = "settings that the program does not manage: database, licence, export of everything, hosted evaluation"

NOT_PLAYED = {
    ACTIONS: r"""
        PUT /v1/apikeys/encryption/re-encrypt
        PUT /v1/security/jwt
        GET /v1/blobstores/google/regions/{}
        POST /v1/configuration/cipher
        DELETE /v1/configuration/cipher
        POST /v1/configuration/transfer-complete
        POST /v1/iq/capabilities/test
        GET /v1/iq/capabilities
        POST /v1/iq/test-new-connection
        PUT /v1/lifecycle/bounce
        PUT /v1/lifecycle/phase
        POST /v1/recovery-mode
        DELETE /v1/recovery-mode
        POST /v1/security/atlassian-crowd/verify-connection
        POST /v1/security/ldap/verify-connection
        POST /v1/security/ldap/verify-login
        POST /v1/security/ldap/verify-user-mapping
        GET /v1/security/saml/metadata
        GET /v1/security/saml/pem
        POST /v1/support/supportzip
        POST /v1/support/supportzippath
        DELETE /v1/system/node
        POST /internal/ui/security/access-check
        GET /internal/ui/api/permissions
    """,
    REPORTS: r"""
        GET /beta/status/check/{}
        GET /beta/system/information
        GET /v1/malicious-risk/enabledRegistries
        GET /v1/malicious-risk/risk-on-disk
        GET /v1/monthly-metrics
        GET /v1/repository-dashboard
        GET /v1/repository-dashboard/formats
        GET /v1/security/ldap/templates
        GET /v2/security/saml/users
    """,
    COMPONENTS: r"""
        GET /v1/configuration/assets
        POST /v1/configuration/assets/{}/import
        GET /v1/repositories/{}/browse
        DELETE /v1/repositories/{}/browse
        GET /v1/search/repositories
        GET /v1/search/suggest
        GET /v1/search/versions
        POST /v1/staging/delete
        POST /v1/staging/move/{}
        POST /v1/tags/associate/{}
        DELETE /v1/tags/associate/{}
        GET /v1/plan
        POST /v1/plan
        PUT /v1/plan
        DELETE /v1/plan
        GET /v1/plan/details
        GET /v1/plan/summary
        GET /v1/plan/{}
        PUT /v1/plan/{}
        DELETE /v1/plan/{}
    """,
    UNMANAGED: r"""
        GET /beta/data-store
        PUT /beta/data-store
        GET /v1/configuration
        PUT /v1/configuration
        POST /v1/system/license
        DELETE /v1/system/license
        GET /v1/repositories/{}/evaluation-settings
        PUT /v1/repositories/{}/evaluation-settings
        GET /v1/evaluation/settings
        PATCH /v1/evaluation/settings
        PATCH /v1/evaluation/repositories
        PUT /v1/evaluation/settings-with-repos
        PATCH /v1/evaluation/settings-with-repos
        GET /v1/hosted-repository-evaluation/jobs/count
        GET /v1/hosted-repository-evaluation/jobs/queued
        POST /v1/hosted-repository-evaluation/jobs/scheduler/start
        GET /v1/hosted-repository-evaluation/jobs/scheduler/status
        POST /v1/hosted-repository-evaluation/jobs/scheduler/stop
        POST /v1/hosted-repository-evaluation/jobs/scheduler/update-schedule
    """,
}

# Operations of the stand-in and the real server that are not in the document.
UNDOCUMENTED = """
    GET /internal/cleanup-policies
    POST /internal/cleanup-policies
    GET /internal/cleanup-policies/criteria/formats
    GET /internal/cleanup-policies/{}
    PUT /internal/cleanup-policies/{}
    DELETE /internal/cleanup-policies/{}
    GET /internal/ui/onboarding
    PUT /internal/ui/onboarding/change-admin-password
    GET /swagger.json
"""


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def not_played() -> set[str]:
    return {operation for text in NOT_PLAYED.values() for operation in lines(text)}
