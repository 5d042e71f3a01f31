// Longer experiments and measurements that are no tests: learning curves over several seeds, and speed side by side with other ways to do the same.
//
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- learning-curve pendulum --seeds 1 2 3 4 5
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- compare all
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- run-time hopper
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- bootstrap-learning --seeds 1 2 3
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- scaling
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- kernels -- --filter *Policy*
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- memory --updates 100000
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- fuzz --inputs 100000 --seed 1
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- kill --kills 200
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- soak --minutes 20
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- cluster-chaos --faults 100
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- live-page
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- checkpoint-cost
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- mujoco
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- planner-returns
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- model-stream RUN --variant "Dynamics.BatchSize=512"
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- golden --out before.txt        # and, after a change, --against before.txt
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- dmsd --data FOLDER --algorithms bc td3bc --seeds 1 2 3
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- verdicts --data FOLDER
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- tclab --data FOLDER
//     dotnet run -c Release --project tests/MbpoML.Benchmarks -- offline-verdict --data FOLDER --log SafetyHalfCheetah
using System.CommandLine;
using MbpoML.Benchmarks;
using MbpoML.Benchmarks.EndToEnd;
using MbpoML.Benchmarks.Golden;
using MbpoML.Benchmarks.Kernels;
using MbpoML.Benchmarks.LivePage;
using MbpoML.Benchmarks.Models;
using MbpoML.Benchmarks.Mujoco;
using MbpoML.Benchmarks.Offline;
using MbpoML.Benchmarks.Planning;
using MbpoML.Benchmarks.Reliability;
using MbpoML.Benchmarks.Scaling;

var root = new RootCommand("Benchmarks of MbpoML.")
{
    LearningCurveCommand.Create(),
    CompareCommand.Create(),
    RunTimeCommand.Create(),
    BootstrapLearningCommand.Create(),
    ScalingCommand.Create(),
    KernelsCommand.Create(),
    MemoryCommand.Create(),
    FuzzCommand.Create(),
    KillCommand.Create(),
    KilledRunCommand.Create(),
    ClusterChaosCommand.Create(),
    LivePageCommand.Create(),
    SoakCommand.Create(),
    CheckpointCostCommand.Create(),
    MujocoCommand.Create(),
    PlannerReturnsCommand.Create(),
    ModelStreamCommand.Create(),
    GoldenCommand.Create(),
    DmsdCommand.Create(),
    VerdictsCommand.Create(),
    TclabCommand.Create(),
    OfflineVerdictCommand.Create(),
};
try
{
    // Whoever stops a benchmark waits for it to end its workers and servers.
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
catch (Exception exception)
{
    // The default handler says nothing of a cancelled call, so that an experiment once ended without a word.
    Console.Error.WriteLine(exception);
    return 1;
}
