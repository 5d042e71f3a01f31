// Longer experiments and measurements that are no tests: learning curves over several seeds, and speed side by side with other ways to do the same.
//
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- learning-curve pendulum --seeds 1 2 3 4 5
using System.CommandLine;
using MbpoML.Benchmarks;

var devices = new Command("compare-devices", "Measures training steps on each device that this machine has.");
devices.SetAction(_ => DeviceComparison.Run(rounds: 9));
return new RootCommand("Benchmarks of MbpoML.") { LearningCurveCommand.Create(), devices }.Parse(args).Invoke();
