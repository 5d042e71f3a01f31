namespace MbpoML.Experiments;

/// <summary>What stands in an options.json before the options themselves.</summary>
internal sealed record RunOptionsHead
{
    public const string TaskKey = "task";
    public const string EnvironmentKey = "environment";
    public const string EnvironmentTypeKey = "environmentType";
    public const string TimeLimitKey = "timeLimit";
    public const string PresetKey = "preset";
    public const string AlgorithmKey = "algorithm";
    public const string SeedKey = "seed";
    public const string LabelKey = "label";
    public const string LoggedKey = "logged";
    public const string ChangesKey = "changes";

    /// <summary>Every key, none of which is an option.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [TaskKey, EnvironmentKey, EnvironmentTypeKey, TimeLimitKey, PresetKey, AlgorithmKey, SeedKey, LabelKey, LoggedKey, ChangesKey];

    /// <summary>What tables and pictures call the task.</summary>
    public required string Task { get; init; }

    /// <summary>
    /// Assembly and type of the environment, as in "bin/My.dll#My.ReactorEnvironment"; null for a task of the tool's own, and where it cannot be made by its
    /// type alone.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>The environment's type where it cannot be made by it alone; else null.</summary>
    public string? EnvironmentType { get; init; }

    /// <summary>The steps after which the environment's episodes are truncated; null where nothing but the environment ends them.</summary>
    public int? TimeLimit { get; init; }

    /// <summary>The settings that the run began with, by name; null where it named none.</summary>
    public string? Preset { get; init; }

    /// <summary>What is written on the command line for the algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The seed of all random numbers.</summary>
    public required int Seed { get; init; }

    /// <summary>What tables and pictures call the run; null for what follows from algorithm and changes.</summary>
    public string? Label { get; init; }

    /// <summary>The CSV file of logged transitions with which the run begins; null for none.</summary>
    public string? Logged { get; init; }

    /// <summary>
    /// The options that count and differ from the environment's preset, which is not at hand where a run is only drawn; null for a task of the tool's own.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Changes { get; init; }
}
