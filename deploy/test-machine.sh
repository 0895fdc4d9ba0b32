#!/bin/sh
# Prepares a Debian machine for the tests that need a real browser: Chromium and one font, both Debian's own packages.
# Quick when nothing is missing. What cannot be installed is said, and the browser tests then count as skipped;
# under CI=true that is a failure.
set -u

missing=""
[ -x /usr/bin/chromium ] || missing="chromium"
[ -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
[ -n "$missing" ] || exit 0

cannot() {
    echo "test-machine: $1" >&2
    echo "test-machine: the browser tests will be skipped" >&2
    [ "${CI:-}" = "true" ] && exit 1
    exit 0
}

command -v apt-get >/dev/null 2>&1 || cannot "no apt-get here, so these stay missing: $missing"
[ "$(id -u)" = "0" ] || cannot "not root, so these stay missing: $missing (try: sudo apt-get install --no-install-recommends $missing)"

echo "test-machine: installing Debian packages for the browser tests: $missing"
export DEBIAN_FRONTEND=noninteractive
# A machine may know the packages already; the lists are fetched only when it does not.
# shellcheck disable=SC2086  # the words of $missing are package names
if ! apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; then
    apt-get update -qq >/dev/null || cannot "apt-get update failed"
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || cannot "apt-get install failed: $missing"
fi
echo "test-machine: done"
