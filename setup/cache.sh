# Read by the scripts of setup/ and tests/setup/: where this user's cache is, and how something is made there once.
# shellcheck shell=bash

shopt -s inherit_errexit # once() is called in $(...), and what fails in it must end it
readonly cache="${REPOSITORY_STORE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/repository-store}"

# once NAME WHAT COMMAND...: prints the folder NAME of the user's cache. Where it is not there, COMMAND fills a folder that it
# is given as its last argument and that gets the name when it is whole; another process that wants it too waits. COMMAND
# runs with `set -e` on and prints on standard error alone. WHAT is said, with how long it may take in brackets.
once() {
    local result=$cache/$1 what=$2 started=$SECONDS
    shift 2
    if [ ! -d "$result" ]; then
        mkdir -p "$cache"
        exec 9>"${result%-*}.lock"
        flock 9
    fi
    if [ ! -d "$result" ]; then
        echo "$what ..." >&2
        unfinished=$(mktemp -d "$result.XXXXXX")
        trap 'rm -rf "$unfinished"' EXIT
        "$@" "$unfinished" >&2 9>&-
        chmod 755 "$unfinished"
        mv -T "$unfinished" "$result"
        echo "${what% (*}: done in $((SECONDS - started)) s" >&2
    fi
    echo "$result"
}

# short_hash: of standard input, for a name in the cache.
short_hash() { sha256sum | cut -c 1-12; }

# quietly COMMAND...: shows the end of what a command said only when it fails.
quietly() {
    local said
    said=$("$@" 2>&1) && return
    tail -n 20 <<<"$said" | sed 's/^/    /' >&2
    echo "${0##*/}: $1 failed; the lines above are the end of what it said" >&2
    exit 1
}

# need_go GO_VERSION
need_go() {
    command -v go >/dev/null && return
    echo "no go command on PATH; install Go $1 or newer" >&2
    exit 1
}

# python_environment FOLDER WHAT...: a virtualenv with what pip is asked for. Its programs are run as modules (python -m):
# their first lines name the folder in which they were made.
python_environment() {
    local folder=${*: -1}
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "${@:1:$#-1}"
}
