using MbpoML.Data;
using MbpoML.Data.Views;

namespace MbpoML.Dynamics.Ensemble.Serving;

/// <summary>Checks that what a fitted model is given has the sizes that it was fitted on.</summary>
internal static class FittedSizes
{
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static void Check(TransitionLayout given, TransitionLayout fitted, string name)
    {
        if (given != fitted) throw new ArgumentException($"The transitions have the sizes {Sizes(given)}, but the model was fitted on {Sizes(fitted)}.", name);
    }

    /// <exception cref="ArgumentException">The widths differ.</exception>
    public static void CheckWidth(RowField field, int expected)
    {
        if (field.Width != expected)
            throw new ArgumentException(
                Invariant($"Schema mismatch for input column '{field.Column.Name}': it has {field.Width} values a row, but the model was fitted on ") +
                    Invariant($"{expected}."),
                nameof(field));
    }

    private static string Sizes(TransitionLayout layout) => Invariant($"[{layout.ObservationSize} observations, {layout.ActionSize} actions]");
}
