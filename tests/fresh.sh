#!/bin/sh
# The README's two commands on a machine that has nothing yet: a minimal Debian with a clone of the last commit, first
# as root, then as a user who may install nothing, both without a terminal. Outside the suite, since it takes half an
# hour and needs root, debootstrap and Debian's mirror. Speaks TAP; what the commands say goes to stderr.
#
# usage: fresh.sh [BASE]
#   BASE           a minimal Debian, such as debootstrap makes; a copy of it is used. Else debootstrap makes one:
#   SUITE, MIRROR  as debootstrap knows them; else bookworm, and the mirror that debootstrap knows
set -u

root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

# All mounts and processes are in namespaces of their own, which end with this script, however that ends.
if [ -z "${FRESH_SCRATCH-}" ]; then
	[ "$(id -u)" = 0 ] || { echo 'fresh: only root can change the root folder' >&2 && exit 2; }
	FRESH_SCRATCH=$(mktemp -d) || exit 2
	export FRESH_SCRATCH
	trap 'kill -KILL $! 2>/dev/null; wait; rm -rf "$FRESH_SCRATCH"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	unshare --mount --pid --ipc --fork --kill-child --propagation private sh "$0" "$@" &
	wait $!
	exit
fi

machine=$FRESH_SCRATCH/machine

make_machine() {
	if [ -n "${1-}" ]; then
		cp -a "$1" "$machine"
	else
		# shellcheck disable=SC2086 # no word if there is no mirror
		debootstrap --variant=minbase "${SUITE-bookworm}" "$machine" ${MIRROR-}
	fi && cp -L /etc/resolv.conf "$machine/etc" &&
		mount -t proc proc "$machine/proc" && mount --rbind /dev "$machine/dev" &&
		mount --rbind /sys "$machine/sys" && mount -t tmpfs tmpfs "$machine/dev/shm" &&
		git clone -q "$root" "$machine/root/bench" && chroot "$machine" useradd --create-home somebody &&
		cp -r "$machine/root/bench" "$machine/home/somebody" &&
		chroot "$machine" chown -R somebody:somebody /home/somebody/bench
}

# as USER HOME COMMAND: as that user types it within his clone.
as() {
	setsid env -i "HOME=$2" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		chroot --userspec="$1:$1" "$machine" sh -c "cd '$2/bench' && $3" </dev/null >"$FRESH_SCRATCH/said" 2>&1
	status=$?
	cat "$FRESH_SCRATCH/said"
	return "$status"
}

is_told() {
	! as somebody /home/somebody "$1" && [ "$status" -eq 2 ] && grep -q 'apt-get install ' "$FRESH_SCRATCH/said"
}

check 'a minimal Debian with two clones' make_machine "$@"
[ -d "$machine/home/somebody/bench" ] || exit 2
awk '/^```/ { if (inside) exit; inside = 1; next } inside' "$root/README.md" >"$FRESH_SCRATCH/commands"
check 'the README has two commands' [ "$(grep -c '^\./bench ' "$FRESH_SCRATCH/commands")" -eq 2 ]
check 'a user is told what to install' is_told "$(head -n 1 "$FRESH_SCRATCH/commands")"
while read -r command; do
	check "root: $command" as root /root "$command"
done <"$FRESH_SCRATCH/commands"
while read -r command; do
	check "a user: $command" as somebody /home/somebody "$command"
done <"$FRESH_SCRATCH/commands"
finish
