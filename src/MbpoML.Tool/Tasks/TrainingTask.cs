using MbpoML.Environments;

namespace MbpoML.Tool.Tasks;

/// <summary>A task that the tool can train.</summary>
/// <param name="Name">What is written on the command line and in options.json.</param>
/// <param name="Summary">The task in a few words.</param>
/// <param name="Observations">Dimensions of an observation.</param>
/// <param name="Actions">Dimensions of an action.</param>
/// <param name="Create">Makes the environment.</param>
/// <param name="Presets">The settings there are for it by name; the first is the default.</param>
/// <param name="Optimum">A return that is known to be good, in words.</param>
/// <param name="Published">The task's name among the published learning curves; null where there are none.</param>
internal sealed record TrainingTask(
    string Name, string Summary, int Observations, int Actions, Func<IEnvironment> Create, IReadOnlyList<NamedPreset> Presets, string Optimum, string? Published = null)
{
    public string DefaultPreset => Presets[0].Name;

    /// <summary>Assembly and type of the environment, as in "bin/My.dll#My.ReactorEnvironment"; empty where they are not known; null for the tool's own tasks.</summary>
    public string? Environment { get; init; }

    /// <summary>The steps after which its episodes are truncated; null where nothing but the environment ends them.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>The preset of a name, whatever its case.</summary>
    public NamedPreset Preset(string name) =>
        Presets.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"{Name} has no preset '{name}'. Allowed: {string.Join(", ", Presets.Select(preset => preset.Name))}.");
}
