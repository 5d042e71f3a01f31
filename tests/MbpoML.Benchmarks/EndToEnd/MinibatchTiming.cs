using System.Diagnostics;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Training.Metrics;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>How long it takes to put a minibatch together, which a run counts with its policy updates.</summary>
internal static class MinibatchTiming
{
    private const int Minibatches = 20_000;

    /// <summary>Draws minibatches from pools as full as a run's.</summary>
    /// <returns>Seconds a minibatch.</returns>
    public static double Measure(IEnvironment environment, MbpoTrainer.Options options, int realRows, EpochMetrics epoch)
    {
        var layout = new TransitionLayout(environment.ObservationSpace.Size, environment.ActionSpace.Size);
        using var generator = new Generator(1);
        using var real = Filled(layout, realRows, generator);
        using var imagined = Filled(layout, (int)epoch.Values.GetValueOrDefault(MetricNames.ModelPoolCount, 1), generator);
        using var minibatch = empty(options.BatchSize, layout.Width);
        using var realPart = minibatch.narrow(0, 0, options.RealRowsPerBatch);
        using var imaginedPart = minibatch.narrow(0, options.RealRowsPerBatch, options.BatchSize - options.RealRowsPerBatch);
        var start = Stopwatch.GetTimestamp();
        for (var count = 0; count < Minibatches; count++)
        {
            real.SampleInto(realPart, generator);
            imagined.SampleInto(imaginedPart, generator);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Minibatches;
    }

    private static ReplayPool Filled(TransitionLayout layout, int rows, Generator generator)
    {
        var pool = new ReplayPool(layout, rows);
        using var values = randn(rows, layout.Width, generator: generator);
        pool.Append(values);
        return pool;
    }
}
