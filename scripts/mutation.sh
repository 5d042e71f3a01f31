#!/usr/bin/env bash
# The mutation score of the arithmetic core: Stryker.NET makes one small change after another, and counts those that a test notices.
# tests/MbpoML.Mutation/stryker-config.json names the files. Arguments go to Stryker, as in: scripts/mutation.sh --mutate "**/Theory/*.cs"
# The last lines are a table of the scores; artifacts/mutation/reports/mutation-report.html shows each change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/artifacts/mutation
dotnet tool restore

# Stryker asks `dotnet --info` where MSBuild is, and says "Could not find build environment" where the answer takes more than a few seconds.
export DOTNET_INFO_WAIT_TIME=120000
# Analyzers have nothing to say about changes that no one keeps.
export RunAnalyzers=false DOTNET_TieredPGO=0
cd tests/MbpoML.Mutation
dotnet stryker --config-file stryker-config.json --output "$out" --skip-version-check "$@"
