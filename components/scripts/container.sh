# shellcheck shell=sh
# Sourced first by each script that a Pulumi command runs: starts that script again without Pulumi's variables, which may
# include the stack's passphrase, so that neither docker nor ssh nor their child processes inherit them.
names=$(env | sed -n 's/^\(PULUMI_[A-Z0-9_]*\)=.*/-u \1/p')
# shellcheck disable=SC2086 # words
[ -z "$names" ] || exec env $names sh "$0" "$@"
# shellcheck source=/dev/null
. "${0%/*}/layout.sh"

# The provider's container has no property for this limit; changing it does not replace the container.
limit_processes() {
    docker update --pids-limit "$1" "$CONTAINER" >/dev/null || echo "the engine does not limit the processes of $CONTAINER" >&2
}

# report_waiting WHAT DEADLINE: prints a line after two seconds, then every five seconds.
next_line=$(($(date +%s) + 2))
report_waiting() {
    now=$(date +%s)
    if [ "$now" -ge "$next_line" ]; then
        echo "$1, $(($2 - now)) s left" >&2
        next_line=$((now + 5))
    fi
}

# give_up PROBLEM
give_up() {
    echo "$1; its last log lines:" >&2
    docker logs --tail 20 "$CONTAINER" >&2 2>&1 || true
    exit 1
}
