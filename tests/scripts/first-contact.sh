#!/usr/bin/env bash
# What a new user does first, each in an empty folder and from the packages that `dotnet pack` makes:
#   getting-started  docs/getting-started.md word for word: the commands, the project file and the program, with fewer steps of training
#   script           the same library in a script of F# Interactive
#   single-file      a sample published as one file
#   aot              samples/AotController as native code, with the policy of getting-started
# Arguments choose some of them; without, all run (about two minutes on two cores). Prints a line for each; the exit status is 0 only if all hold.
set -uo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A checkout of its own, so that nothing built before plays a part, and nothing is built into this one.
root=$work/MbpoML
mkdir "$root" && cd "$(dirname "${BASH_SOURCE[0]}")/../.." && git ls-files -co --exclude-standard -z | tar -c --null --ignore-failed-read -T - 2>/dev/null | tar -x -C "$root" || exit 1
status=0

# The packages made here go to a folder of their own; those of others are taken from where they are.
export NUGET_FALLBACK_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages} NUGET_PACKAGES=$work/packages
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

wanted() { [[ ${#parts[@]} -eq 0 || " ${parts[*]} " == *" $1 "* ]]; }
says() { printf '%s\n' "$1 holds"; }
fails() { printf '%s\n' "$1 FAILS: $2"; tail -n 20 "$work/log"; status=1; }
run() { "$@" >"$work/log" 2>&1; }

# The blocks of a language below a heading of the page, as they stand there; the number says which.
block() {
  awk -v heading="## In your own program" -v language="$1" -v number="$2" '
    /^## / { inside = ($0 == heading) }
    inside && $0 == "```" language { if (++count == number) { printing = 1; next } }
    printing && $0 == "```" { exit }
    printing' "$root/docs/getting-started.md"
}

getting_started() {
  cd "$work" || return
  run bash -e <(block bash 1) || { fails getting-started "a command of the page"; return; }
  cd "$work/my-controller" || return
  block xml 1 >my-controller.csproj
  block csharp 1 >Program.cs
  # Seconds instead of a minute; all the rest is the page's.
  sed -i 's/rl\.Mbpo(environment.*)\.Fit()/rl.Mbpo(environment, new MbpoTrainer.Options { Steps = 120, EpochLength = 60, InitialExplorationSteps = 60, ModelTrainingInterval = 30, UpdatesPerStep = 1, EvaluationEpisodes = 1 }).Fit()/' Program.cs
  grep -q 'Steps = 120' Program.cs || { fails getting-started "the program trains no policy"; return; }
  echo 'policy.ExportToOnnx("policy.onnx"); Console.WriteLine("first action " + policy.Act([1f, 0f, 0.5f])[0].ToString(System.Globalization.CultureInfo.InvariantCulture));' >>Program.cs
  run dotnet run -c Release || { fails getting-started "the program"; return; }
  grep -q '^mean return' "$work/log" && [[ -s policy.zip ]] || { fails getting-started "no policy"; return; }
  cp "$work/log" "$work/trained"
  local size
  size=$(du -sm --apparent-size bin/Release | cut -f1)
  ((size < 600)) || { fails getting-started "the output has $size MB, so it holds the libraries of other systems too"; return; }
  says "getting-started ($size MB)"
}

script() {
  [[ -d $root/artifacts/packages ]] || run dotnet pack "$root/src/MbpoML" -c Release || { fails script "pack"; return; }
  cd "$work" && cat >script.fsx <<SCRIPT
#i "nuget: $root/artifacts/packages"
#r "nuget: MbpoML, 0.1.0"
#r "nuget: TorchSharp-cpu, 0.107.0"
open Microsoft.ML
open MbpoML
let rl = MLContext(1).Reinforcement()
printfn "%d steps" (rl.Data.Record(rl.Environments.Pendulum(), 50, seed = 1).RowCount)
SCRIPT
  run dotnet fsi script.fsx && grep -q '^50 steps' "$work/log" && says script || fails script "the script"
}

single_file() {
  run dotnet publish "$root/samples/CustomEnvironment" -c Release -r "$(dotnet msbuild "$root/src/MbpoML" -getProperty:NETCoreSdkPortableRuntimeIdentifier)" --self-contained -p:PublishSingleFile=true \
    --artifacts-path "$work/single" -o "$work/single/app" || { fails single-file "publish"; return; }
  run timeout 300 "$work/single/app/CustomEnvironment" && grep -q '^trained:' "$work/log" && says single-file || fails single-file "the program"
}

aot() {
  local policy=$work/my-controller/policy.onnx action
  [[ -s $policy ]] || { wanted getting-started || getting_started; }
  [[ -s $policy ]] || { fails aot "there is no policy"; return; }
  run dotnet publish "$root/samples/AotController" -c Release -r "$(dotnet msbuild "$root/src/MbpoML" -getProperty:NETCoreSdkPortableRuntimeIdentifier)" -p:PublishAot=true \
    --artifacts-path "$work/aot" -o "$work/aot/app" || { fails aot "publish"; return; }
  action=$(echo '1,0,0.5' | "$work/aot/app/AotController" "$policy" 2>"$work/log") || { fails aot "the program"; return; }
  # The same action as in training, to float32's digits.
  awk -v a="$action" -v b="$(sed -n 's/^first action //p' "$work/trained")" 'BEGIN { d = a - b; exit !(a != "" && b != "" && d < 1e-5 && d > -1e-5) }' \
    && says "aot ($(du -m "$work/aot/app/AotController" | cut -f1) MB)" || fails aot "the action is '$action'"
}

parts=("$@")
for part in getting-started script single-file aot; do
  if wanted "$part"; then "${part//-/_}"; fi
done
exit "$status"
