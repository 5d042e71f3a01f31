// Longer experiments and measurements that are no tests: learning curves over several seeds, and speed side by side with other ways to do the same.
//
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- learning-curve pendulum --seeds 1 2 3 4 5
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- fuzz --inputs 100000 --seed 1
using System.CommandLine;
using MbpoML.Benchmarks;

return new RootCommand("Benchmarks of MbpoML.") { LearningCurveCommand.Create(), FuzzCommand.Create() }.Parse(args).Invoke();
