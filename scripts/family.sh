#!/usr/bin/env bash
# Trains each algorithm of the family for a short while with one seed, and draws a picture of each: docs/images/family-*, for docs/family.md.
# Some six minutes of one core that has nothing else to do. MBPO=... names the tool; the argument is the folder of the runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-runs/family} pictures=docs/images
mbpo() { ${MBPO:-mbpo} "$@"; }

mbpo train Pendulum --preset fast --workers 1 --out "$runs/mbpo"
mbpo train Pendulum --algorithm dhmbpo --steps 3000 --workers 1 --out "$runs/dhmbpo"
mbpo train Pendulum --algorithm sac --steps 6000 --workers 1 --out "$runs/sac"
mbpo train Pendulum --algorithm ppo --steps 100000 --workers 1 --out "$runs/ppo" --set Trainer.StepsPerUpdate=1024 Trainer.EpochLength=10000
mbpo train Pendulum --algorithm pets --steps 1400 --workers 1 --out "$runs/pets"
mbpo train Line --algorithm metrpo --steps 900 --workers 1 --out "$runs/metrpo"
mbpo train PixelLine --algorithm planet --steps 360 --workers 1 --out "$runs/planet"
dotnet run -c Release --project samples/FromLogs -- --out "$runs/offline"

for name in mbpo dhmbpo sac ppo metrpo planet; do mbpo plot "$runs/$name" --out "$pictures/family-$name.png"; done
# A verdict draws its pictures itself.
cp "$runs/offline/model.svg" "$pictures/family-offline.svg"
# A planner has a model and no curve of updates: the picture is what its model imagines of an episode.
mbpo diagnose fan "$runs/pets" --steps 200 --samples 200 --out "$pictures/family-pets.png"
