using System.Globalization;
using MbpoML.Algorithms.Offline.Verdicts;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Experiments.Studies;
using MbpoML.Orleans;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>
/// Measures what 1, 2 and 4 workers cost beside plain processes: the same study by both, in turn, as often as asked. No cluster is there while plain processes
/// run, as its idle workers would slow them. A shared machine may run half as fast for minutes, so that seconds by the clock tell little. What is compared
/// is how many processor seconds of training are done in a second: an idle processor lowers it, and so does all that takes time beside the training.
/// </summary>
/// <param name="study">The study; its own sizes and checkpoints are not used.</param>
/// <param name="trials">Trials of the study, two seeds each.</param>
/// <param name="steps">Environment steps of each run.</param>
/// <param name="settle">
/// How long the workers stand before they are measured. In its first minutes the runtime of a worker compiles anew what it does often, which is half of what an
/// idle worker takes then: that is once a worker, and no part of a study.
/// </param>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class ClusterCost(StudyOptions study, int trials, int steps, TimeSpan settle, CancellationToken cancellationToken)
{
    // Steps of the runs that come before what is measured, so that a worker has done once all that it does.
    private const int WarmSteps = 30_000;

    // The runs of the study that is disturbed, in one look, and a last one. Its client comes into the cluster within a second or two, so that runs of a few
    // seconds would measure that alone.
    private readonly StudyOptions _options = study with
    {
        // Checkpoints as dense as a user's: every ten minutes.
        Run = study.Run with { Assignments = [.. study.Run.Assignments.Where(one => !one.Contains("Checkpoints", StringComparison.Ordinal))] },
        Trials = trials,
        GenerationSize = trials,
        SeedsPerTrial = 2,
        Rungs = 1,
        FinalSeeds = 1,
        Sampler = "random",
        Steps = steps,
    };

    /// <param name="repeats">Pairs of studies for each number of workers.</param>
    public async Task<int> RunAsync(int repeats)
    {
        Machine.Print();
        int[] counts = [1, 2, 4];
        var pairs = counts.ToDictionary(count => count, _ => new List<(StudyTime Plain, StudyTime Cluster)>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var workers in counts)
            {
                // Each is the first one in turn: a machine that grows slower or faster meanwhile favours neither.
                var isPlainFirst = repeat % 2 == 0;
                var first = isPlainFirst ? await PlainAsync(workers) : await ClusterAsync(workers);
                var second = isPlainFirst ? await ClusterAsync(workers) : await PlainAsync(workers);
                var pair = isPlainFirst ? (Plain: first, Cluster: second) : (Plain: second, Cluster: first);
                pairs[workers].Add(pair);
                Console.WriteLine($"{workers} side by side: plain {Text(pair.Plain)}, workers {Text(pair.Cluster)}, cost {Cost([pair])}");
            }
        }

        Print(pairs);
        return 0;
    }

    private async Task<StudyTime> PlainAsync(int workers)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-cost-").FullName;
        try
        {
            var plain = Study.Create(Path.Combine(folder, "plain"), _options);
            return await StudyTime.OfAsync(
                () => plain.RunAsync(ClusterChaosExperiment.Executor, workers, cancellationToken: cancellationToken), folder, [Environment.ProcessId]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<StudyTime> ClusterAsync(int workers)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-cost-").FullName;
        try
        {
            using var cluster = new ClusterChaos(folder, ClusterChaosExperiment.Tool, workers, slots: 1, faults: 0, between: 1, lease: 5, seed: 1);
            // What is measured begins when the workers are there, and have worked and stood, as on a cluster that stands.
            await cluster.ReadyAsync(cancellationToken);
            var first = _options with { Trials = 2 * workers, GenerationSize = 2 * workers, SeedsPerTrial = 1, Steps = WarmSteps };
            await OnClusterAsync(Study.Create(Path.Combine(folder, "first"), first), cluster);
            Directory.Delete(Path.Combine(folder, "first"), recursive: true);
            await Task.Delay(settle, cancellationToken);
            return await StudyTime.OfAsync(
                () => OnClusterAsync(Study.Create(Path.Combine(folder, "study"), _options), cluster), folder, [Environment.ProcessId, .. cluster.Processes]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<StudyResult?> OnClusterAsync(Study study, ClusterChaos cluster) =>
        ClusterStudy.RunAsync(study, cluster.Cluster, notes: cluster, cancellationToken: cancellationToken);

    private static string Text(StudyTime time) => string.Create(
        CultureInfo.InvariantCulture, $"{time.Seconds:F1} s ({time.Ends:F1} s at its ends, {time.Training:F1} s of training, {time.Beside:F1} s beside)");

    private void Print(Dictionary<int, List<(StudyTime Plain, StudyTime Cluster)>> pairs)
    {
        var table = new MarkdownTable(
            "runs side by side", "training a second, plain processes", "training a second, workers", "beside the training, plain",
            "beside the training, workers", "at the ends, plain", "at the ends, workers", "cost", "cost between the ends");
        foreach (var (workers, of) in pairs)
        {
            table.Add(
                workers.ToString(CultureInfo.InvariantCulture), Mean(of, pair => pair.Plain.Rate), Mean(of, pair => pair.Cluster.Rate),
                Share(of, pair => pair.Plain), Share(of, pair => pair.Cluster), Ends(of, pair => pair.Plain), Ends(of, pair => pair.Cluster), Cost(of),
                Lasting(of));
        }

        List<(StudyTime Plain, StudyTime Cluster)> all = [.. pairs.Values.SelectMany(of => of)];
        table.Add("all", "", "", "", "", "", "", Cost(all), Lasting(all));
        var repeats = pairs.Values.First().Count;
        table.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"A study of {_options.Trials} trials with {_options.SeedsPerTrial} seeds and a last run, {steps} steps each; ") +
            string.Create(CultureInfo.InvariantCulture, $"means of {repeats} times, costs with their 95 % interval"));
    }

    private static string Mean(List<(StudyTime Plain, StudyTime Cluster)> pairs, Func<(StudyTime Plain, StudyTime Cluster), double> value) =>
        string.Create(CultureInfo.InvariantCulture, $"{pairs.Average(value):F3} s");

    private static string Share(List<(StudyTime Plain, StudyTime Cluster)> pairs, Func<(StudyTime Plain, StudyTime Cluster), StudyTime> which) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * pairs.Average(pair => which(pair).Beside / which(pair).Training):F1} %");

    private static string Ends(List<(StudyTime Plain, StudyTime Cluster)> pairs, Func<(StudyTime Plain, StudyTime Cluster), StudyTime> which) =>
        string.Create(CultureInfo.InvariantCulture, $"{pairs.Average(pair => which(pair).Ends):F1} s");

    private static string Cost(List<(StudyTime Plain, StudyTime Cluster)> pairs) => Cost(pairs.Select(pair => pair.Plain.Rate / pair.Cluster.Rate));

    private static string Lasting(List<(StudyTime Plain, StudyTime Cluster)> pairs) =>
        Cost(pairs.Select(pair => pair.Plain.LastingRate / pair.Cluster.LastingRate));

    // Of ratios the logarithms are averaged, so that a pair counts as much whichever of both was disturbed.
    private static string Cost(IEnumerable<double> ratios)
    {
        double[] logarithms = [.. ratios.Select(ratio => Math.Log(ratio))];
        var (mean, half) = Statistics.Mean(logarithms);
        return logarithms.Length < 2 ? string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(mean) - 1):F1} %")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(mean) - 1):F1} % ± {100 * half:F1}");
    }
}
