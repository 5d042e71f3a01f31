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

    /// <summary>The tool that was built beside this program.</summary>
    public static string Tool => Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "MbpoML.Benchmarks"), Path.Combine("src", "MbpoML.Tool"), StringComparison.Ordinal), "mbpo.dll");

    /// <summary>A study of small runs, in which a fault may come at any time.</summary>
    public StudyOptions Options => new()
    {
        Run = new RunSpec
        {
            Task = "Pendulum",
            Algorithm = "sac",
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

    /// <returns>
    /// The exit code: 0 where no study differed, nowhere more than an interval of checkpoints was done twice a hand-over, and 95 of 100 hand-overs were quick.
    /// </returns>
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

    /// <summary>Each run in a process of its own, without a cluster.</summary>
    public static ChildProcessExecutor Executor => new(TaskCatalog.Analytic, new WorkerProgram("dotnet", [Tool, "work"]));
}
