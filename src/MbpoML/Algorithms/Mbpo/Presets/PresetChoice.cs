using System.Globalization;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using Microsoft.Extensions.Logging;

namespace MbpoML.Algorithms.Mbpo.Presets;

/// <summary>
/// The preset for an environment that brings none, chosen from what is known before the run: the same environment gives the same choice on every machine.
/// </summary>
/// <param name="name">The name of the preset.</param>
/// <param name="preset">Its settings.</param>
/// <param name="why">What it was chosen by.</param>
internal sealed partial class PresetChoice(string name, MbpoPreset preset, string why)
{
    // Ours: the analytic tasks, and processes with some loops, are below; the paper's robots from Hopper on (11 observations, 3 actions, 1000 steps) are not
    // small.
    private const int SmallSize = 16;
    private const int SmallActions = 4;
    private const int SmallSteps = 500;
    // Ours: HalfCheetah and Walker2d (17 observations, 6 actions) are medium, Ant and Humanoid are not.
    private const int MediumSize = 40;
    private const int MediumActions = 8;

    public string Name => name;

    public MbpoPreset Preset => preset;

    /// <summary>Chooses by the numbers of observations and actions, and by the length of an episode where it is known.</summary>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static PresetChoice For(IEnvironment environment)
    {
        environment.RequireSpaces();
        var (observations, actions) = (environment.ObservationSpace.Size, environment.ActionSpace.Size);
        var episode = environment.MaxEpisodeSteps is { } steps ? string.Create(CultureInfo.InvariantCulture, $"episodes of at most {steps} steps")
            : "episodes of unknown length";
        var why = string.Create(CultureInfo.InvariantCulture, $"observation: {observations}, action: {actions}, {episode}");
        if (observations <= SmallSize && actions <= SmallActions && (environment.MaxEpisodeSteps ?? 0) <= SmallSteps)
            return new(nameof(MbpoPresets.Small), MbpoPresets.Small(environment), why);
        if (observations <= MediumSize && actions <= MediumActions) return new(nameof(MbpoPresets.Medium), MbpoPresets.Medium(environment), why);
        return new(nameof(MbpoPresets.Paper), MbpoPresets.Paper(), why);
    }

    /// <summary>Says what was chosen, and how to choose otherwise.</summary>
    public void Log(ILogger logger)
    {
        string[] all = ["Small(environment)", "Medium(environment)", "Paper()"];
        var others = string.Join(", ", all.Where(other => !other.StartsWith(Name, StringComparison.Ordinal)).Select(other => $"MbpoPresets.{other}"));
        LogChoice(logger, name, why, preset.Trainer.Steps, preset.Trainer.UpdatesPerStep, others);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "No settings were given and the environment brings none, so the preset is {Name} ({Why}): {Steps} steps, {Updates} policy updates a step. " +
            "Another one: rl.Mbpo(environment, preset) with {Others}, changed as you like.")]
    private static partial void LogChoice(ILogger logger, string name, string why, int steps, int updates, string others);
}
