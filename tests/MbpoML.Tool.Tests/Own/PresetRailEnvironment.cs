using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Functions;

namespace MbpoML.Tool.Tests.Own;

/// <summary>The same with settings of its own, and with a reward that only its code can give.</summary>
public sealed class PresetRailEnvironment : RailEnvironment, IPresetProvider
{
    public MbpoPreset CreatePreset()
    {
        var preset = SmallRun.Preset(200);
        preset.Trainer.Reward = RewardFunction.FromRow((observation, action, next) => -next[0] * next[0]);
        return preset;
    }
}
