using MbpoML.Algorithms.Mbpo.Presets;

namespace MbpoML.Experiments.Tasks;

/// <summary>An algorithm made from MBPO's parts: MBPO itself and the baselines that its paper compares with.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Label">What pictures and tables call it.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Apply">Makes the algorithm's settings from a task's.</param>
public sealed record Algorithm(string Name, string Label, string Summary, Func<MbpoPreset, MbpoPreset> Apply)
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<Algorithm> All { get; } =
    [
        new("mbpo", "MBPO", "model-based policy optimization", preset => preset),
        new("dyna", "Dyna", "MBPO with imagined rollouts of one step", preset => preset.Dyna()),
        new("sac", "SAC", "soft actor-critic alone, as published: no model, one update a step", preset => preset.WithoutModel()),
    ];

    /// <summary>The algorithm of a name, whatever its case.</summary>
    /// <exception cref="RunSpecException">There is none; the message names the nearest.</exception>
    public static Algorithm Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(algorithm => algorithm.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw RunSpecException.Unknown("algorithm", name, [.. All.Select(algorithm => algorithm.Name)]);
    }
}
