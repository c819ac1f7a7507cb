# shellcheck shell=sh
# The part of stacks/layout.py that scripts need, under the same names; a test compares the two.
export INSTANCE_FILE=/nexus-data/.repository-store-instance
export VERSION_FILE=/nexus-data/.repository-store-version
export STORE_FOLDER=/etc/nginx/store
export CACHE_FOLDER=/var/cache/nginx
export ACME_DATA_FOLDER=/acme
export NGINX_PID_FILE=/tmp/nginx.pid
export HEALTH_SOCKET=/tmp/health.sock
export STATUS_URL=http://127.0.0.1:8081/service/rest/v1/status
export NEXUS_UID=200
export NGINX_UID=101
export NEXUS_PIDS=4096
export NGINX_PIDS=1024
export ACME_PIDS=256
export THROUGH_NGINX_SECONDS=60
export RELOAD_SECONDS=30
