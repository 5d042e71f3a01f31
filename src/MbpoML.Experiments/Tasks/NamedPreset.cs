using MbpoML.Algorithms.Mbpo.Presets;

namespace MbpoML.Experiments.Tasks;

/// <summary>Settings that have a name.</summary>
/// <param name="Name">What is written on the command line.</param>
/// <param name="Create">Makes the settings.</param>
public sealed record NamedPreset(string Name, Func<MbpoPreset> Create);
