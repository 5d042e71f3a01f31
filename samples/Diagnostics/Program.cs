// Trains a pendulum for a short while, and asks how far its model can be trusted: errors, promises, and what the bounds of the paper make of them.
//
//     dotnet run -c Release --project samples/Diagnostics [-- --out runs/diagnostics --set Trainer.Steps=1500 ...]
using Diagnostics;
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;

var folder = args.SkipWhile(argument => argument != "--out").Skip(1).FirstOrDefault() ?? "runs/diagnostics";
var rl = new MLContext(seed: 1).Reinforcement();
using var environment = rl.Environments.Pendulum();
var preset = MbpoPresets.Pendulum();
preset.Trainer.Steps = 1500;
foreach (var assignment in args.SkipWhile(argument => argument != "--set").Skip(1)) preset.Set(assignment);
preset.Trainer.Checkpoints = new Checkpointing { Folder = Path.Combine(folder, "checkpoints") };
preset.Trainer.Progress = Progress.Console();

// A checkpoint holds all that the questions need: the model, the policy, and the transitions that the model has not seen.
var trainer = rl.Mbpo(environment, preset);
if (!Checkpointing.Exists(preset.Trainer.Checkpoints.Folder)) trainer.Train().Policy.Dispose();
using var run = trainer.Open(preset.Trainer.Checkpoints.Folder);
var model = (IEnsembleDynamicsModel)run.Dynamics;

TrustReport.Growth(Console.Out, rl.Diagnostics.GrowthOfError(model, environment, run.Policy, horizon: 30, starts: 100));
TrustReport.Returns(Console.Out, [.. Enumerable.Range(0, 5).Select(seed => rl.Diagnostics.Returns(model, environment, run.Policy, horizon: 100, seed: seed))]);

// Transitions of new episodes: a model looks better on those that it was fitted to.
using var actor = run.Policy.NewActor();
var unseen = rl.Data.Record(environment, steps: 600, (observation, action) => actor.Act(observation, action, generator: null), seed: 99);
TrustReport.Calibration(Console.Out, rl.Diagnostics.Calibration(model, unseen, levels: 9));
TrustReport.Error(Console.Out, rl.Diagnostics.ModelError(model, unseen), preset.Policy.Discount);
