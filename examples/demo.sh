#!/bin/sh
# Turn three notebooks of this folder into six formats each, show what came out, prove that the
# way back loses nothing, and make every edition of one lesson.  `make demo` runs it.
set -eu

cd "$(dirname "$0")/.."
out=build/demo
rm -rf "$out"
mkdir -p "$out"

# say TEXT: a heading, bold where somebody looks.
say() {
    if [ -t 1 ]; then
        printf '\n\033[1m%s\033[0m\n' "$1"
    else
        printf '\n%s\n' "$1"
    fi
}

# run COMMAND...: show a command as a person would type it, and run it.
run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# show FILE LINES: the top of a file below its YAML header, set off from the commands.
show() {
    awk -v lines="$2" '
        NR == 1 && /^(# )?---$/ { header = 1; next }
        header { header = !/^(# )?---$/; hidden = NR; next }
        hidden && NR == hidden + 1 { print "    | (a header of " hidden " lines)" }
        ++shown <= lines { print "    | " substr($0, 1, 100) }
        END { if (shown > lines) print "    | ... and " shown - lines " more lines" }
    ' "$1"
}

# editions FILE LINES: convert FILE into each format, with proof, and show the first LINES.
editions() {
    name=$(basename "$1")
    name=$out/${name%.*}
    while read -r format suffix; do
        run octavo convert "$1" --to "$format" -o "$name$suffix" --check
        show "$name$suffix" "$2"
    done <<EOF
py:percent .percent.py
py:light .light.py
md .md
md:myst .myst.md
Rmd .Rmd
ipynb .ipynb
EOF
}

# proof NOTEBOOK: each text and the old outputs give back the notebook, byte for byte.
proof() {
    name=$(basename "$1" .ipynb)
    for text in "$out/$name".*.py "$out/$name".md "$out/$name".myst.md "$out/$name".Rmd; do
        cp "$1" "$out/back.ipynb"
        octavo convert "$text" --to ipynb --update -o "$out/back.ipynb" >/dev/null 2>&1
        cmp "$1" "$out/back.ipynb"
        printf '    %s + old outputs = %s, byte for byte\n' "$text" "$1"
    done
    rm -f "$out/back.ipynb"
}

say "1. A module with its tests and its story: examples/gravity.ipynb"
editions examples/gravity.ipynb 28

say "2. A data notebook with plots: examples/temperatures.ipynb"
editions examples/temperatures.ipynb 14

say "3. A lesson in Markdown: examples/lesson.md"
editions examples/lesson.md 16

say "4. The proof: every text gives its notebook back, outputs included"
proof examples/gravity.ipynb
proof examples/temperatures.ipynb

say "5. The lesson, through a notebook and back, is the same file"
octavo convert "$out/lesson.ipynb" --to md -o "$out/lesson.back.md" >/dev/null 2>&1
cmp examples/lesson.md "$out/lesson.back.md"
printf '    %s -> ipynb -> md: the same bytes\n' examples/lesson.md

say "6. One lesson, every reader: examples/editions/octavo.toml"
cp -R examples/editions "$out/editions"
rm -rf "$out/editions/build" "$out/editions/edition.lock.json"
show examples/editions/octavo.toml 24
run octavo build --project "$out/editions"
run octavo why "$out/editions/falling.md#L79"
printf '\n    nothing is made twice:\n'
run octavo build --project "$out/editions"

say "What was made, in $out:"
ls -l "$out" | awk 'NR > 1 && /^-/ { printf "%9d  %s\n", $5, $9 }'
printf '\n'
(cd "$out/editions/build" && find . -type f | LC_ALL=C sort | while read -r file; do
    printf '%9d  editions/build/%s\n' "$(wc -c <"$file")" "${file#./}"
done)
