#!/usr/bin/env bash
# Writes what the packages are made of, in the form of SPDX 2.2, to artifacts/sbom: for each package that `dotnet pack` has made, one file.
# It needs Microsoft's tool: dotnet tool install --tool-path artifacts/tools Microsoft.Sbom.DotNetTool, which this script does where it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=artifacts/tools packages=artifacts/packages out=artifacts/sbom
[[ -x $tools/sbom-tool ]] || dotnet tool install --tool-path "$tools" Microsoft.Sbom.DotNetTool --version 4.1.13
# The tool was built for .NET 8, and runs on the one that is here.
export DOTNET_ROLL_FORWARD=Major
shopt -s nullglob
made=("$packages"/*.nupkg)
[[ ${#made[@]} -gt 0 ]] || { echo "scripts/bill-of-materials.sh: $packages has no package; run 'dotnet pack src/MbpoML -c Release' first." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
for package in "${made[@]}"; do
  # Id and version as they stand in the name: MbpoML.Mujoco.0.2.0.nupkg.
  name=$(basename "$package" .nupkg)
  [[ $name =~ ^([A-Za-z.]+)\.([0-9].*)$ ]] || { echo "scripts/bill-of-materials.sh: '$name' is no name of a package." >&2; exit 1; }
  id=${BASH_REMATCH[1]} version=${BASH_REMATCH[2]}
  [[ -d src/$id ]] || continue
  mkdir -p "$work/$id/drop"
  cp "$package" "$work/$id/drop"
  "$tools/sbom-tool" generate -b "$work/$id/drop" -bc "src/$id" -pn "$id" -pv "$version" -ps "The MbpoML contributors" -nsb https://spdx.org/spdxdocs/mbpoml -V Error >"$work/log" 2>&1 \
    || { cat "$work/log" >&2; exit 1; }
  cp "$work/$id/drop/_manifest/spdx_2.2/manifest.spdx.json" "$out/$id.$version.spdx.json"
done
ls "$out"
