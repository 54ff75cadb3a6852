#!/bin/sh
# Create or refresh an environment with Octavo (editable) and all development tools.
#
#     tools/environment.sh FOLDER [PYTHON [GROUP [CONSTRAINTS]]]
#
# With uv where it is installed and works, else with venv and pip: Python alone is enough.
# GROUP is one of pyproject.toml, here `dev`; the versions are those of CONSTRAINTS, here
# constraints.txt.
set -eu

folder=$1
group=${3:-dev}
constraints=${4:-constraints.txt}
cd "$(dirname "$0")/.."

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python; do
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Octavo needs Python 3.11 or newer, and none was found." >&2
    exit 1
}

with_uv() {
    command -v uv >/dev/null 2>&1 || return 1
    UV_PYTHON_DOWNLOADS=never uv venv --quiet --allow-existing --python "$python" "$folder" &&
        uv pip install --quiet --python "$folder/bin/python" --constraints "$constraints" \
            --editable . --group "$group"
}

with_pip() {
    # What uv left behind when it could not finish has no pip: --clear begins again.
    if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1 &&
        ! "$python" -m venv --clear "$folder"; then
        echo "On Debian and Ubuntu, 'apt-get install python3-venv' provides what is missing." >&2
        exit 1
    fi
    # The pip of Python 3.11 knows no dependency groups, so pip comes first.
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
        --constraint "$constraints" --editable . --group "$group"
}

python=${2:-}
[ -n "$python" ] || python=$(find_python)
echo "Creating $folder with $("$python" --version) ..." >&2
with_uv || with_pip
# The command starts once per file: its bytecode is there before the first start.
"$folder/bin/python" -m compileall -q src || true
