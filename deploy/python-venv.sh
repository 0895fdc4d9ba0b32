#!/bin/sh
# Debian ships Python without the module that makes environments; this installs Debian's package for it, and says so.
set -u
echo "Python's venv module is missing here (Debian keeps it in the package python3-venv)." >&2
if [ "$(id -u)" = "0" ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-venv." >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends python3-venv >/dev/null 2>&1 && exit 0
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null && exit 0
fi
echo "Install it (try: sudo apt-get install python3-venv) and say make again." >&2
exit 1
