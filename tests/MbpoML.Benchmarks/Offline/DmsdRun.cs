using MbpoML.Algorithms.Offline;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>One fit of the command <c>dmsd</c>: its settings, and the folder that is named after them.</summary>
internal sealed class DmsdRun
{
    private readonly string _name;

    /// <summary>Understands the settings of a fit.</summary>
    /// <param name="algorithm">Such as mopo.</param>
    /// <param name="seed">Decides everything random.</param>
    /// <param name="set">Assignments, as in Options.Penalty=3.</param>
    /// <param name="isRewardKnown">Whether a method with a model knows the reward; the others have no use for it.</param>
    public DmsdRun(string algorithm, int seed, IReadOnlyList<string> set, bool isRewardKnown)
    {
        Preset = new OfflinePreset(algorithm);
        var knowsReward = isRewardKnown && Preset.Options is ImaginingOptions;
        if (Preset.Options is ImaginingOptions) Preset.Options.SetPoints = DmsdEnvironment.Targets;
        if (knowsReward) Preset.Options.Reward = DmsdEnvironment.KnownReward;
        foreach (var assignment in set) Preset.Set(assignment);
        Preset.Options.Seed = seed;
        // Settings are a part of the name: a checkpoint is refused by a fit with others.
        _name = string.Join('-', (string[])[algorithm, Invariant($"{seed}"), .. knowsReward ? ["known-reward"] : (string[])[], .. set.Select(Plain)]);
    }

    public OfflinePreset Preset { get; }

    /// <summary>The folder of the checkpoints and of the policy.</summary>
    /// <param name="below">The folder of all fits.</param>
    public string Folder(string below) => Path.Combine(below, _name);

    // Lists have brackets, commas and blanks, which a shell takes for something else.
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) || ".=-".Contains(letter) ? letter : '_'));
}
