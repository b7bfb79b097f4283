#!/bin/sh
# Makes .venv with everything the suite needs. PYTHON=/path/to/python chooses the interpreter.
set -eu
uv_version=0.13.9

say() { printf '%s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }
fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

[ -z "${PYTHON:-}" ] || fits "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11 or newer."
found=
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    if [ -n "$candidate" ] && fits "$candidate"; then found=$candidate; break; fi
done
[ -n "$found" ] || stop "Balai needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python."

free=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ "$free" -ge 1500000 ] || stop "The packages need 1.5 GB and this disk has $((free / 1024)) MB left: free some space."

# A folder that was moved or whose Python has gone is made again.
if ! fits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$found" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "This Python cannot make virtual environments: install the package python3-venv, or say make PYTHON=/path/to/another/python."
    say "Installing (once, about a minute) ..."
    rm -rf .venv
    "$found" -m venv .venv || stop "Could not make the folder .venv: remove it and look at the message above."
fi

advice="Could not install the packages: look at the message above, check the network, and run make again."
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
if pip install "uv==$uv_version"; then
    .venv/bin/uv pip install --quiet --python .venv/bin/python -e '.[dev]' -c constraints.txt ||
        pip install -e '.[dev]' -c constraints.txt || stop "$advice"
else
    pip install -e '.[dev]' -c constraints.txt || stop "$advice"
fi
touch .venv/.installed
