using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Experiments.Tasks;

/// <summary>Tasks that are not of a catalog: environments of somebody's assembly.</summary>
internal static class EnvironmentTask
{
    private const string Own = "own";
    private const string Default = "default";

    /// <summary>The task of an environment that is made to learn its sizes and its presets.</summary>
    /// <param name="reference">Assembly and type, as in "bin/My.dll#My.ReactorEnvironment".</param>
    /// <param name="name">What the task is called; null for the name of its type.</param>
    /// <param name="timeLimit">The steps after which its episodes are truncated; null for none.</param>
    /// <exception cref="RunSpecException">There is no such environment; the message says what there is.</exception>
    public static TrainingTask Load(string reference, string? name = null, int? timeLimit = null)
    {
        var assembly = EnvironmentAssembly.Load(reference);
        using var environment = assembly.Create();
        var isOwn = MbpoPresets.For(environment) is not null;
        var preset = Checked(DefaultPreset.Of(environment), assembly.Type);
        return new TrainingTask(
            name ?? EnvironmentIdentity.NameOf(assembly.Type),
            $"{assembly.Type} of {Path.GetFileName(reference.Split(EnvironmentIdentity.Separator)[0])}",
            environment.ObservationSpace.Size,
            environment.ActionSpace.Size,
            () => Limited(assembly.Create(), timeLimit),
            [new NamedPreset(isOwn ? Own : Default, preset.Copy), new NamedPreset("fast", preset.Fast)],
            "")
        {
            Environment = assembly.Reference,
            TimeLimit = timeLimit,
        };
    }

    private static IEnvironment Limited(IEnvironment environment, int? timeLimit) => timeLimit is { } steps ? environment.WithTimeLimit(steps) : environment;

    private static MbpoPreset Checked(MbpoPreset preset, Type type)
    {
        try
        {
            return preset.Copy();
        }
        catch (ArgumentException exception)
        {
            throw new RunSpecException($"The preset of {type} cannot be used: {ExceptionText.Of(exception)}");
        }
    }

    /// <summary>
    /// The assembly and type that an options.json names, if they may be followed: loading an assembly runs its code, and the folder of a run may have come from
    /// anywhere.
    /// </summary>
    /// <param name="head">The head of the file.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="RunSpecException">It names none, or one beside itself or on another machine.</exception>
    public static string ReferenceOf(RunOptionsHead head, string path)
    {
        var reference = head.Environment ?? throw Unknown(head, path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var file = reference.Split(EnvironmentIdentity.Separator)[0];
        var isElsewhere = file.StartsWith(@"\\", StringComparison.Ordinal) || file.StartsWith("//", StringComparison.Ordinal);
        if (Path.IsPathFullyQualified(file) && !isElsewhere &&
            !Path.GetFullPath(file).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase)) return reference;
        throw new RunSpecException(
            $"'{path}' names the environment '{reference}', whose code is not run unasked: it is not a whole path on this machine outside the run's folder. " +
                "Name it yourself with --environment, if you trust it.");
    }

    /// <summary>The task of a recorded run, whose environment is not loaded before it is made.</summary>
    /// <param name="head">The head of its options.json.</param>
    /// <param name="path">The file.</param>
    public static TrainingTask Recorded(RunOptionsHead head, string path) => new(
        head.Task, head.Environment ?? head.EnvironmentType ?? "", 0, 0,
        () => Limited(EnvironmentAssembly.Load(ReferenceOf(head, path)).Create(), head.TimeLimit),
        [new NamedPreset(head.Preset ?? Default, () => new MbpoPreset())],
        "")
    {
        Environment = head.Environment ?? "",
        TimeLimit = head.TimeLimit,
    };

    private static RunSpecException Unknown(RunOptionsHead head, string path) => new(
        $"'{path}' is of a run of {head.Task}, whose environment " +
        $"{head.EnvironmentType ?? "is not named"}{(head.EnvironmentType is null ? "" : " cannot be made without arguments")}. " +
        "Give a type that makes the same one, as in --environment bin/Release/net10.0/My.dll#My.ReactorEnvironment.");
}
