using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;

namespace MbpoML.Experiments;

/// <summary>The settings of an environment for which none are named.</summary>
internal static class DefaultPreset
{
    /// <summary>Those that <c>rl.Mbpo(environment)</c> takes: the environment's own preset where there is one, else the one chosen by its size.</summary>
    public static MbpoPreset Of(IEnvironment environment) => MbpoPresets.For(environment) ?? MbpoPresets.Choose(environment);
}
