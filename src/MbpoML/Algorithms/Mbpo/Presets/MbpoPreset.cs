using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Presets;
using MbpoML.Training.Schedules;

namespace MbpoML.Algorithms.Mbpo.Presets;

/// <summary>
/// The settings of the loop and of its three stages, together. A new one holds the paper's defaults; <see cref="MbpoPresets"/> has tuned ones.
/// </summary>
public sealed class MbpoPreset
{
    private const int FastOptimizerSteps = 2000;
    private const int FastLongestInterval = 8;

    // Of soft actor-critic.
    private const int PublishedUpdatesPerStep = 1;

    /// <summary>The loop.</summary>
    public MbpoTrainer.Options Trainer { get; init; } = new();

    /// <summary>Stage 1.</summary>
    public ProbabilisticEnsembleTrainer.Options Dynamics { get; init; } = new();

    /// <summary>Stage 2.</summary>
    public BranchedRollouts.Options Rollouts { get; init; } = new();

    /// <summary>Stage 3.</summary>
    public SoftActorCriticTrainer.Options Policy { get; init; } = new();

    /// <summary>
    /// The same settings with less training of the model, whose cost then no longer grows with the data: it is refitted when the data has grown by a twentieth
    /// (<see cref="ModelTrainingSchedule.Growing"/>, at most 8 times as rarely), each time with at most 2000 optimizer steps. Rollouts are branched as often as
    /// before.
    /// </summary>
    /// <returns>A new preset; this one stays as it is. A schedule or a lower cap that is set already is kept.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Fast()
    {
        var fast = Copy();
        var interval = fast.Trainer.ModelTrainingInterval;
        fast.Trainer.ModelTrainingSchedule ??= ModelTrainingSchedule.Growing(interval, (int)Math.Min(FastLongestInterval * (long)interval, int.MaxValue));
        fast.Dynamics.MaxOptimizerSteps = Math.Min(fast.Dynamics.MaxOptimizerSteps ?? FastOptimizerSteps, FastOptimizerSteps);
        return fast;
    }

    /// <summary>
    /// Soft actor-critic alone: every row of a minibatch is real and no model is fitted. With one update a step it is the baseline of the paper's figure 2,
    /// with more the paper's ablation "no model".
    /// </summary>
    /// <remarks>
    /// The baseline has the target entropy that soft actor-critic was published with, minus the number of action dimensions (official code,
    /// examples/development/variants.py: "auto"). MBPO's presets set others by task. The ablation keeps the preset's, so that nothing but the model differs. To
    /// choose otherwise, set <see cref="SoftActorCriticTrainer.Options.TargetEntropy"/> of the new preset.
    /// </remarks>
    /// <param name="updatesPerStep">
    /// Policy updates per environment step, at least 0. Default: 1, as SAC was published (T. Haarnoja et al., arXiv:1812.05905, table 1). Give
    /// <see cref="Trainer"/>'s own number for the paper's ablation "no model, the same updates".
    /// </param>
    /// <returns>A new preset; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset WithoutModel(int updatesPerStep = PublishedUpdatesPerStep)
    {
        var baseline = Copy();
        (baseline.Trainer.RealRatio, baseline.Trainer.UpdatesPerStep) = (1, Check.AtLeast(0, updatesPerStep));
        if (updatesPerStep == PublishedUpdatesPerStep) baseline.Policy.TargetEntropy = null;
        // It would ask the model.
        baseline.Policy.ValueExpansionSteps = 0;
        return baseline;
    }

    /// <summary>
    /// Dyna (R. Sutton, "Dyna, an integrated architecture for learning, planning, and reacting", 1991) in the terms of the paper's ablation: the same settings,
    /// but imagined rollouts of one step.
    /// </summary>
    /// <returns>A new preset; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Dyna()
    {
        var baseline = Copy();
        baseline.Rollouts.Schedule = RolloutSchedule.Constant(1);
        return baseline;
    }

