# Read by setup/backup and setup/restore: what both need to work on the data of the stack $stack. It defines $location and
# $keep, the backup of the stack file, and $nexus, the container.
# shellcheck shell=bash disable=SC2034

readonly helper=repository-store-$stack-backup
readonly nexus=repository-store-$stack-nexus nginx=repository-store-$stack-nginx

say() { echo "$*" >&2; }
die() { say "$*"; exit 1; }

. setup/settings.sh
settings "$stack" backup.location backup.keep docker.host nexus.readyTimeoutSeconds nexus.database.host
location=${setting[backup.location]}
keep=${setting[backup.keep]}
[ -n "$location" ] || die "backup.location: the key is missing; allowed: a folder of the docker host, like /srv/backups, or the name" \
    "of a volume; remedy: setup/run $stack pulumi config set --stack $stack --path backup.location /srv/backups"
host=${setting[docker.host]}
[ -z "$host" ] || export DOCKER_HOST=$host

# field CONTAINER FORMAT: prints nothing for a container that is not there.
field() { docker inspect --type container --format "$2" "$1" 2>/dev/null || true; }

# A stack that was renamed goes on with the volume that it had.
volume=$(field "$nexus" '{{range .Mounts}}{{if eq .Destination "/nexus-data"}}{{.Name}}{{end}}{{end}}')
readonly volume=${volume:-repository-store-$stack-nexus-data}

# A container of nginx's image that has the data volume and the place of the backups. Its name lets only one be at a time.
start_helper() {
    local data=$1 backups=$2 image type=volume
    image=$(field "$nginx" '{{.Image}}')
    [ -n "$image" ] || die "the containers of the stack $stack are not there: make up STACK=$stack"
    [[ $location != /* ]] || type=bind
    docker run --detach --rm --name "$helper" --network none --user 0:0 --read-only --tmpfs /tmp --cap-drop ALL \
        --cap-add CHOWN --cap-add DAC_OVERRIDE --cap-add FOWNER --security-opt no-new-privileges:true \
        --mount "type=volume,source=$volume,target=/data$data" --entrypoint sleep \
        --mount "type=$type,source=$location,target=/place" "$image" infinity >/dev/null ||
        die "the copy of the stack $stack could not begin. If another one was cut off: docker rm --force $helper"
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    docker exec "$helper" sh -c '
        find --version 2>&1 | grep -q GNU || { echo "backups need an nginx image with the GNU tools, like nginx:1.29.8" >&2; exit 1; }
        umask 077
        mkdir -p "/place/$1"' sh "repository-store-$stack"
}

clean_up() {
    docker rm --force "$helper" >/dev/null 2>&1 || true
    resume
}

inside() { docker exec --interactive "$helper" sh -s -- "/place/repository-store-$stack" "$@" <setup/snapshot.sh; }

# stop: Nexus as a whole, so that its database is closed and no file of a blob store changes.
stop() {
    was_running=$(field "$nexus" '{{.State.Running}}')
    [ "$was_running" = true ] || return 0
    stopped_at=$SECONDS
    docker stop "$nexus" >/dev/null
    [ "$(field "$nexus" '{{.State.ExitCode}}')" != 137 ] ||
        die "Nexus was killed since it did not stop in time, so that its database is not closed: raise nexus.stopTimeoutSeconds"
}

# is_stopped: somebody else, such as a pulumi up, may have started it again.
is_stopped() { [ "$(field "$nexus" '{{.State.Running}}')" != true ]; }

# resume: starts Nexus again if stop() has stopped it.
resume() {
    [ "${was_running:-}" = true ] || return 0
    was_running=
    docker start "$nexus" >/dev/null
    CONTAINER=$nexus TIMEOUT_SECONDS=${setting[nexus.readyTimeoutSeconds]:-600} sh components/scripts/wait-until-writable.sh >/dev/null
    docker exec "$nginx" curl --silent --fail --output /dev/null --retry 60 --retry-delay 1 --retry-all-errors \
        --unix-socket /tmp/health.sock http://localhost/nexus
    say "Nexus serves again; it was away for $((SECONDS - stopped_at)) s"
}

