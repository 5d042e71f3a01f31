#!/usr/bin/env bash
# Prints the section of a version in CHANGELOG.md, as the text of a release: scripts/release-notes.sh 0.1.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -eq 1 ]] || { echo "Usage: scripts/release-notes.sh <version>" >&2; exit 2; }
notes=$(awk -v heading="## [$1]" 'index($0, "## [") == 1 { inside = index($0, heading) == 1; next } inside' CHANGELOG.md)
[[ -n ${notes//[[:space:]]/} ]] || { echo "scripts/release-notes.sh: CHANGELOG.md has no section '## [$1]', or an empty one." >&2; exit 1; }
printf '%s\n' "$notes"
