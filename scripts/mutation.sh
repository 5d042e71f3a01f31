#!/usr/bin/env bash
# The mutation score of the arithmetic core: Stryker.NET changes one thing after another, and counts how often a test notices.
# Arguments choose parts by name, as in: scripts/mutation.sh bounds random. Without, all of them run, some minutes each on two cores.
# Each part writes artifacts/mutation/PART/reports/mutation-report.json and .html; the last lines tell the score of each part, and of all parts that were run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/artifacts/tools out=$PWD/artifacts/mutation
[[ -x $tools/dotnet-stryker ]] || dotnet tool install --tool-path "$tools" dotnet-stryker --version 5.1.0

# The files of each part, relative to src/MbpoML.
declare -A files=(
  [bounds]="Theory/ReturnBounds.cs Theory/OptimalRolloutLength.cs Theory/ModelGeneralization.cs Theory/TotalVariation.cs Theory/SlideVariants.cs"
  [schedules]="Imagination/RolloutSchedule.cs Training/Schedules/ModelTrainingSchedule.cs Algorithms/Mbpo/ModelTrainingTimes.cs"
  [random]="Numerics/Random/RandomSource.cs Numerics/Random/SplitMix64.cs Numerics/Random/Seeds.cs"
  [targets]="Policies/SoftActorCritic/SacLosses.cs"
  [pools]="Data/Replay/RowRing.cs Data/Replay/ReplayPool.cs"
)
parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=(bounds schedules random targets pools)

# The library is built as its users build it; analyzers have nothing to say to changes that no one keeps.
# Stryker asks dotnet for the place of MSBuild and gives up where the answer takes long; so it is told.
msbuild=$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk/$(dotnet --version)/MSBuild.dll
export RunAnalyzers=false EnforceCodeStyleInBuild=false DOTNET_TieredPGO=0
for part in "${parts[@]}"; do
  [[ -n ${files[$part]:-} ]] || { echo "mutation.sh: there is no part '$part'; there are: ${!files[*]}" >&2; exit 2; }
  arguments=()
  for file in ${files[$part]}; do arguments+=(--mutate "**/$file"); done
  (cd tests/MbpoML.Mutation && "$tools/dotnet-stryker" --msbuild-path "$msbuild" --config-file stryker-config.json --output "$out/$part" "${arguments[@]}")
done

# Killed and timed out count as noticed; what no test reaches counts as missed.
for part in "${parts[@]}"; do
  jq -r --arg part "$part" '[.files[].mutants[].status] |
    [$part, (map(select(. == "Killed" or . == "Timeout")) | length), (map(select(. == "Survived" or . == "NoCoverage")) | length)] | @tsv' \
    "$out/$part/reports/mutation-report.json"
done | awk '{ noticed += $2; all += $2 + $3; printf "%s: %d of %d noticed, %.1f %%\n", $1, $2, $2 + $3, 100 * $2 / ($2 + $3) }
  END { printf "all: %d of %d noticed, %.1f %%\n", noticed, all, 100 * noticed / all }'
