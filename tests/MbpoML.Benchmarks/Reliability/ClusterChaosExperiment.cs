using System.Diagnostics;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Experiments;
using MbpoML.Experiments.Execution;
using MbpoML.Experiments.Studies;
using MbpoML.Experiments.Tasks;
using MbpoML.Orleans;
using MbpoML.Orleans.Tests.Chaos;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>Runs studies on a cluster of processes of the tool, one after another, until a number of faults is survived.</summary>
/// <param name="trials">Trials of a study.</param>
/// <param name="seeds">Seeds of a trial.</param>
/// <param name="steps">Environment steps of a run.</param>
/// <param name="seed">Decides the faults.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class ClusterChaosExperiment(int trials, int seeds, int steps, int seed, CancellationToken cancellationToken)
{
    // Real steps between two checkpoints.
    private const int Interval = 200;

    // Steps of the runs that come before what is measured.
    private const int WarmSteps = 2000;

    private static string Tool => Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "MbpoML.Benchmarks"), Path.Combine("src", "MbpoML.Tool"), StringComparison.Ordinal), "mbpo.dll");

    private StudyOptions Options => new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum", Algorithm = "sac",
            Assignments =
            [
                "Trainer.InitialExplorationSteps=100", "Trainer.EpochLength=200", "Trainer.EvaluationEpisodes=1", "Trainer.MaxEpisodeSteps=100",
                "Policy.HiddenSizes=[16]", "Policy.BatchSize=32", "Trainer.UpdatesPerStep=2", $"Trainer.Checkpoints.EverySteps={Interval}",
            ],
        },
        Space = [StudyParameter.Parse("Policy.LearningRate=1e-4..1e-2 log"), StudyParameter.Parse("Policy.Discount=0.9..0.999")],
        Sampler = "tpe",
        Trials = trials,
        // With two seeds four runs side by side, for which the slots of three workers of four are enough: a hand-over waits for no free slot.
        GenerationSize = 2,
        SeedsPerTrial = seeds,
        Rungs = 2,
        Reduction = 2,
        Steps = steps,
        FinalSeeds = 2,
    };

    // One look and the last run: workers wait for a decision twice, plain processes never. So the runs are long enough to tell the cost.
    private StudyOptions CostOptions(int steps) => Options with
    {
        // Checkpoints as dense as a user's: every ten minutes.
        Run = Options.Run with { Assignments = [.. Options.Run.Assignments.Where(one => !one.Contains("Checkpoints", StringComparison.Ordinal))] },
        Trials = 4, GenerationSize = 4, SeedsPerTrial = 1, Rungs = 1, FinalSeeds = 1, Sampler = "random", Steps = steps,
    };

    /// <returns>The exit code: 0 where no study differed, and nowhere more than an interval of checkpoints was done twice a hand-over.</returns>
    public async Task<int> ChaosAsync(int faults, int workers, double between, double lease)
    {
        Machine.Print();
        var folder = Directory.CreateTempSubdirectory("mbpoml-chaos-").FullName;
        try
        {
            await Study.Create(Path.Combine(folder, "plain"), Options).RunAsync(Executor, Environment.ProcessorCount, cancellationToken: cancellationToken);
            var undisturbed = StudyContent.Of(Path.Combine(folder, "plain"));
            using var chaos = new ClusterChaos(folder, Tool, workers, slots: 2, faults, between, lease, seed);
            var (studies, differences, start) = (0, 0, Stopwatch.GetTimestamp());
            while (!chaos.IsOver || studies == 0)
            {
                var study = Study.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"study-{studies++}")), Options);
                var run = ClusterStudy.RunAsync(study, chaos.Cluster, notes: chaos, cancellationToken: cancellationToken);
                await chaos.DisturbAsync(run, cancellationToken);
                await run;
                var content = StudyContent.Of(study.Folder);
                if (content.SequenceEqual(undisturbed)) continue;
                differences++;
                Console.WriteLine($"{study.Folder} differs:");
                foreach (var line in content.Except(undisturbed).Take(5)) Console.WriteLine($"  {line}");
            }

            var isBounded = chaos.Tell(Interval);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{studies} studies of {trials} trials with {seeds} seeds, {differences} differences, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
            return differences == 0 && isBounded ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Measures the time of a study by plain processes, and by 1, 2 and 4 workers with a slot each, with as many runs side by side, in turn.</summary>
    /// <param name="runSteps">Environment steps of each run.</param>
    public async Task<int> CostAsync(int runSteps)
    {
        Machine.Print();
        var options = CostOptions(runSteps);
        var table = new MarkdownTable("runs side by side", "plain processes, s", "workers, s", "cost", "seconds more a run");
        foreach (var workers in new[] { 1, 2, 4 })
        {
            var folder = Directory.CreateTempSubdirectory("mbpoml-cost-").FullName;
            var seconds = new double[2];
            using (var chaos = new ClusterChaos(folder, Tool, workers, slots: 1, faults: 0, between: 1, lease: 5, seed))
            {
                // What is measured begins when the workers are there and have compiled what they run, as on a cluster that stands.
                await chaos.ReadyAsync(cancellationToken);
                var first = Study.Create(
                    Path.Combine(folder, "first"), options with { Trials = 2 * workers, GenerationSize = 2 * workers, Steps = WarmSteps });
                await ClusterStudy.RunAsync(first, chaos.Cluster, notes: chaos, cancellationToken: cancellationToken);
                // Each is the first one in turn: a machine that grows slower or faster meanwhile favours neither.
                foreach (var one in workers == 2 ? new[] { 1, 0 } : [0, 1])
                {
                    var study = Study.Create(Path.Combine(folder, one == 0 ? "plain" : "study"), options);
                    var start = Stopwatch.GetTimestamp();
                    await (one == 0 ? study.RunAsync(Executor, workers, cancellationToken: cancellationToken)
                        : ClusterStudy.RunAsync(study, chaos.Cluster, notes: chaos, cancellationToken: cancellationToken));
                    seconds[one] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            Directory.Delete(folder, recursive: true);
            table.Add(
                workers.ToString(CultureInfo.InvariantCulture), MarkdownTable.Number(seconds[0]), MarkdownTable.Number(seconds[1]),
                string.Create(CultureInfo.InvariantCulture, $"{100 * ((seconds[1] / seconds[0]) - 1):F1} %"),
                MarkdownTable.Number((seconds[1] - seconds[0]) / (1 + (options.Trials / Math.Min(workers, Environment.ProcessorCount)))));
        }

        table.Print(string.Create(CultureInfo.InvariantCulture, $"A study of {options.Trials} runs and a last one, {runSteps} steps each"));
        return 0;
    }

    private static ChildProcessExecutor Executor => new(TaskCatalog.Analytic, new WorkerProgram("dotnet", [Tool, "work"]));
}
