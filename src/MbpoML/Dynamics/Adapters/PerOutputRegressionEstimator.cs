using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Compiled;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>A dynamics model of ML.NET's own parts: one regression for the reward and one for the change of each dimension of the observation.</summary>
/// <remarks>
/// The regressions read <c>Features</c>: observation and action, after an optional featuriser. A fifth of the rows is held out, and the regressions' root mean
/// squared errors there become the constant standard deviations, so that imagined transitions carry noise of the right size. An output that has one value in
/// all rows trained on, such as the change of a set point, gets no regression: that value is predicted. The fitted pipeline holds nothing but ML.NET's own
/// transformers: it can be saved and loaded, in every culture, as any ML.NET model. Made by <see cref="DynamicsCatalog"/>.
/// </remarks>
public sealed class PerOutputRegressionEstimator : IEstimator<TransformerChain<ITransformer>>
{
    /// <summary>The column that the regressions read.</summary>
    public const string FeaturesColumn = "Features";

    private const int HoldoutDivisor = 5;

    private readonly ComponentContext _context;
    private readonly Func<string, IEstimator<ITransformer>> _trainer;
    private readonly IEstimator<ITransformer>? _featurizer;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal PerOutputRegressionEstimator(
        ComponentContext context, Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        (_context, _trainer, _featurizer, _columns) = (context, trainer, featurizer, TransitionColumns.Checked(columns));
        _seed = context.NextSeed();
    }

    /// <summary>Fits one regression an output.</summary>
    /// <param name="input">A view of transitions, at least two rows.</param>
    /// <returns>
    /// A transformer that adds PredictedObservationDelta (vector&lt;float, n&gt;), PredictedReward (float) and both with StandardDeviation appended, in
    /// environment units.
    /// </returns>
    /// <exception cref="ArgumentException">Fewer than two rows, a column of another type, or a value that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">
    /// The function gives no trainer, or the trainer no column "Score" of type Single, or it failed: the message names the output, and the inner exception says
    /// why.
    /// </exception>
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        using var table = TransitionReader.Read(input, _columns);
        var (training, holdout) = Split(table);
        var pipeline = new RegressionPipeline(_context.ML, RegressionPipeline.Inputs(_columns, table.Layout, training));
        pipeline.AppendFeatures(_columns, _featurizer);

        var (targets, outputs) = (RegressionPipeline.Targets(table.Layout, training), 1 + table.Layout.ObservationSize);
        var labelled = RegressionPipeline.Labelled(TransitionReader.ReadVectors(pipeline.View, FeaturesColumn), targets);
        for (var output = 0; output < outputs; output++)
        {
            var regression = OutputRegression.ConstantOf(targets, output) is { } constant
                ? new OutputRegression(null, constant)
                : OutputRegression.Fit(OutputRegression.Trainer(_trainer, output), labelled, output);
            pipeline.AppendMean(RegressionPipeline.Mean(output), regression);
        }
        var predicted = pipeline.ToChain().Transform(RegressionPipeline.Inputs(_columns, table.Layout, holdout));
        var deviations = RegressionPipeline.Deviations(predicted, RegressionPipeline.Mean, RegressionPipeline.Targets(table.Layout, holdout));
        for (var output = 0; output < outputs; output++)
        {
            var name = RegressionPipeline.Deviation(output);
            pipeline.AppendScratch(name, ConstantExpression.Column(_context.ML, name, deviations[output], RegressionPipeline.Mean(output)));
        }
        return pipeline.Finish(RegressionPipeline.Mean, RegressionPipeline.Deviation, outputs);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation or action column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => RegressionPipeline.OutputShape(_context.ML, inputSchema, _columns);

    private (Tensor Training, Tensor Holdout) Split(TransitionTable table)
    {
        if (table.Count < 2)
            throw new ArgumentException(
                $"The regressions need at least 2 transitions, one to train on and one to hold out, but got {table.Count}; collect more.", nameof(table));
        using var generator = new Generator((ulong)_seed);
        var order = randperm(table.Count, int64, generator: generator);
        var holdoutCount = Math.Max(1, table.Count / HoldoutDivisor);
        return (table.Rows.index_select(0, order.narrow(0, holdoutCount, table.Count - holdoutCount)),
            table.Rows.index_select(0, order.narrow(0, 0, holdoutCount)));
    }
}
