using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Training;

/// <summary>Begins, resumes and opens the runs of a trainer, whatever its algorithm.</summary>
internal sealed partial class TrainingRuns
{
    private readonly ComponentContext _context;
    private readonly IEnvironment _environment;
    private readonly TrainingOptions _options;
    private readonly IReadOnlyDictionary<string, object> _stages;
    private readonly Func<AlgorithmSetup, IAlgorithm> _create;
    private readonly string _name;
    private readonly int _seed;
    private readonly ExclusiveUse _use;

    /// <param name="context">Where log lines go.</param>
    /// <param name="environment">The task.</param>
    /// <param name="options">Validated here and copied.</param>
    /// <param name="stages">The parts of the algorithm that a resumed run must have again, by what they are for.</param>
    /// <param name="create">Makes the algorithm of a run.</param>
    /// <param name="name">The type of the trainer, for messages and records.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the environment cannot be trained on.</exception>
    public TrainingRuns(
        ComponentContext context, IEnvironment environment, TrainingOptions options, IReadOnlyDictionary<string, object> stages,
        Func<AlgorithmSetup, IAlgorithm> create, string name)
    {
        environment.RequireSpaces();
        options.Validate();
        RequireSameSizes(environment, options);
        if (!environment.ActionSpace.IsBounded)
            throw new ArgumentException(
                "The environment's action space has an infinite bound, but a policy needs finite ones: give each action a lower and an upper bound.",
                nameof(environment));
        _ = new ActionBounds(environment.ActionSpace, nameof(environment));
        foreach (var stage in stages.Values.OfType<IStage>()) Devices.CheckAgreement(options.Device, stage.Device, stage.StageName);
        (_context, _environment, _options, _stages, _create, _name) = (context, environment, options.Copied(), stages, create, name);
        _seed = _options.Seed ?? context.NextSeed();
        // Two runs at once would step one environment.
        _use = new ExclusiveUse(name);
    }

    /// <summary>The copy of the options that the runs have.</summary>
    public TrainingOptions Options => _options;

    /// <summary>The task.</summary>
    public IEnvironment Environment => _environment;

    /// <summary>What would shorten a run of an algorithm; null: nothing is said of it.</summary>
    public Func<IAlgorithm, IRunAdvice?> Advice { get; init; } = _ => null;

    /// <summary>
    /// The options of the run as a record keeps them, by path, given those of the trainer. Null: those of the trainer, and of every stage that tells its own.
    /// </summary>
    public Func<TrainingOptions, IReadOnlyDictionary<string, string>>? DescribeOptions { get; init; }

    /// <summary>Whether the algorithm fits a model, for the check before a record is begun.</summary>
    public bool NeedsModel { get; init; }

    /// <summary>Trains, warmed up with logged transitions or not.</summary>
    public TrainingReport Train(IDataView? loggedTransitions)
    {
        using var turn = _use.Enter();
        RequireAllEnvironments();
        if (_options.Record is { } record)
        {
            // Before the record writes anything.
            if (loggedTransitions is null) CheckBeginning();
            return Recorded(record, _seed, resumedFrom: null, runs => runs.Train(loggedTransitions));
        }

        if (_options.Checkpoints is { } checkpoints && Checkpointing.Exists(checkpoints.Folder))
            throw new CheckpointException(
                $"There are checkpoints of another run in '{checkpoints.Folder}'. Go on with that run by Resume, or name another folder in " +
                    "Checkpoints.Folder.");
        return Run(_seed, (algorithm, transitions, counters) =>
        {
            if (loggedTransitions is not null) Warm(transitions, loggedTransitions);
            counters.LoggedTransitions = transitions.TotalAdded;
            counters.FirstPolicyStep = _options.FirstPolicyStep(transitions.Count, algorithm.UsesModel);
        });
    }

    /// <summary>Goes on with a run that was stopped.</summary>
    public TrainingReport Resume(string path)
    {
        using var turn = _use.Enter();
        RequireAllEnvironments();
        if (_options.Record is { } record) return Recorded(record, SeedOf(path), path, runs => runs.Resume(path));
        using var reader = Read(path);
        return Run(CheckSettings(reader), (_, _, _) => { }, reader);
    }

    /// <summary>Opens a checkpoint to look at what the run held.</summary>
    /// <param name="path">The folder of the checkpoints, or one file of it.</param>
    /// <param name="look">Takes the algorithm, the real transitions and the counters over, all restored.</param>
    public T Open<T>(string path, Func<IAlgorithm, ReplayPool, RunCounters, T> look)
    {
        using var reader = Read(path);
        var setup = new AlgorithmSetup(_environment, _options, CheckSettings(reader), isSaved: true);
        var algorithm = _create(setup);
        var (transitions, counters) = (setup.Transitions(), new RunCounters());
        try
        {
            ISaved[] parts = [counters, TrainingHost.PartOf(transitions), algorithm];
            parts.Restore(reader);
            parts.Restored(reader);
            return look(algorithm, transitions, counters);
        }
        catch (Exception exception)
        {
            algorithm.Dispose();
            transitions.Dispose();
            if (exception is CheckpointException) throw;
            throw reader.Damaged($"its content does not fit: {exception.Message}", exception);
        }
    }

