using System.ComponentModel;
using System.Globalization;
using MbpoML.Training;

namespace MbpoML.Benchmarks;

/// <summary>Changes one simple option of a preset, said as "Policy.LearningRate=0.001", or "Trainer.Reward=" to take one away: for comparisons with a preset as it is.</summary>
internal static class PresetOverride
{
    public static void Apply(MbpoPreset preset, string assignment)
    {
        var (path, value) = assignment.Split('=', 2) is [var left, var right] ? (left.Split('.'), right) : throw Misunderstood(assignment);
        var stage = path.Length == 2 ? typeof(MbpoPreset).GetProperty(path[0])?.GetValue(preset) : null;
        var option = stage?.GetType().GetProperty(path[^1]) ?? throw Misunderstood(assignment);
        option.SetValue(stage, value.Length == 0 ? null : TypeDescriptor.GetConverter(option.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, value));
    }

    private static ArgumentException Misunderstood(string assignment) =>
        new($"'{assignment}' is not understood; write Stage.Option=Value with a stage of Trainer, Dynamics, Rollouts, Policy and one of its options, as in Policy.LearningRate=0.001.", nameof(assignment));
}
