#!/usr/bin/env bash
# Builds the solution and runs all its tests, those of text in two more cultures; further arguments go to `dotnet test`, as in: ./test.sh --filter FullyQualifiedName~Numerics
# The last line counts the tests of all projects: "N passed, N failed, N skipped". The exit status is 0 only if tests ran and all of them passed or were skipped.
# MBPOML_TEST_RESULTS names a folder in which the results of each test stay.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

fail() {
  echo "test.sh: $*" >&2
  exit 1
}

# Whether the linker finds a library. A plain user of Debian has no /sbin on the path.
has_library() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -F "$1" >/dev/null; }

# The test process loads LightGBM, which needs the system's OpenMP library; the MuJoCo tasks need MuJoCo, and pictures of them a graphics library that draws without a display.
# The dashboard's page is tested in Chromium. Everything else comes with the packages.
install_system_libraries() {
  [[ $(uname -s) == Linux ]] || return 0
  local missing=() optional=()
  has_library 'libgomp.so.1 ' || missing+=(libgomp1)
  # Any release of MuJoCo will do, also one that MBPOML_MUJOCO names.
  [[ -n ${MBPOML_MUJOCO:-} ]] || has_library 'libmujoco.so' || optional+=(libmujoco2.2.2)
  has_library 'libOSMesa.so' || optional+=(libosmesa6)
  # Any Chromium will do, also one that MBPOML_CHROMIUM names.
  [[ -n ${MBPOML_CHROMIUM:-} ]] || command -v chromium chromium-browser google-chrome >/dev/null || optional+=(chromium)
  # The cluster is tested with a server of its own, which the tests start and end; any will do, also one that MBPOML_REDIS_SERVER names.
  [[ -n ${MBPOML_REDIS_SERVER:-} ]] || command -v redis-server >/dev/null || optional+=(redis-server)
  [[ ${#missing[@]} -gt 0 || ${#optional[@]} -gt 0 ]] || return 0

  local as_root=() how="run 'sudo apt-get install ${missing[*]} ${optional[*]}', then ./test.sh again"
  if ! command -v apt-get >/dev/null; then
    how="install your system's OpenMP library (Fedora: 'dnf install libgomp'), MuJoCo 2.2.2, OSMesa, Chromium and Redis, then run ./test.sh again"
    give_up "${#missing[@]}" "$how"
    return 0
  fi
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      give_up "${#missing[@]}" "$how"
      return 0
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  # Other releases of Debian and Ubuntu have another MuJoCo.
  apt-cache show libmujoco2.2.2 >/dev/null 2>&1 || optional=("${optional[@]/#libmujoco2.2.2/$(apt-cache search --names-only '^libmujoco[0-9.]+$' | cut -d' ' -f1 | tail -1)}")
  for package in "${missing[@]}" "${optional[@]}"; do
    [[ -n $package ]] || continue
    "${as_root[@]}" apt-get install -q -y --no-install-recommends "$package" || [[ $package != libgomp1 ]] || fail "libgomp1 could not be installed; see above."
  done
}

# Without libgomp no test can run; without the others only the tests of MuJoCo, of the dashboard's page and of the cluster fail, and say why.
give_up() {
  [[ $1 -eq 0 ]] || fail "libraries are missing, and installing them needs root: $2."
  echo "test.sh: what the tests of MuJoCo, of the dashboard's page or of the cluster need is missing, so that those will fail: $2." >&2
}

command -v dotnet >/dev/null || fail "the .NET SDK is missing: install .NET 10 (https://dotnet.microsoft.com/download), then run ./test.sh again."
install_system_libraries

if [[ -n ${MBPOML_TEST_RESULTS:-} ]]; then
  mkdir -p "$MBPOML_TEST_RESULTS" && results=$(mktemp -d "$(cd "$MBPOML_TEST_RESULTS" && pwd)/run-XXXXXX") || exit 1
else
  results=$(mktemp -d) || exit 1
  trap 'rm -rf "$results"' EXIT
fi

status=0
# Images of containers switch off the data of cultures, which the tests need.
unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT
# Most tests end before code that was measured and compiled once more would pay.
export DOTNET_TieredPGO=0
# Tests that were built, by their assemblies: no project is looked at again.
built() { dotnet test "$@" --logger trx --results-directory "$results"; }

# What writes or parses text runs once more as users of other languages run it: decimal commas, and digits, signs and directions of another script.
texts_under() { LC_ALL="$1.UTF-8" built "$2" --filter TestCategory=Text; }

assemblies=()
for project in tests/*.Tests; do
  assemblies+=("$project/bin/Release/net10.0/$(basename "$project").dll")
done

# In the order in which they begin: the largest project, all others, and each under two cultures. Small steps at the end let both lanes end together.
largest=tests/MbpoML.Tests/bin/Release/net10.0/MbpoML.Tests.dll
ordered=("$largest")
for assembly in "${assemblies[@]}"; do
  [[ $assembly == "$largest" ]] || ordered+=("$assembly")
done
steps=("${ordered[@]/#/built }" "${ordered[@]/#/texts_under ar_SA }" "${ordered[@]/#/texts_under de_DE }")

# One of two lanes: it takes the next step that no lane has taken. Whoever makes the folder of a step has it.
lane() {
  local worst=0 step folder started
  for step in "${!steps[@]}"; do
    folder=$results/step-$step
    mkdir "$folder" 2>/dev/null || continue
    started=$SECONDS
    # Each has a folder of its own for its results, as two that end in the same second would take the same name.
    (results=$folder && ${steps[step]}) >"$folder/log" 2>&1 || worst=$?
    cat "$folder/log"
    echo "test.sh: '${steps[step]}' took $((SECONDS - started)) s"
  done
  return "$worst"
}

if [[ $# -gt 0 ]]; then
  dotnet test MbpoML.sln -c Release --logger trx --results-directory "$results" "$@" || status=$?
elif dotnet build MbpoML.sln -c Release; then
  built_at=$SECONDS
  # Most tests keep one core busy.
  lane &
  lane || status=$?
  wait $! || status=$?
  echo "test.sh: the tests took $((SECONDS - built_at)) s, and what comes before them $built_at s"
else
  status=$?
fi

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
