using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Offline;

/// <summary>Begins the fits of an offline trainer, or goes on with one that was stopped.</summary>
/// <typeparam name="TOptions">The options of the trainer.</typeparam>
internal sealed class OfflineFits<TOptions>
    where TOptions : OfflineOptions
{
    private readonly ComponentContext _context;
    private readonly IReadOnlyDictionary<string, object> _stages;
    private readonly Func<TOptions, OfflineLog, int, IOfflineAlgorithm> _create;
    private readonly int _seed;
    private readonly ExclusiveUse _use;

    /// <param name="context">Where log lines go.</param>
    /// <param name="options">Validated here and copied.</param>
    /// <param name="stages">The parts of the algorithm that a resumed fit must have again, by what they are for.</param>
    /// <param name="create">Makes the algorithm of a fit from the options, the log and the seed.</param>
    /// <param name="name">The type of the trainer, for messages.</param>
    public OfflineFits(
        ComponentContext context, TOptions options, IReadOnlyDictionary<string, object> stages,
        Func<TOptions, OfflineLog, int, IOfflineAlgorithm> create, string name)
    {
        options.Validate();
        (_context, Options, _stages, _create) = (context, (TOptions)options.Copied(), stages, create);
        _seed = Options.Seed ?? context.NextSeed();
        _use = new ExclusiveUse(name);
    }

    /// <summary>The copy of the options that the fits have.</summary>
    public TOptions Options { get; }

    /// <summary>Fits a policy.</summary>
    public TrainingReport Train(IDataView log)
    {
        ArgumentNullException.ThrowIfNull(log);
        using var turn = _use.Enter();
        using var threads = TorchThreads.Use(1);
        using var data = OfflineLog.Read(log, Options.Columns, Options.Reward, Options.ActionSpace);
        var settings = new RunSettings(data.Fingerprint, data.Layout.ObservationSize, data.ActionSpace, Options, _stages);
        using var reader = Reader();
        var seed = reader is null ? _seed : CheckSettings(reader, settings);
        using var algorithm = _create(Options, data, seed);
        return Host(algorithm, new RunIdentity(seed, RunSettings.ToText(settings.Values)), reader).Run();
    }

    /// <summary>The input's columns and the policy's action.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column of the transitions is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = Options.Columns;
        foreach (var name in (string[])[columns.Observation, columns.Action, columns.Reward, columns.NextObservation]) inputSchema.RequireFloats(name);
        inputSchema.Require(columns.Terminated);
        return inputSchema.With(SchemaShapes.Vector(_context.ML, columns.Action));
    }

    private OfflineHost Host(IOfflineAlgorithm algorithm, RunIdentity identity, CheckpointReader? reader)
    {
        try
        {
            return new OfflineHost(_context, Options, algorithm, identity, reader);
        }
        catch (Exception exception) when (reader is not null && exception is not CheckpointException)
        {
            throw reader.Damaged($"its content does not fit: {exception.Message}", exception);
        }
    }

    private CheckpointReader? Reader() => Options.Checkpoints is { } checkpoints && Checkpointing.Exists(checkpoints.Folder)
        ? new CheckpointFolder(checkpoints.Folder, keep: 1).OpenNewest(_context.CreateLogger("MbpoML.Offline")) : null;

    // The seed of the stopped fit.
    private int CheckSettings(CheckpointReader reader, RunSettings settings)
    {
        var differences = settings.Differences(reader.Text("run/settings"));
        if (differences.Count > 0)
            throw new CheckpointException(
                $"The checkpoint '{reader.FilePath}' is of a fit with another log or other settings: {string.Join("; ", differences)}. Go on with those that " +
                    "it had, or name another folder in Checkpoints.Folder.");
        var seed = reader.WholeNumber("run/seed");
        if (seed is < int.MinValue or > int.MaxValue) throw reader.Damaged(Invariant($"its seed is {seed}"));
        if (Options.Seed is { } given && given != seed)
            throw new CheckpointException(
                Invariant($"The checkpoint '{reader.FilePath}' is of the seed {seed}, but Seed is {given}. Give that seed, or none."));
        return (int)seed;
    }
}
