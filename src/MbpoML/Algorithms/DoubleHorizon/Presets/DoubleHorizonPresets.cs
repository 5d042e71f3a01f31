using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;

namespace MbpoML.Algorithms.DoubleHorizon.Presets;

/// <summary>Settings of double-horizon MBPO for a task; docs/benchmarks.md shows what they reach.</summary>
public static class DoubleHorizonPresets
{
    // Of the paper's robots; small tasks get networks in proportion.
    private const int LargeUnits = 256;
    private const int SmallUnits = 128;
    private const int MostExploration = 3000;
    // A fit of a small network to few numbers needs more steps than the robots', or the policy falls back.
    private const int SmallOptimizerSteps = 400;
    private const int SmallFirstOptimizerSteps = 1500;
    // Over some 200 updates: a policy that is about to stumble is seldom alone.
    private const double ActorAveraging = 0.005;
    // Hopper's policies rose earlier with it than with new scales at each fit (docs/double-horizon-evidence.md).
    private const double ScaleTolerance = 0.1;
    // A single episode is noisy. MACURA takes three as well.
    private const int EvaluationEpisodes = 3;

    /// <summary>
    /// The settings that <c>rl.DoubleHorizonMbpo(environment)</c> takes where nothing is given: those that follow from the task's preset of MBPO, or from the
    /// one of its size.
    /// </summary>
    /// <param name="environment">The environment that the settings are for, wrapped or not.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null or has no spaces.</exception>
    public static DoubleHorizonPreset For(IEnvironment environment) => (MbpoPresets.For(environment) ?? MbpoPresets.Choose(environment)).DoubleHorizon();

    /// <summary>
    /// Double-horizon MBPO on the same task. Steps, epochs and everything else of the run are the preset's. An evaluation of one episode gets three.
    /// </summary>
    /// <remarks>
    /// The algorithm's settings are the same for all tasks, and follow the paper (A. Kubo, P. Parmas and S. Ishii, TMLR 2025). These differ from it. The model
    /// is refitted four times as often, with far fewer optimizer steps. Its fits have no decay and no held-out rows. There are three critics. Actor and critics
    /// have two hidden layers. Scales stay while columns drift by less than a tenth. An averaged actor is evaluated. The critics value the last step of a
    /// rollout that ends. Tasks with small networks of MBPO get small ones here, and keep their discount.
    /// </remarks>
    /// <param name="preset">The settings of MBPO for the task, from which these follow.</param>
    /// <returns>A new preset; the given one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public static DoubleHorizonPreset DoubleHorizon(this MbpoPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset = preset.Copy();
        var isSmall = preset.Policy.HiddenSizes.Max() < LargeUnits;
        var units = isSmall ? SmallUnits : LargeUnits;
        var result = new DoubleHorizonPreset();
        preset.Trainer.CopyRunTo(result.Trainer);
        var (trainer, dynamics, policy) = (result.Trainer, result.Dynamics, result.Policy);
        if (trainer.InitialExplorationSteps is { } exploration) trainer.InitialExplorationSteps = Math.Min(exploration, MostExploration);
        if (trainer.EvaluationEpisodes == 1) trainer.EvaluationEpisodes = EvaluationEpisodes;
        dynamics.HiddenSizes = [units, units, units];
        // Fits of a fixed length need no rows to stop on. What decay does to model and policies is not settled (docs/double-horizon-model.md).
        (dynamics.HoldoutRatio, dynamics.WeightDecay, dynamics.NoiseDecay) = (0, 0, 0);
        (dynamics.ScaleTolerance, policy.ScaleTolerance) = (ScaleTolerance, ScaleTolerance);
        (policy.ActorAveraging, policy.CriticAtEnds) = (ActorAveraging, true);
        (policy.ActorHiddenSizes, policy.CriticHiddenSizes, policy.Critics) = ([units, units], [units, units], 3);
        (policy.Workers, dynamics.Workers) = (preset.Policy.Workers, preset.Policy.Workers);
        (policy.Device, dynamics.Device) = (preset.Policy.Device, preset.Dynamics.Device);
        if (isSmall)
        {
            policy.Discount = preset.Policy.Discount;
            (dynamics.FirstOptimizerSteps, dynamics.OptimizerSteps) = (SmallFirstOptimizerSteps, SmallOptimizerSteps);
        }

        return result;
    }
}
