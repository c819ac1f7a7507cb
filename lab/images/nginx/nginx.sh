#!/bin/sh
# nginx as the published image has it: the binary was compiled with all paths relative to where it is started.
for kind in client proxy fastcgi uwsgi scgi; do
    [ ! -w /var/cache/nginx ] || mkdir -p "/var/cache/nginx/${kind}_temp"
done
exec /usr/lib/nginx/nginx -p /etc/nginx -c /etc/nginx/nginx.conf -e /var/log/nginx/error.log "$@"
