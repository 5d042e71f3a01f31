// Trains a policy for the environment beside this file, and saves it as an ordinary ML.NET model:
//
//     dotnet run -c Release
using MbpoML;
using MbpoML.Environments.Wrappers;
using MbpoML.Training;
using Microsoft.ML;
using MyTask;

var mlContext = new MLContext(seed: 1);
var rl = mlContext.Reinforcement();

// The limit ends an episode without terminating it; the checks find what an environment does wrong.
using var environment = new MyTaskEnvironment().WithTimeLimit(60).WithChecks();

// No settings are needed: a preset is chosen by the size of the environment, and a line of the log names it.
using var policy = rl.Mbpo(environment, progress: Progress.Console()).Fit();

Console.WriteLine(rl.Evaluate(policy, environment, episodes: 10));
mlContext.Model.Save(policy, policy.InputSchema, "policy.zip");
