using System.Globalization;
using MbpoML.Dynamics.Compiled;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>A bootstrap ensemble as one pipeline of ML.NET's own transformers, which gives mean and standard deviation of the members' mixture.</summary>
internal static class BootstrapPipeline
{
    // ML.NET takes no more columns in one expression.
    private const int MostTerms = 5;

    /// <summary>Joins the members.</summary>
    /// <param name="mlContext">Makes the parts.</param>
    /// <param name="prefix">What makes the features; it goes on being appended to.</param>
    /// <param name="members">At least 2.</param>
    public static TransformerChain<ITransformer> Join(MLContext mlContext, RegressionPipeline prefix, IReadOnlyList<BootstrapMember> members)
    {
        var outputs = members[0].Regressions.Length;
        for (var member = 0; member < members.Count; member++)
            for (var output = 0; output < outputs; output++) prefix.AppendMean(BootstrapMember.Mean(output, member), members[member].Regressions[output]);
        for (var output = 0; output < outputs; output++) AppendMixture(mlContext, prefix, members, output);
        return prefix.Finish(RegressionPipeline.Mean, Spread, outputs);
    }

    // Not a name of a constant: it differs from row to row.
    private static string Spread(int output) => string.Create(CultureInfo.InvariantCulture, $"MbpoSpread{output}");

    // The law of total variance: the mean of the members' variances plus the variance of their means.
    private static void AppendMixture(MLContext mlContext, RegressionPipeline pipeline, IReadOnlyList<BootstrapMember> members, int output)
    {
        string[] means = [.. Enumerable.Range(0, members.Count).Select(member => BootstrapMember.Mean(output, member))];
        var (mean, count) = (RegressionPipeline.Mean(output), ConstantExpression.Text(members.Count));
        var sum = AppendSum(mlContext, pipeline, means, Invariant($"MbpoSum{output}"));
        pipeline.AppendScratch(mean, mlContext.Transforms.Expression(mean, $"sum : sum / {count}", sum));
        string[] squares = [.. means.Select(name => $"MbpoSquare{name}")];
        for (var member = 0; member < members.Count; member++)
            pipeline.AppendScratch(squares[member],
                mlContext.Transforms.Expression(squares[member], "(x, mean) : (x - mean) * (x - mean)", means[member], mean));
        var noise = ConstantExpression.Text((float)members.Average(member => (double)member.Deviations[output] * member.Deviations[output]));
        var squareSum = AppendSum(mlContext, pipeline, squares, Invariant($"MbpoSquareSum{output}"));
        pipeline.AppendScratch(Spread(output), mlContext.Transforms.Expression(Spread(output), $"sum : sqrt({noise} + sum / {count})", squareSum));
    }

    // Sums of sums, as many as it takes.
    private static string AppendSum(MLContext mlContext, RegressionPipeline pipeline, string[] terms, string name)
    {
        if (terms.Length == 1) return terms[0];
        string[] sums = [.. terms.Chunk(MostTerms).Select((chunk, index) => Add(chunk, Invariant($"{name}Part{index}")))];
        return AppendSum(mlContext, pipeline, sums, name + "Of");

        string Add(string[] chunk, string column)
        {
            if (chunk.Length == 1) return chunk[0];
            string[] parameters = [.. chunk.Select((_, index) => Invariant($"x{index}"))];
            pipeline.AppendScratch(column,
                mlContext.Transforms.Expression(column, $"({string.Join(", ", parameters)}) : {string.Join(" + ", parameters)}", chunk));
            return column;
        }
    }
}
