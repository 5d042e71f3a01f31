using MbpoML.Environments;

namespace MbpoML.Experiments.Tasks;

/// <summary>A task that runs can be of.</summary>
/// <param name="Name">What is written on the command line and in options.json.</param>
/// <param name="Summary">The task in a few words.</param>
/// <param name="Observations">The number of dimensions of an observation, at least 1.</param>
/// <param name="Actions">The number of dimensions of an action, at least 1.</param>
/// <param name="Create">Makes a new environment of the task; the caller disposes it.</param>
/// <param name="Presets">The settings there are for it by name; the first is the default.</param>
/// <param name="Optimum">A return that is known to be good, in words.</param>
public sealed record TrainingTask(
    string Name, string Summary, int Observations, int Actions, Func<IEnvironment> Create, IReadOnlyList<NamedPreset> Presets, string Optimum)
{
    /// <summary>The name of the preset that a run takes which names none.</summary>
    public string DefaultPreset => Presets[0].Name;

    /// <summary>
    /// Assembly and type of the environment, as in "bin/My.dll#My.ReactorEnvironment"; empty where they are not known; null for the tasks of a catalog.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>The steps after which its episodes are truncated; null where nothing but the environment ends them.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>
    /// The full name of the type of its environments, where programs may record runs of the task without naming how it is made; null where the type alone does
    /// not tell the task.
    /// </summary>
    public string? EnvironmentType { get; init; }

    /// <summary>What others published of the task; empty where nothing is at hand.</summary>
    public IReadOnlyList<PublishedReturns> Published { get; init; } = [];

    /// <summary>The return that reports count the steps and the time to; null where none is agreed on.</summary>
    public double? Threshold { get; init; }

    /// <summary>The preset of a name, whatever its case.</summary>
    /// <param name="name">One of the names in <see cref="Presets"/>; upper and lower case count as the same.</param>
    /// <exception cref="RunSpecException">The task has none of this name.</exception>
    public NamedPreset Preset(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Presets.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new RunSpecException($"{Name} has no preset '{name}'. Allowed: {string.Join(", ", Presets.Select(preset => preset.Name))}.");
    }
}
