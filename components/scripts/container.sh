# shellcheck shell=sh
# Read by a script of one of Pulumi's commands before it does anything: starts it again without Pulumi's part of the
# environment, in which the passphrase of the stack may be. So neither docker nor ssh has it, nor what they start.
names=$(env | sed -n 's/^\(PULUMI_[A-Z0-9_]*\)=.*/-u \1/p')
# shellcheck disable=SC2086 # words
[ -z "$names" ] || exec env $names sh "$0" "$@"
# shellcheck source=/dev/null
. "${0%/*}/layout.sh"

# No property of the provider's container; another limit of a running one is not another container.
limit_processes() {
    docker update --pids-limit "$1" "$CONTAINER" >/dev/null || echo "the engine sets no limit of processes for $CONTAINER" >&2
}

# report_waiting WHAT DEADLINE: a line when two seconds have passed, and every five seconds from then on.
next_line=$(($(date +%s) + 2))
report_waiting() {
    now=$(date +%s)
    if [ "$now" -ge "$next_line" ]; then
        echo "$1, $(($2 - now)) s left" >&2
        next_line=$((now + 5))
    fi
}

# give_up COMPLAINT
give_up() {
    echo "$1; its last log lines:" >&2
    docker logs --tail 20 "$CONTAINER" >&2 2>&1 || true
    exit 1
}
