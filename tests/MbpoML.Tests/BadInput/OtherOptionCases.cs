using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Data;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Tests.Policies;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Bad settings of rollouts, of policies over data views and of presets, and bad names of columns.</summary>
internal static class OtherOptionCases
{
    private static readonly OptionCases<BranchedRollouts.Options> Rollouts = new("BranchedRollouts.Options", options => Samples.Rl.Rollouts.Branched(options));
    private static readonly OptionCases<BranchedRolloutEstimator.Options> Alone =
        new("BranchedRolloutEstimator.Options", options => Samples.Rl.Rollouts.Branched(Samples.Dynamics, Samples.SmallPolicy, options));
    private static readonly OptionCases<PolicyTransformer.Options> Policy = new(
        "PolicyTransformer.Options", options => PolicyFixture.Policy(options).Dispose());

    public static IEnumerable<BadCase> All =>
    [
        Rollouts.Refused<ArgumentNullException>("Schedule", "null", options => options.Schedule = null!),
        Rollouts.AtLeast(1, "BatchSize", (options, value) => options.BatchSize = value),
        Rollouts.AtLeast(1, "MaxTransitions", (options, value) => options.MaxTransitions = value),
        Rollouts.AtLeast(1, "RetainEpochs", (options, value) => options.RetainEpochs = value),
        Alone.AtLeast(1, "Length", (options, value) => options.Length = value),
        Alone.Refused<ArgumentNullException>("Columns", "null", options => options.Columns = null!),
        Alone.Refused<ArgumentException>(
            "Columns", "a name used twice", options => options.Columns = new TransitionColumns { Reward = "Action" }, "Action and Reward", "'Action'"),
        Policy.Refused<ArgumentNullException>("ObservationColumnName", "null", options => options.ObservationColumnName = null!),
        Policy.Refused<ArgumentException>("ObservationColumnName", "blank", options => options.ObservationColumnName = ""),
        Policy.Refused<InvalidOperationException>("ActionColumnName", "the observation's", options => options.ActionColumnName = "Observation", "two names"),
        Policy.Refused<ArgumentNullException>("ActionColumnName", "null", options => options.ActionColumnName = null!),
        Preset("Trainer", new MbpoPreset { Trainer = null! }),
        Preset("Dynamics", new MbpoPreset { Dynamics = null! }),
        Preset("Rollouts", new MbpoPreset { Rollouts = null! }),
        Preset("Policy", new MbpoPreset { Policy = null! }),
        .. Derived("MbpoPreset.Fast()", preset => preset.Fast()),
        .. Derived("MbpoPreset.Dyna()", preset => preset.Dyna()),
        .. Derived("MbpoPreset.WithoutModel(int)", preset => preset.WithoutModel()),
        Bad<ArgumentOutOfRangeException>(
            "MbpoPreset.WithoutModel(int)", "-1 updates", () => new MbpoPreset().WithoutModel(-1), "updatesPerStep", "Actual value was -1"),
        .. ByName,
        .. Column("Observation", name => new() { Observation = name }),
        .. Column("Action", name => new() { Action = name }),
        .. Column("Reward", name => new() { Reward = name }),
        .. Column("NextObservation", name => new() { NextObservation = name }),
        .. Column("Terminated", name => new() { Terminated = name }),
        .. Column("Truncated", name => new() { Truncated = name }),
        .. Column("EpisodeId", name => new() { EpisodeId = name }),
    ];

    // PresetSetTests has a row for each kind of value.
    private static IEnumerable<BadCase> ByName =>
    [
        Bad<ArgumentNullException>("AlgorithmPreset.Set(string, string)", "no path", () => new MbpoPreset().Set(null!, "1"), "path"),
        Bad<ArgumentException>("AlgorithmPreset.Set(string, string)", "a blank path", () => new MbpoPreset().Set(" ", "1"), "path"),
        Bad<ArgumentNullException>("AlgorithmPreset.Set(string, string)", "no value", () => new MbpoPreset().Set("Trainer.Steps", null!), "value"),
        Bad<ArgumentException>("AlgorithmPreset.Set(string, string)", "no such option", () => new MbpoPreset().Set("Trainer.Step", "1"), "'Trainer.Step'",
            "Trainer.Steps"),
        Bad<ArgumentException>("AlgorithmPreset.Set(string, string)", "another kind of value", () => new MbpoPreset().Set("Trainer.Steps", "many"),
            "Trainer.Steps", "'many'"),
        Bad<ArgumentNullException>(
            "AlgorithmPreset.Set(string, string)", "a part that is null", () => new MbpoPreset { Policy = null! }.Set("Trainer.Steps", "1"), "Policy"),
        Bad<ArgumentNullException>("AlgorithmPreset.PathOf(string)", "no path", () => new MbpoPreset().PathOf(null!), "path"),
        Bad<ArgumentException>("AlgorithmPreset.PathOf(string)", "no option", () => new MbpoPreset().PathOf("Trainer.Stepz"), "'Trainer.Stepz'",
            "Trainer.Steps"),
        Bad<ArgumentOutOfRangeException>("BranchedRollouts.Options.Starts(int)", "no step", () => new BranchedRollouts.Options().Starts(0), "length"),
        Bad<ArgumentNullException>("AlgorithmPreset.Set(string)", "no assignment", () => new MbpoPreset().Set(null!), "assignment"),
        Bad<ArgumentException>("AlgorithmPreset.Set(string)", "no value", () => new MbpoPreset().Set("Trainer.Steps"), "'Trainer.Steps'"),
        Bad<ArgumentNullException>("AlgorithmPreset.Describe()", "a part that is null", () => new MbpoPreset { Rollouts = null! }.Describe(), "Rollouts"),
    ];

    private static BadCase Preset(string part, MbpoPreset preset) =>
        Bad<ArgumentNullException>($"MbpoPreset.{part}", "null", () => Samples.Rl.Mbpo(Samples.Environment(), preset), part);

    private static IEnumerable<BadCase> Derived(string member, Func<MbpoPreset, MbpoPreset> derive) =>
    [
        Bad<ArgumentNullException>(member, "a part that is null", () => derive(new MbpoPreset { Trainer = null! }), "Trainer"),
        Bad<ArgumentNullException>(member, "an option that is null", () => derive(new MbpoPreset { Policy = { HiddenSizes = null! } }), "HiddenSizes"),
        Bad<ArgumentOutOfRangeException>(member, "an option out of range", () => derive(new MbpoPreset { Trainer = { ModelTrainingInterval = 0 } }),
            "ModelTrainingInterval", "Actual value was 0"),
    ];

    private static IEnumerable<BadCase> Column(string role, Func<string, TransitionColumns> make)
    {
        var other = role == "Reward" ? "Terminated" : "Reward";
        yield return Bad<ArgumentNullException>(
            $"TransitionColumns.{role}", "null", () => TransitionReader.ReadLayout(Samples.View().Schema, make(null!)), role);
        yield return Bad<ArgumentException>($"TransitionColumns.{role}", "empty", () => TransitionReader.ReadLayout(Samples.View().Schema, make("")), role);
        yield return Bad<ArgumentException>(
            $"TransitionColumns.{role}", "another column's", () => TransitionReader.ReadLayout(Samples.View().Schema, make(other)), role, $"'{other}'");
    }
}
