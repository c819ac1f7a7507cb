# Read by scripts of setup/ that need something of the stack file before Pulumi runs, or without it.
# shellcheck shell=bash disable=SC2034

# settings STACK PATH...: puts what the stack file has at each path, like docker.host, into the array `setting`; an empty
# text where it has nothing, and [secret] for a secret.
declare -A setting
settings() {
    local stack=$1 path lines
    shift
    lines=$(.venv/bin/python -m stacks.stack_file "stacks/Pulumi.$stack.yaml" "$@")
    for path in "$@"; do
        IFS= read -r "setting[$path]" || true # the last ones are empty
    done <<<"$lines"
}