    /// <summary>Sets one option by its name, as a command line or a file of settings does: <c>preset.Set("Policy.LearningRate", "3e-4")</c>.</summary>
    /// <param name="path">The stage (Trainer, Dynamics, Rollouts or Policy) and the option, whatever the case; an option that only one of them has may stand
    /// without; options of checkpoints are one further down, as in "Trainer.Checkpoints.Keep".</param>
    /// <param name="value">
    /// Numbers with a point; true or false; names of an enumeration; times as hours:minutes:seconds; lists as "[64, 64]"; schedules as the call that makes
    /// them, "Linear(20, 150, 1, 15)". Empty, or "null", for an option that may be null. What only code can give, such as a reward function, can so be taken
    /// away.
    /// </param>
    /// <exception cref="ArgumentException">There is no such option, and the message names the nearest; or there are several; or the text is no value of it; or
    /// a part of the preset is null. Whether the value can be used is checked by the stage.</exception>
    public void Set(string path, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(Trainer);
        if (path.StartsWith($"{nameof(Trainer)}.{nameof(Trainer.Checkpoints)}.", StringComparison.OrdinalIgnoreCase))
            Trainer.Checkpoints ??= new Checkpointing();
        Option(path).Set(value);
    }

    /// <summary>Sets one option by an assignment, <c>preset.Set("Policy.LearningRate=3e-4")</c>; see <see cref="Set(string, string)"/>.</summary>
    /// <exception cref="ArgumentException">There is no '=', no such option, or the text is no value of it.</exception>
    public void Set(string assignment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(assignment);
        if (assignment.Split('=', 2) is not [var path, var value])
            throw new ArgumentException($"'{assignment}' is no assignment; write Stage.Option=Value, as in Policy.LearningRate=3e-4.", nameof(assignment));
        Set(path.Trim(), value.Trim());
    }

    /// <summary>Every option that text can say, by its path, with a value that <see cref="Set(string, string)"/> takes back.</summary>
    /// <exception cref="ArgumentNullException">A part of the preset is null.</exception>
    public IReadOnlyDictionary<string, string> Describe() => All().ToDictionary(option => option.Path, option => option.Text);

    /// <summary>
    /// The options of <see cref="Describe"/> that decide what a run learns: without steps, seeds, devices, threads and checkpoints, which a resumed run may
    /// change.
    /// </summary>
    /// <exception cref="ArgumentNullException">A part of the preset is null.</exception>
    public IReadOnlyDictionary<string, string> DescribeWhatCounts() =>
        All().Where(option => !option.MayChangeOnResume).ToDictionary(option => option.Path, option => option.Text);

    /// <summary>The whole path of an option whose stage may be left out, in the case of the code.</summary>
    /// <param name="path">The option, as <see cref="Set(string, string)"/> takes it.</param>
    /// <exception cref="ArgumentException">There is no such option, and the message names the nearest; or there are several.</exception>
    public string PathOf(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Option(path).Path;
    }

    private IReadOnlyList<PresetOption> All() =>
        PresetOption.Of((nameof(Trainer), Trainer), (nameof(Dynamics), Dynamics), (nameof(Rollouts), Rollouts), (nameof(Policy), Policy));

    private PresetOption Option(string path)
    {
        var options = All();
        PresetOption[] named = [.. options.Where(option => option.Path.Equals(path, StringComparison.OrdinalIgnoreCase))];
        if (named.Length == 0) named = [.. options.Where(option => option.Property.Name.Equals(path, StringComparison.OrdinalIgnoreCase))];
        return named switch
        {
            [var option] => option,
            [] => throw new ArgumentException($"There is no option '{path}'. The nearest: {string.Join(", ", Nearest(path, options))}.", nameof(path)),
            _ => throw new ArgumentException(
                $"There are several options '{path}'. Write one of them with its stage: {string.Join(", ", named.Select(option => option.Path))}.",
                nameof(path)),
        };
    }

    // One may forget the stage.
    private static IEnumerable<string> Nearest(string path, IReadOnlyList<PresetOption> options) => path.Contains('.', StringComparison.Ordinal)
        ? NearestNames.To(path, options.Select(option => option.Path))
        : NearestNames.To(path, options.Select(option => option.Property.Name).Distinct())
            .SelectMany(name => options.Where(option => option.Property.Name == name)).Select(option => option.Path);

    /// <summary>A copy that later changes by the caller leave alone.</summary>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public MbpoPreset Copy()
    {
        Validate();
        return new MbpoPreset { Trainer = Trainer.Copy(), Dynamics = Dynamics.Copy(), Rollouts = Rollouts.Copy(), Policy = Policy.Copy() };
    }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Trainer);
        ArgumentNullException.ThrowIfNull(Dynamics);
        ArgumentNullException.ThrowIfNull(Rollouts);
        ArgumentNullException.ThrowIfNull(Policy);
        Trainer.Validate();
        Dynamics.Validate();
        Rollouts.Validate();
        Policy.Validate();
    }
}
