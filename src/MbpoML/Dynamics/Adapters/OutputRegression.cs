using System.Globalization;
using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>What was fitted for one output: a regression, or the one value that the output has in all rows.</summary>
/// <param name="Fitted">Gives a column "Score" of type Single; null where the output is constant.</param>
/// <param name="Constant">The output's value where there is no regression.</param>
internal readonly record struct OutputRegression(ITransformer? Fitted, float Constant = 0)
{
    /// <summary>
    /// The value that all rows share, or null. A set point, a tariff or a recipe does not change; some trainers fail on it, and none is needed.
    /// </summary>
    /// <param name="targets">[rows, outputs]</param>
    /// <param name="output">The column looked at.</param>
    public static float? ConstantOf(Tensor targets, int output)
    {
        var column = targets.select(1, output);
        var (least, greatest) = (column.min().item<float>(), column.max().item<float>());
        return least == greatest ? least : null;
    }

    /// <summary>The estimator that the user's function gives for one output.</summary>
    /// <exception cref="InvalidOperationException">The function failed or returned null.</exception>
    public static IEstimator<ITransformer> Trainer(Func<string, IEstimator<ITransformer>> trainer, int output, int? member = null)
    {
        var label = RegressionPipeline.Label(output);
        return trainer(label)
            ?? throw new InvalidOperationException(
                $"The function given as trainer returned null for the label '{label}' ({Describe(output, member)}); return an estimator.");
    }

    /// <summary>Fits one output's regression.</summary>
    /// <param name="trainer">The user's estimator.</param>
    /// <param name="labelled">Features and labels.</param>
    /// <param name="output">0 for the reward, then the dimensions of the observation.</param>
    /// <param name="member">The member that it belongs to, in an ensemble.</param>
    /// <exception cref="InvalidOperationException">The trainer failed, or gives no column "Score" of type Single.</exception>
    public static OutputRegression Fit(IEstimator<ITransformer> trainer, DenseDataView labelled, int output, int? member = null)
    {
        ITransformer fitted;
        try
        {
            fitted = trainer.Fit(labelled);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"The trainer {trainer.GetType().Name} failed for {Describe(output, member)}, on {Values(labelled, output)}: {fault.Message}", fault);
        }
        var score = fitted?.GetOutputSchema(labelled.Schema).GetColumnOrNull(RegressionPipeline.ScoreColumn);
        return score?.Type == NumberDataViewType.Single
            ? new OutputRegression(fitted)
            : throw new InvalidOperationException(
                $"The trainer must give a column '{RegressionPipeline.ScoreColumn}' of type Single, but for {Describe(output, member)} it gives " +
                $"{score?.Type.ToString() ?? "none"}; " +
                "use a regression trainer.");
    }

    private static string Describe(int output, int? member)
    {
        var what = output == 0 ? "the reward" : string.Create(CultureInfo.InvariantCulture, $"the change of observation[{output - 1}]");
        return member is { } number ? string.Create(CultureInfo.InvariantCulture, $"{what} in member {number}") : what;
    }

    private static string Values(DenseDataView labelled, int output)
    {
        labelled.TryGetColumn<float>(RegressionPipeline.Label(output), out var values);
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values.Span) (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        return string.Create(CultureInfo.InvariantCulture, $"{values.Length} rows with values from {least} to {greatest}");
    }
}
