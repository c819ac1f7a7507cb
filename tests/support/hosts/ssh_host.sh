#!/bin/sh
# ssh_host.sh FOLDER: a host of its own: this machine's file system with a writable layer in memory, sshd on port 2222
# and what else is started in it. It runs in a network namespace and ends with this process.
set -eu
folder=$1 root=$1/memory/root

mount -t tmpfs -o size=512m tmpfs "$folder/memory"
mkdir "$folder/memory/layer" "$folder/memory/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$folder/memory/layer,workdir=$folder/memory/work" overlay "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root/run/sshd" "$root/run/lock" "$root/run/systemd/system"

# Plays systemd for docker's unit: it reads the unit and its drop-ins, and starts the dockerd that they name.
cp "$(dirname "$0")/systemctl.sh" "$root/usr/local/bin/systemctl"
cat >"$root/lib/systemd/system/docker.service" <<END
[Service]
ExecStart=/usr/sbin/dockerd --bridge none --iptables=false --ip6tables=false \\
    --data-root /tmp/docker --exec-root /tmp/docker-exec
END
cp "$folder/host_key" "$folder/host_key.pub" "$root/etc/ssh/"
echo 'builder ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/builder"
chroot "$root" useradd --create-home --shell /bin/sh --password '*' builder
mkdir -m 700 "$root/home/builder/.ssh"
cp "$folder/client_key.pub" "$root/home/builder/.ssh/authorized_keys"
chroot "$root" chown -R builder: /home/builder/.ssh
echo "127.0.0.1 localhost $(hostname)" >"$root/etc/hosts"
# This machine may have local CAs that its own store has not been told of.
chroot "$root" update-ca-certificates --fresh >/dev/null 2>&1
# Nor may what other tiers do on this machine meanwhile come and go here.
rm -rf "$root/root/.docker" "$root/etc/docker" "$root/etc/containers/certs.d" "$root/etc/containerd/certs.d" \
    "$root/etc/pki/ca-trust" "$root/var/lib/repository-store"

# Not chroot: runc could not enter a container that was started below one.
mkdir "$root/mnt/outside"
cd "$root"
pivot_root . mnt/outside
umount --lazy /mnt/outside
exec /usr/sbin/sshd -D -e -p 2222 -o HostKey=/etc/ssh/host_key -o PasswordAuthentication=no \
    -o PermitRootLogin=no -o UsePAM=no -o LogLevel=ERROR
