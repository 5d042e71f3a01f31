using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Algorithms.Mbpo.Sweeps;

/// <summary>Trains several seeds of one task side by side, one thread a seed, sharing nothing that changes.</summary>
/// <remarks>
/// A seed's run is that of <c>new MLContext(seed).Reinforcement().Mbpo(environment, preset)</c> with <see cref="TrainingOptions.Threads"/> 1, bit for bit,
/// whatever runs beside it. The log lines of all runs go where those of the catalog go, each with its seed.
/// Several seeds on one thread each use a processor better than one seed on several threads. Made by <see cref="ReinforcementCatalog.MbpoSeeds"/>.
/// </remarks>
public sealed partial class SeedSweep
{
    private readonly Func<MLContext, IEnvironment, MbpoPreset, MbpoTrainer> _trainer;
    private readonly Func<int, IEnvironment> _environment;
    private readonly Options _options;
    private readonly ILogger _logger;
    private readonly Lock _callers = new();

    internal SeedSweep(
        ComponentContext context, Func<MLContext, IEnvironment, MbpoPreset, MbpoTrainer> trainer, Func<int, IEnvironment> environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (_trainer, _environment, _options, _logger) = (trainer, environment, options.Validated(), context.CreateLogger("MbpoML.Training"));
    }

    /// <summary>
    /// Trains all seeds and returns when the last is done. A run that fails or is cancelled says so in its <see cref="SeedRun.Exception"/> and leaves the
    /// others alone.
    /// </summary>
    /// <param name="seeds">The seeds to train, at least one, all different.</param>
    /// <returns>One result a seed, in the order of the seeds.</returns>
    /// <exception cref="ArgumentException">There is no seed, one is given twice, or <see cref="Options.Checkpoints"/> gives two the same folder.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Options.Checkpoints"/> gives null for a seed.</exception>
    public IReadOnlyList<SeedRun> Train(IReadOnlyList<int> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        if (seeds.Count == 0 || seeds.Distinct().Count() < seeds.Count)
            throw new ArgumentException($"The seeds must be one or more different numbers, but are [{Listed.Of(seeds)}].", nameof(seeds));
        var checkpoints = CreateCheckpoints(seeds);
        var runs = new SeedRun[seeds.Count];
        var next = -1;
        void Work()
        {
            // Each has a core for itself.
            TorchThreads.Set(1);
            for (var index = Interlocked.Increment(ref next); index < seeds.Count; index = Interlocked.Increment(ref next))
                runs[index] = Run(seeds[index], checkpoints[index]);
        }

        var count = Math.Min(seeds.Count, _options.Parallel ?? Environment.ProcessorCount);
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(Work) { IsBackground = true, Name = "MbpoML seed" }).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return runs;
    }

    // Before anything is trained: two seeds in one folder would find each other's checkpoints.
    private Checkpointing?[] CreateCheckpoints(IReadOnlyList<int> seeds)
    {
        if (_options.Checkpoints is not { } create) return new Checkpointing?[seeds.Count];
        Checkpointing[] checkpoints = [.. seeds.Select(seed => (create(seed)
            ?? throw new InvalidOperationException(Invariant($"Checkpoints gives null for seed {seed}."))).Validated())];
        var folders = checkpoints.Zip(seeds).GroupBy(entry => Path.GetFullPath(entry.First.Folder));
        return folders.FirstOrDefault(folder => folder.Count() > 1) is { } shared
            ? throw new ArgumentException(
                $"Checkpoints gives the seeds {string.Join(", ", shared.Select(entry => entry.Second))} the same folder, '{shared.Key}': name a folder for " +
                    "each.", nameof(seeds))
            : checkpoints;
    }

    private SeedRun Run(int seed, Checkpointing? checkpoints)
    {
        if (_options.CancellationToken.IsCancellationRequested) return new SeedRun(seed, null, new OperationCanceledException(_options.CancellationToken));
        var run = Guarded(() => TrainSeed(seed, checkpoints), new SeedRun(seed, null, null));
        if (_options.Finished is not { } finished) return run;
        return Guarded(
            () =>
            {
                Call(() => finished(run));
                return run;
            },
            run);
    }

    // What goes wrong in one seed must reach the caller beside the results of the others.
    private static SeedRun Guarded(Func<SeedRun> stage, SeedRun before)
    {
        try
        {
            return stage();
        }
        catch (Exception exception)
        {
            return before with { Exception = before.Exception ?? exception };
        }
    }

    private SeedRun TrainSeed(int seed, Checkpointing? checkpoints)
    {
        var given = Call(() => _options.Preset?.Invoke(seed));
        using var environment = CreateEnvironment(seed, given);
        var preset = (given ?? MbpoPresets.For(environment) ?? Choose(environment)).Copy();
        if (environment is WatchedEnvironment watched) watched.TimeLimit = preset.Trainer.StepTimeout;
        var writers = Call(() => _options.MetricsWriters?.Invoke(seed)) ?? [];
        if (writers.Any(writer => writer is null))
            throw new InvalidOperationException(Invariant($"A metrics writer made for seed {seed} is null; leave it out instead."));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_options.CancellationToken, preset.Trainer.CancellationToken);
        var options = preset.Trainer;
        options.CancellationToken = cancellation.Token;
        options.MetricsWriters = [.. options.MetricsWriters, .. writers];
        if (_options.Progress is { } progress) options.Progress = new Relay(this, seed, progress, options.Progress);
        // A context a seed: its random stream and its channels are used by this thread alone.
        var mlContext = new MLContext(seed);
        mlContext.Log += (_, line) => Log(seed, line);
        try
        {
            options.Checkpoints = checkpoints ?? options.Checkpoints;
            var trainer = _trainer(mlContext, environment, preset);
            return new SeedRun(seed, checkpoints is not null && Checkpointing.Exists(checkpoints.Folder) ? trainer.Resume(checkpoints.Folder)
                : trainer.Train(), null);
        }
        catch (TrainingCanceledException cancelled)
        {
            return new SeedRun(seed, cancelled.Report, cancelled);
        }
        catch (TrainingFailedException failed)
        {
            return new SeedRun(seed, failed.Report, failed);
        }
        finally
        {
            foreach (var writer in writers) writer.Dispose();
        }
    }

    // Made, called and disposed by one thread: the seed's, or one of the environment's own where its calls are not made by the seed's, or that is not known
    // before there is an environment.
    private IEnvironment CreateEnvironment(int seed, MbpoPreset? preset)
    {
        if (preset is { Trainer: { StepTimeout: null, Overlap: OverlappedStages.None, EnvironmentsAtOnce: 1 } }) return Create(seed);
        var thread = new WorkerThread("MbpoML environment");
        IEnvironment? made = null;
        try
        {
            thread.Run(() => made = Create(seed));
            return new WatchedEnvironment(made!, timeout: null, ownsInner: true, thread);
        }
        catch
        {
            if (made is not null) thread.Run(made.Dispose);
            thread.Dispose();
            throw;
        }
    }

    private IEnvironment Create(int seed)
    {
        try
        {
            return Call(() => _environment(seed)) ?? throw new InvalidOperationException(Invariant($"The environment made for seed {seed} is null."));
        }
        catch (OperationCanceledException cancelled) when (!_options.CancellationToken.Caused(cancelled))
        {
            throw new EnvironmentException(
                Invariant($"The environment of seed {seed} could not be made: {cancelled.GetType().Name}: {cancelled.Message}"), cancelled);
        }
    }

    private MbpoPreset Choose(IEnvironment environment)
    {
        var choice = PresetChoice.For(environment);
        lock (_callers) choice.Log(_logger);
        // Each seed has one core.
        (choice.Preset.Dynamics.Workers, choice.Preset.Policy.Workers) = (1, 1);
        return choice.Preset;
    }

    private T Call<T>(Func<T> function)
    {
        lock (_callers) return function();
    }

    private void Call(Action action)
    {
        lock (_callers) action();
    }

    private void Log(int seed, LoggingEventArgs line)
    {
        if (line.Kind == ChannelMessageKind.Trace) return;
        var level = line.Kind switch
        {
            ChannelMessageKind.Info => LogLevel.Information,
            ChannelMessageKind.Warning => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        lock (_callers) LogLine(_logger, level, seed, line.RawMessage);
    }

    [LoggerMessage(Message = "Seed {Seed}: {Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, int seed, string line);

    // Progress<T> would answer later and on other threads; a run's signs of life come while it waits.
    private sealed class Relay(SeedSweep sweep, int seed, IProgress<SeedProgress> all, IProgress<TrainingProgress>? own) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            own?.Report(value);
            sweep.Call(() => all.Report(new SeedProgress(seed, value)));
        }
    }
}
