using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>One member of a bootstrap ensemble.</summary>
/// <param name="Regressions">One an output, the reward first.</param>
/// <param name="Pipeline">Everything from observation and action to the member's means, flat.</param>
/// <param name="Deviations">By output: the root mean squared error on the rows that the member did not draw.</param>
internal sealed record BootstrapMember(OutputRegression[] Regressions, TransformerChain<ITransformer> Pipeline, float[] Deviations)
{
    /// <summary>The column of a member's prediction of an output.</summary>
    public static string Mean(int output, int member) => Invariant($"{RegressionPipeline.Mean(output)}Member{member}");

    /// <summary>Puts a member together and measures it on the rows that it did not draw.</summary>
    /// <param name="mlContext">Makes its parts.</param>
    /// <param name="prefix">What makes the features.</param>
    /// <param name="regressions">One an output.</param>
    /// <param name="features">[rows, features], of all rows.</param>
    /// <param name="targets">[rows, outputs]</param>
    /// <param name="leftOut">The rows to measure on.</param>
    /// <param name="member">Its number.</param>
    public static BootstrapMember Create(
        MLContext mlContext, RegressionPipeline prefix, OutputRegression[] regressions, Tensor features, Tensor targets, long[] leftOut, int member)
    {
        var rows = tensor(leftOut);
        var measured = targets.index_select(0, rows);
        var suffix = new RegressionPipeline(mlContext, RegressionPipeline.Labelled(features.index_select(0, rows), measured));
        for (var output = 0; output < regressions.Length; output++) suffix.AppendMean(Mean(output, member), regressions[output]);
        var deviations = RegressionPipeline.Deviations(suffix.View, output => Mean(output, member), measured);
        return new BootstrapMember(regressions, new TransformerChain<ITransformer>([.. prefix.ToChain(), .. suffix.ToChain()]), deviations);
    }
}
