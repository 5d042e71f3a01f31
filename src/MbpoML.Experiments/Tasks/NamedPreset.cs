using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments.Tasks;

/// <summary>Settings that have a name.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Create">Makes the settings of MBPO, from which those of other algorithms follow.</param>
public sealed record NamedPreset(string Name, Func<MbpoPreset> Create)
{
    /// <summary>
    /// What makes the settings of algorithms that were tuned for the task by themselves, by the algorithm's name: they do not follow from those of MBPO.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, Func<AlgorithmPreset>> Own { get; init; } = new Dictionary<string, Func<AlgorithmPreset>>();

    /// <summary>The settings for an algorithm, as a new object.</summary>
    /// <param name="algorithm">The algorithm that the settings are for.</param>
    public AlgorithmPreset For(Algorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return Own.TryGetValue(algorithm.Name, out var create) ? create() : algorithm.Apply(Create());
    }
}
