using MbpoML.Dynamics.Ensemble;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training.Presets;

namespace MbpoML.Algorithms.Offline;

/// <summary>An offline algorithm by its name, with all its settings, which can be set and told as text: for command lines and files.</summary>
public sealed class OfflinePreset
{
    private static readonly Dictionary<string, Func<OfflineOptions>> Known = new()
    {
        ["bc"] = () => new BehaviorCloningTrainer.Options(),
        ["td3bc"] = () => new TD3BCTrainer.Options(),
        ["iql"] = () => new IqlTrainer.Options(),
        ["mopo"] = () => new MopoTrainer.Options(),
        ["morel"] = () => new MorelTrainer.Options(),
        ["mobile"] = () => new MobileTrainer.Options(),
    };

    /// <summary>The defaults of an algorithm.</summary>
    /// <param name="algorithm">A name from <see cref="Algorithms"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public OfflinePreset(string algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (!Known.TryGetValue(algorithm, out var make))
            throw new ArgumentException($"There is no offline algorithm '{algorithm}'. There are: {string.Join(", ", Algorithms)}.", nameof(algorithm));
        (Algorithm, Options) = (algorithm, make());
        if (Options is not ImaginingOptions) return;
        Dynamics = OfflineDefaults.Dynamics();
        Policy = Options is MobileTrainer.Options ? OfflineDefaults.MobilePolicy() : OfflineDefaults.Policy();
    }

    /// <summary>The names of the algorithms: bc, td3bc, iql, mopo, morel, mobile.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [.. Known.Keys];

    /// <summary>The name of the algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>Its settings, free to change.</summary>
    public OfflineOptions Options { get; }

    /// <summary>The ensemble of a method with a model, free to change; null where there is no model.</summary>
    public ProbabilisticEnsembleTrainer.Options? Dynamics { get; }

    /// <summary>The policy learner of a method with a model, free to change; null where there is no model.</summary>
    public SoftActorCriticTrainer.Options? Policy { get; }

    private IReadOnlyList<PresetOption> All => Dynamics is null || Policy is null ? PresetOption.Of((nameof(Options), Options))
        : PresetOption.Of((nameof(Options), Options), (nameof(Dynamics), Dynamics), (nameof(Policy), Policy));

    /// <summary>Sets one option by an assignment: <c>preset.Set("Options.Penalty=1")</c>.</summary>
    /// <param name="assignment">
    /// The part (Options, Dynamics or Policy), the option, and its value: numbers with a point, true or false, names, lists as "[64, 64]".
    /// </param>
    /// <exception cref="ArgumentException">There is no '=', no such option, or the text is no value of it.</exception>
    public void Set(string assignment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(assignment);
        if (assignment.Split('=', 2) is not [var path, var value])
            throw new ArgumentException($"'{assignment}' is no assignment; write Part.Option=Value, as in Options.Updates=20000.", nameof(assignment));
        PresetOption.Find(All, path.Trim()).Set(value.Trim());
    }

    /// <summary>Every option that text can say, by its path.</summary>
    public IReadOnlyDictionary<string, string> Describe() => All.ToDictionary(option => option.Path, option => option.Text);
}
