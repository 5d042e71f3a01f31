namespace MbpoML.Experiments.Studies;

/// <summary>What a study varies, how it looks, and what it spends.</summary>
public sealed record StudyOptions
{
    /// <summary>The runs: task, algorithm, preset and the options that all trials share. Its seed is not used. Required.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>The options that are varied, at least one, each once; as text see <see cref="StudyParameter.Parse"/>. Required.</summary>
    public required IReadOnlyList<StudyParameter> Space { get; init; }

    /// <summary>What proposes trials: "random", "tpe" or "cma-es", or the name of a sampler of your own. Default: "tpe".</summary>
    public string Sampler { get; init; } = "tpe";

    /// <summary>The number of trials. Default: 20.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>Seeds of each trial; its value is their mean, because a single seed says little. Default: 2.</summary>
    public int SeedsPerTrial { get; init; } = 2;

    /// <summary>Real steps of a trial that is not stopped early. Default: null, those of the preset.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// Trials that are proposed and compared together: a generation. Proposals know all earlier generations, and nothing of their own, so that the study goes
    /// the same way however many runs go side by side. Default: null, what the sampler needs, else 4.
    /// </summary>
    public int? GenerationSize { get; init; }

    /// <summary>Looks at a generation, the last one at all steps; 1: no trial is stopped early. Default: 3.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>η, of successive halving: of a generation 1/η goes on at each look, and each look is at η times the steps. Default: 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Fresh seeds with which the best trial is run again at the end; only their mean is reported. Default: 5.</summary>
    public int FinalSeeds { get; init; } = 5;

    /// <summary>Decides the proposals, and with them the whole study. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The samplers by name.</summary>
    internal static IReadOnlyDictionary<string, Func<IStudySampler>> Samplers { get; } = new Dictionary<string, Func<IStudySampler>>
    {
        ["random"] = () => new RandomSampler(),
        ["tpe"] = () => new TreeParzenSampler(),
        ["cma-es"] = () => new CovarianceAdaptationSampler(),
    };

    /// <summary>The number of trials in a generation.</summary>
    internal int TrialsAtOnce(IStudySampler sampler) => GenerationSize ?? sampler.Generation(Space.Count) ?? 4;

    /// <summary>The steps of each look at trials that have so many in all.</summary>
    internal IReadOnlyList<int> StepsOfRungs(int steps) =>
        [.. Enumerable.Range(0, Rungs).Select(rung => (int)Math.Ceiling(steps / Math.Pow(Reduction, Rungs - 1 - rung)))];

    /// <exception cref="RunSpecException">An option is out of range.</exception>
    internal void Validate(IStudySampler? own)
    {
        if (Run is null) throw new RunSpecException("Run is null, but must say what is trained.");
        if (Space is null || Space.Count == 0) throw new RunSpecException("Space is empty, but a study varies at least one option.");
        if (Space.GroupBy(parameter => parameter.Path, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new RunSpecException($"Space has '{twice.Key}' {twice.Count()} times, but each option is varied once.");
        if (string.IsNullOrWhiteSpace(Sampler) || (own is null && !Samplers.ContainsKey(Sampler)))
            throw RunSpecException.Unknown("sampler", Sampler ?? "", [.. Samplers.Keys]);
        if (own is not null && Samplers.ContainsKey(Sampler))
            throw new RunSpecException($"Sampler is {Sampler}, which is one of the library's, but one of your own is given: name that.");
        AtLeast(1, Trials, nameof(Trials));
        AtLeast(1, SeedsPerTrial, nameof(SeedsPerTrial));
        AtLeast(1, GenerationSize ?? 1, nameof(GenerationSize));
        AtLeast(1, Rungs, nameof(Rungs));
        AtLeast(2, Reduction, nameof(Reduction));
        AtLeast(1, FinalSeeds, nameof(FinalSeeds));
        AtLeast(0, Seed, nameof(Seed));
        if ((own ?? Samplers[Sampler]()).Generation(Space.Count) is { } needed && GenerationSize is { } given && given != needed)
            throw new RunSpecException(
                Invariant($"GenerationSize is {given}, but the sampler {Sampler} draws generations of {needed} for {Space.Count} parameters: leave it out."));
    }

    private static void AtLeast(int least, int value, string name)
    {
        if (value < least) throw new RunSpecException(Invariant($"{name} is {value}, but must be at least {least}."));
    }
}
