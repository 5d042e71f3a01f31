// A robot of one's own in MuJoCo: its model, its sensors, a reward, and the ten lines.
//
//     dotnet run -c Release --project samples/MujocoRobot [-- --set Trainer.Steps=4000 ...]
using MbpoML;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using MujocoRobot;

var rl = new MLContext(seed: 1).Reinforcement();
using var model = Balancer.LoadModel();
using var environment = Balancer.Create(model);
var preset = MbpoPresets.Choose(environment);
foreach (var assignment in args.SkipWhile(argument => argument != "--set").Skip(1)) preset.Set(assignment);
preset.Trainer.Progress = Progress.Console();
using var policy = rl.Mbpo(environment, preset).Fit();
var metrics = rl.Evaluate(policy, environment, episodes: 10);
Console.WriteLine(FormattableString.Invariant($"{metrics}, {metrics.MeanLength:F0} of {Balancer.Steps} steps"));
