#!/bin/sh
# Build the sdist, from it the wheel, install the wheel into an empty environment, and convert
# one notebook there, far from this folder: the package must bring all that it needs.
#
#     tools/wheel_test.sh BIN       BIN is the bin folder of the development environment
set -eu

cd "$(dirname "$0")/.."
bin=$1
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -rf dist
"$bin/python" -m build --no-isolation --outdir dist . >"$work/build.log" 2>&1 || {
    cat "$work/build.log" >&2
    exit 1
}
ls -l dist

"$bin/python" -m venv "$work/empty"
"$work/empty/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt dist/*.whl
if command -v npm >/dev/null; then
    test -s "$work/empty/share/jupyter/labextensions/@octavo/labextension/package.json"
fi
cd "$work"
PATH="$work/empty/bin:$PATH"
set -x
octavo --version
octavo --help >help.txt
octavo convert "$here/examples/gravity.ipynb" --to py:percent -o gravity.py
octavo convert gravity.py --to ipynb -o gravity.ipynb
octavo convert gravity.ipynb --to py:percent -o again.py
cmp gravity.py again.py
set +x
test -s help.txt
echo "The wheel converts in an empty environment."
