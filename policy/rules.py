"""All rules, in the order of the documentation."""

from policy import access_rules, container_rules, hardening_rules, repository_rules, tls_rules
from policy.rule import Rule

RULES: tuple[Rule, ...] = (
    *repository_rules.RULES,
    *access_rules.RULES,
    *hardening_rules.RULES,
    *container_rules.RULES,
    *tls_rules.RULES,
)
