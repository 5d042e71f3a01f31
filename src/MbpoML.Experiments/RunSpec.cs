using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments;

/// <summary>
/// What a run is to do, as plain text and numbers: it can be written to a file, sent to another machine, and compared. <see cref="Resolve"/> makes the options
/// of it.
/// </summary>
/// <example><code>var spec = new RunSpec { Task = "Pendulum", Seed = 3, Assignments = ["Policy.LearningRate=1e-3"] };</code></example>
public sealed record RunSpec
{
    /// <summary>The name of a task of the catalog; null where <see cref="Environment"/> is given.</summary>
    public string? Task { get; init; }

    /// <summary>
    /// Assembly and type of an environment, as in "bin/My.dll#My.ReactorEnvironment"; null where <see cref="Task"/> is given. Its code is loaded and run.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>The steps after which the episodes of <see cref="Environment"/> are truncated, at least 1; null for none.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>The name of a preset of the task. Default: null, the task's first.</summary>
    public string? Preset { get; init; }

    /// <summary>The name of an algorithm of <see cref="Tasks.Algorithm.All"/>. Default: "mbpo".</summary>
    public string Algorithm { get; init; } = "mbpo";

    /// <summary>The seed of all random numbers, at least 0. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Options that differ from the preset, in the order in which they are set, as in "Policy.LearningRate=1e-3". Default: none.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>What tables and pictures call the run. Default: null, the algorithm and what differs from the preset.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// A CSV file of logged transitions with which the run begins, as <see cref="Evaluations.LogFile"/> reads it. Default: null, random exploration alone.
    /// </summary>
    public string? Logged { get; init; }

    /// <summary>Finds task, preset, algorithm and options, and checks that training can begin with them.</summary>
    /// <param name="tasks">The tasks that <see cref="Task"/> may name.</param>
    /// <returns>The options, free to change.</returns>
    /// <exception cref="RunSpecException">A name is none, a value is not allowed, or the options leave nothing to learn from; the message says what is
    /// allowed.</exception>
    /// <exception cref="RunDataException">The constructor of the environment failed.</exception>
    public RunOptions Resolve(TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (Task is null == Environment is null)
            throw new RunSpecException($"Task is {Told(Task)} and Environment is {Told(Environment)}, but a run has exactly one of them.");
        if (Seed < 0) throw new RunSpecException(Invariant($"Seed is {Seed}, but must be a whole number from 0."));
        if (TimeLimit is < 1) throw new RunSpecException(Invariant($"TimeLimit is {TimeLimit}, but must be at least 1."));
        if (TimeLimit is not null && Environment is null)
            throw new RunSpecException(Invariant($"TimeLimit is {TimeLimit}, but only an Environment takes one: the task {Task} has its own."));
        if (Label is not null && string.IsNullOrWhiteSpace(Label)) throw new RunSpecException($"Label is '{Label}', but must say something, or be null.");
        var task = Task is { } name ? tasks.Named(name) : TaskCatalog.Load(Environment!, timeLimit: TimeLimit);
        if (Algorithm is null) throw new RunSpecException("Algorithm is null, but must name an algorithm, as in 'mbpo'.");
        var options = RunOptions.Of(task, Preset, Tasks.Algorithm.Named(Algorithm), Seed).Told(Label, Logged is null ? null : Path.GetFullPath(Logged));
        foreach (var assignment in Assignments ?? throw new RunSpecException("Assignments is null; give an empty list for none."))
            options.Set(assignment ?? throw new RunSpecException("Assignments has a null; write Stage.Option=Value, as in Policy.LearningRate=3e-4."));
        options.Check();
        return options;
    }

    /// <inheritdoc/>
    public bool Equals(RunSpec? other) =>
        other is not null && (Task, Environment, TimeLimit, Preset, Algorithm, Seed, Label) == (other.Task, other.Environment, other.TimeLimit, other.Preset,
            other.Algorithm, other.Seed, other.Label)
        && Logged == other.Logged && Assignments.SequenceEqual(other.Assignments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Task, Environment, TimeLimit, Preset, Algorithm, Seed, Label, Assignments.Count);

    private static string Told(string? value) => value is null ? "null" : $"'{value}'";
}
