// A planner swings up a pendulum in a loop at a fixed rate, 20 decisions a second. Its actions arrive one period late. It plans once with that delay and once
// without, and says how long its decisions took.
//
//     dotnet run -c Release --project samples/PlannerControlLoop [-- --steps 200]
using System.Globalization;
using MbpoML;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Planning;
using Microsoft.ML;
using PlannerControlLoop;
using static System.FormattableString;

const double Rate = 20;     // of the pendulum's steps: 0.05 s
var steps = args.SkipWhile(argument => argument != "--steps").Skip(1).FirstOrDefault() is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 200;
var rl = new MLContext(seed: 1).Reinforcement();
using var machine = new DelayedPendulum();
var loop = ControlLoop.At(Rate);

using var pendulum = rl.Environments.Pendulum();
Try("planned as if actions arrived at once", pendulum, machine.Seen);
using var delayed = new DelayedPendulum();
Try("planned with the delay", delayed, delayed.ObservationSpace.Size);

// Plans with the equations of a task, which stand for a model that was learned, and controls the machine.
void Try(string name, IObservableEnvironment equations, int observed)
{
    // A budget of rows, not of time: equal seeds give equal plans. Choose it so that the longest decision is well within the period.
    using var planner = rl.Policies.Planner(
        new EnvironmentDynamicsModel(equations), equations, rl.Planning.ImprovedCrossEntropy(), new PlanningTransformer.Options { Horizon = 20 });
    using var actor = planner.NewActor();
    actor.Begin(rows: 1);
    var (total, times) = loop.Run(machine, (observation, action) => actor.Act(observation[..observed], action, generator: null), steps, seed: 1);
    Console.WriteLine(Invariant($"{name}: return {total:F1}"));
    Console.WriteLine($"  {times}");
}
