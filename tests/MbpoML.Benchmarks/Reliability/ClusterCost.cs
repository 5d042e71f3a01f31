using System.Diagnostics;
using System.Globalization;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>
/// Measures what 1, 2 and 4 workers cost beside plain processes: the same study by both, in turn, as often as asked. No cluster is there while plain processes
/// run, as its idle workers would slow them.
/// </summary>
/// <param name="study">The study; its own sizes and checkpoints are not used.</param>
/// <param name="steps">Environment steps of each run.</param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class ClusterCost(StudyOptions study, int steps, CancellationToken cancellationToken)
{
    // Steps of the runs that come before what is measured.
    private const int WarmSteps = 2000;

    // One look and the last run: workers wait for a decision twice, plain processes never. So the runs are long enough to tell the cost.
    private readonly StudyOptions _options = study with
    {
        // Checkpoints as dense as a user's: every ten minutes.
        Run = study.Run with { Assignments = [.. study.Run.Assignments.Where(one => !one.Contains("Checkpoints", StringComparison.Ordinal))] },
        Trials = 4, GenerationSize = 4, SeedsPerTrial = 1, Rungs = 1, FinalSeeds = 1, Sampler = "random", Steps = steps,
    };

    /// <param name="repeats">Pairs of studies for each number of workers.</param>
    public async Task<int> RunAsync(int repeats)
    {
        Machine.Print();
        int[] counts = [1, 2, 4];
        var pairs = counts.ToDictionary(count => count, _ => new List<(double Plain, double Cluster)>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var workers in counts)
            {
                // Each is the first one in turn: a machine that grows slower or faster meanwhile favours neither.
                var isPlainFirst = repeat % 2 == 0;
                var plain = isPlainFirst ? await PlainAsync(workers) : 0;
                var cluster = await ClusterAsync(workers);
                if (!isPlainFirst) plain = await PlainAsync(workers);
                pairs[workers].Add((plain, cluster));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workers} side by side: plain {plain:F1} s, workers {cluster:F1} s"));
            }
        }

        Print(pairs);
        return 0;
    }

    private async Task<double> PlainAsync(int workers)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-cost-").FullName;
        try
        {
            var plain = Study.Create(Path.Combine(folder, "plain"), _options);
            return await SecondsAsync(() => plain.RunAsync(ClusterChaosExperiment.Executor, workers, cancellationToken: cancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<double> ClusterAsync(int workers)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-cost-").FullName;
        try
        {
            using var cluster = new ClusterChaos(folder, ClusterChaosExperiment.Tool, workers, slots: 1, faults: 0, between: 1, lease: 5, seed: 1);
            // What is measured begins when the workers are there and have compiled what they run, as on a cluster that stands.
            await cluster.ReadyAsync(cancellationToken);
            var first = _options with { Trials = 2 * workers, GenerationSize = 2 * workers, Steps = WarmSteps };
            await OnClusterAsync(Study.Create(Path.Combine(folder, "first"), first), cluster);
            return await SecondsAsync(() => OnClusterAsync(Study.Create(Path.Combine(folder, "study"), _options), cluster));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<StudyResult?> OnClusterAsync(Study study, ClusterChaos cluster) =>
        ClusterStudy.RunAsync(study, cluster.Cluster, notes: cluster, cancellationToken: cancellationToken);

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Print(Dictionary<int, List<(double Plain, double Cluster)>> pairs)
    {
        var table = new MarkdownTable("runs side by side", "plain processes, s", "workers, s", "cost");
        foreach (var (workers, of) in pairs)
        {
            table.Add(
                workers.ToString(CultureInfo.InvariantCulture), MarkdownTable.Number(of.Average(pair => pair.Plain)),
                MarkdownTable.Number(of.Average(pair => pair.Cluster)), Cost(of));
        }

        table.Add("all", "", "", Cost([.. pairs.Values.SelectMany(of => of)]));
        var repeats = pairs.Values.First().Count;
        table.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"A study of {_options.Trials} runs and a last one, {steps} steps each; means of {repeats} times, costs with their 95 % interval"));
    }

    // Of ratios the logarithms are averaged, so that a pair counts as much whichever of both was disturbed.
    private static string Cost(List<(double Plain, double Cluster)> pairs)
    {
        var (mean, half) = Statistics.Mean([.. pairs.Select(pair => Math.Log(pair.Cluster / pair.Plain))]);
        return pairs.Count < 2 ? string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(mean) - 1):F1} %")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(mean) - 1):F1} % ± {100 * half:F1}");
    }
}
