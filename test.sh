#!/usr/bin/env bash
# Builds the solution and runs all its tests; further arguments go to `dotnet test`, as in: ./test.sh --filter FullyQualifiedName~Numerics
# The last line counts the tests of all projects: "N passed, N failed, N skipped". The exit status is 0 only if tests ran and all of them passed or were skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

fail() {
  echo "test.sh: $*" >&2
  exit 1
}

# The test process loads LightGBM, which needs the system's OpenMP library; everything else comes with the packages.
install_system_libraries() {
  [[ $(uname -s) == Linux ]] || return 0
  # A plain user of Debian has no /sbin on the path.
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep 'libgomp\.so\.1 ' >/dev/null && return 0
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || fail "libgomp1 is missing, and installing it needs root: run 'sudo apt-get install libgomp1' (Fedora: 'sudo dnf install libgomp'), then ./test.sh again."
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || fail "libgomp.so.1 is missing: install your system's OpenMP library (Fedora: 'dnf install libgomp'), then run ./test.sh again."
  "${as_root[@]}" apt-get update -q && "${as_root[@]}" apt-get install -q -y --no-install-recommends libgomp1 || fail "libgomp1 could not be installed; see above."
}

command -v dotnet >/dev/null || fail "the .NET SDK is missing: install .NET 10 (https://dotnet.microsoft.com/download), then run ./test.sh again."
install_system_libraries

results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT

status=0
dotnet test MbpoML.sln -c Release --logger trx --results-directory "$results" "$@" || status=$?

# Each project leaves one .trx; its element <Counters total=".." passed=".." failed=".." .../> counts its tests. What did not execute was skipped.
totals=$(find "$results" -name '*.trx' -exec cat {} + | tr '<' '\n' | awk '
  function count(name,  value) {
    if (!match($0, "[ \t]" name "=\"[0-9]+\"")) return 0
    value = substr($0, RSTART, RLENGTH)
    gsub(/[^0-9]/, "", value)
    return value + 0
  }
  /^Counters[ \t]/ { total += count("total"); passed += count("passed"); failed += count("failed") + count("error") + count("timeout") + count("aborted") }
  END { print passed + 0, failed + 0, total - passed - failed }')
read -r passed failed skipped <<<"$totals"

# A build that broke, or a test process that died, counts no failed test.
if [[ $status -eq 0 && $failed -ne 0 ]]; then status=1; fi
if [[ $status -eq 0 && $((passed + failed)) -eq 0 ]]; then
  echo "test.sh: no test ran." >&2
  status=1
elif [[ $status -ne 0 && $failed -eq 0 ]]; then
  echo "test.sh: the build or a test process failed (status $status); see above." >&2
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