    /// <summary>What a run asks of the options before its first step, without making the learners: for those who write files before they train.</summary>
    /// <exception cref="ArgumentException">All steps would be exploration, or the model would have fewer than 2 transitions.</exception>
    public void CheckBeginning() => _options.FirstPolicyStep(transitions: 0, NeedsModel);

    private TrainingReport Run(int seed, Action<IAlgorithm, ReplayPool, RunCounters> begin, CheckpointReader? resumed = null)
    {
        using var threads = TorchThreads.Use(_options.TorchThreads);
        var setup = new AlgorithmSetup(_environment, _options, seed, isSaved: _options.Checkpoints is not null || resumed is not null);
        using var algorithm = _create(setup);
        Interaction.CheckNoise(algorithm.Policy, _options.ExplorationNoise);
        if (algorithm.Episodes is not null && _options.EnvironmentsAtOnce > 1)
            throw new ArgumentException(
                Invariant($"EnvironmentsAtOnce is {_options.EnvironmentsAtOnce}, but must be 1 for {algorithm.Name}: it learns from whole episodes, ") +
                    "which come one after the other.");
        using var transitions = setup.Transitions();
        var counters = new RunCounters();
        begin(algorithm, transitions, counters);
        using var host = Host(algorithm, transitions, counters, seed, resumed);
        if (resumed is not null) host.ResumeWriters();
        return host.Run();
    }

    private TrainingHost Host(IAlgorithm algorithm, ReplayPool transitions, RunCounters counters, int seed, CheckpointReader? resumed)
    {
        try
        {
            return new TrainingHost(
                _context, _environment, _options.ToHostSettings(_environment), algorithm, transitions, counters,
                new RunIdentity(seed, RunSettings.ToText(Settings.Values)), resumed, Advice(algorithm));
        }
        catch (Exception exception) when (resumed is not null && exception is not CheckpointException)
        {
            throw resumed.Damaged($"its content does not fit: {exception.Message}", exception);
        }
    }

    private RunSettings Settings => new(_environment, _options, _stages);

    private CheckpointReader Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Directory.Exists(path) ? new CheckpointFolder(path, keep: 1).OpenNewest(_context.CreateLogger("MbpoML.Training")) : new CheckpointReader(path);
    }

    private int SeedOf(string path)
    {
        using var reader = Read(path);
        return CheckSettings(reader);
    }

    // The seed of the stopped run.
    private int CheckSettings(CheckpointReader reader)
    {
        var differences = Settings.Differences(reader.Text("run/settings"));
        if (differences.Count > 0)
            throw new CheckpointException(
                $"The checkpoint '{reader.FilePath}' is of a run with other settings: {string.Join("; ", differences)}. Resume it with the settings that it " +
                    "had.");
        var seed = reader.WholeNumber("run/seed");
        if (seed is < int.MinValue or > int.MaxValue) throw reader.Damaged(Invariant($"its seed is {seed}"));
        if (_options.Seed is { } given && given != seed)
            throw new CheckpointException(
                Invariant($"The checkpoint '{reader.FilePath}' is of the seed {seed}, but Seed is {given}. Give that seed, or none."));
        return (int)seed;
    }

    // Not before a run begins: whoever only opens one needs no further environments.
    private void RequireAllEnvironments()
    {
        if (_options.MoreEnvironments.Count == _options.EnvironmentsAtOnce - 1) return;
        throw new ArgumentException(
            Invariant($"EnvironmentsAtOnce is {_options.EnvironmentsAtOnce}, so that MoreEnvironments must have {_options.EnvironmentsAtOnce - 1} ") +
                Invariant($"beside the one to train on, but it has {_options.MoreEnvironments.Count}."));
    }

    // Found at the first evaluation, it would cost an epoch.
    private static void RequireSameSizes(IEnvironment environment, TrainingOptions options)
    {
        if (options.EvaluationEnvironment is { } evaluation) RequireSameSizes(environment, evaluation, nameof(options.EvaluationEnvironment));
        var more = options.MoreEnvironments;
        foreach (var one in more) RequireSameSizes(environment, one, nameof(options.MoreEnvironments));
        if (more.Append(environment).Distinct(ReferenceEqualityComparer.Instance).Count() <= more.Count)
            throw new ArgumentException("MoreEnvironments has an environment twice, or the one to train on: each needs an object of its own.", nameof(options));
    }

    private static void RequireSameSizes(IEnvironment environment, IEnvironment other, string name)
    {
        other.RequireSpaces($"options.{name}");
        if (other.ObservationSpace.Size != environment.ObservationSpace.Size || other.ActionSpace.Size != environment.ActionSpace.Size)
            throw new ArgumentException(
                Invariant($"{name} has {other.ObservationSpace.Size} observations and {other.ActionSpace.Size} actions, but the environment to train on has ") +
                Invariant($"{environment.ObservationSpace.Size} and {environment.ActionSpace.Size}."));
    }

    private void Warm(ReplayPool pool, IDataView logged)
    {
        using var table = TransitionReader.Read(logged, _options.Columns);
        if (table.Layout != pool.Layout)
            throw new ArgumentException(
                Invariant($"The logged transitions have {table.Layout.ObservationSize} observations and {table.Layout.ActionSize} actions, but the ") +
                "environment has " +
                Invariant($"{pool.Layout.ObservationSize} and {pool.Layout.ActionSize}."), nameof(logged));
        pool.Append(table.Rows);
    }
}
