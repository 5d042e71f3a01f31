using System.Globalization;
using MbpoML.Data;
using MbpoML.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>A dynamics model of ML.NET's own parts: one regression for the reward and one for the change of each dimension of the observation.</summary>
/// <remarks>
/// The regressions read <c>Features</c>: observation and action, after an optional featuriser. A fifth of the rows is held out, and the regressions' root mean
/// squared errors there become the constant standard deviations, so that imagined transitions carry noise of the right size. The fitted pipeline holds nothing
/// but ML.NET's own transformers: it can be saved and loaded as any ML.NET model. Made by <see cref="DynamicsCatalog"/>.
/// </remarks>
public sealed class PerOutputRegressionEstimator : IEstimator<TransformerChain<ITransformer>>
{
    /// <summary>The column that the regressions read.</summary>
    public const string FeaturesColumn = "Features";

    private const string ScoreColumn = "Score";
    private const string DeltaDeviation = TransitionColumns.PredictedObservationDelta + TransitionColumns.StandardDeviationSuffix;
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
    /// <param name="input">Transitions, at least two rows.</param>
    /// <returns>
    /// A transformer that adds PredictedObservationDelta (vector&lt;float, n&gt;), PredictedReward (float) and both with StandardDeviation appended, in environment units.
    /// </returns>
    /// <exception cref="ArgumentException">Fewer than two rows, a column of another type, or a value that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">The function gives no trainer, or the trainer no column "Score" of type Single.</exception>
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        using var table = TransitionReader.Read(input, _columns);
        var (training, holdout) = Split(table);
        var parts = new Parts(View(table.Layout, training));
        parts.Append(_context.ML.Transforms.Concatenate(FeaturesColumn, _columns.Observation, _columns.Action));
        if (_featurizer is not null) parts.Append(_featurizer);

        var outputs = 1 + table.Layout.ObservationSize;
        var labelled = Labelled(parts.View, Targets(table.Layout, training), outputs);
        for (var output = 0; output < outputs; output++)
        {
            parts.Append(FitRegression(output, labelled));
            parts.Append(_context.ML.Transforms.CopyColumns(Mean(output), ScoreColumn));
        }
        var deviations = Deviations(parts.ToChain().Transform(View(table.Layout, holdout)), Targets(table.Layout, holdout), outputs);
        for (var output = 0; output < outputs; output++)
            parts.Append(_context.ML.Transforms.Expression(Deviation(output), $"score : {deviations[output].ToString("F15", CultureInfo.InvariantCulture)}f", Mean(output)));

        var observations = Enumerable.Range(1, outputs - 1).ToArray();
        parts.Append(_context.ML.Transforms.CopyColumns(TransitionColumns.PredictedReward, Mean(0)));
        parts.Append(_context.ML.Transforms.CopyColumns(PredictionSchema.RewardDeviation, Deviation(0)));
        parts.Append(_context.ML.Transforms.Concatenate(TransitionColumns.PredictedObservationDelta, [.. observations.Select(Mean)]));
        parts.Append(_context.ML.Transforms.Concatenate(DeltaDeviation, [.. observations.Select(Deviation)]));
        string[] scratch = [FeaturesColumn, ScoreColumn, .. Enumerable.Range(0, outputs).SelectMany(output => new[] { Mean(output), Deviation(output) })];
        parts.Append(_context.ML.Transforms.DropColumns(scratch));
        return parts.ToChain();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation or action column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.RequireFloats(_columns.Observation);
        inputSchema.RequireFloats(_columns.Action);
        return inputSchema.With(
            SchemaShapes.Vector(_context.ML, TransitionColumns.PredictedObservationDelta),
            SchemaShapes.Vector(_context.ML, DeltaDeviation),
            SchemaShapes.Scalar(_context.ML, TransitionColumns.PredictedReward),
            SchemaShapes.Scalar(_context.ML, PredictionSchema.RewardDeviation));
    }

    private ITransformer FitRegression(int output, DenseDataView labelled)
    {
        var trainer = _trainer(Label(output)) ?? throw new InvalidOperationException($"The function given as trainer returned null for the label '{Label(output)}'; return an estimator.");
        var fitted = trainer.Fit(labelled);
        var score = fitted.GetOutputSchema(labelled.Schema).GetColumnOrNull(ScoreColumn);
        return score?.Type == NumberDataViewType.Single
            ? fitted
            : throw new InvalidOperationException($"The trainer must give a column '{ScoreColumn}' of type Single, but gives {score?.Type.ToString() ?? "none"}; use a regression trainer.");
    }

    private (Tensor Training, Tensor Holdout) Split(TransitionTable table)
    {
        if (table.Count < 2) throw new ArgumentException($"The regressions need at least 2 transitions, one to train on and one to hold out, but got {table.Count}; collect more.", nameof(table));
        using var generator = new Generator((ulong)_seed);
        var order = randperm(table.Count, int64, generator: generator);
        var holdoutCount = Math.Max(1, table.Count / HoldoutDivisor);
        return (table.Rows.index_select(0, order.narrow(0, holdoutCount, table.Count - holdoutCount)), table.Rows.index_select(0, order.narrow(0, 0, holdoutCount)));
    }

    private DenseDataView View(TransitionLayout layout, Tensor rows) => new DenseDataView.Builder()
        .AddVector(_columns.Observation, layout.ObservationSize, Floats(layout.Observation(rows)))
        .AddVector(_columns.Action, layout.ActionSize, Floats(layout.Action(rows)))
        .Build();

    // The features are computed once and kept in memory: every regression goes over them many times.
    private static DenseDataView Labelled(IDataView featured, Tensor targets, int outputs)
    {
        var features = TransitionReader.ReadVectors(featured, FeaturesColumn);
        var builder = new DenseDataView.Builder().AddVector(FeaturesColumn, (int)features.size(1), Floats(features));
        for (var output = 0; output < outputs; output++) builder.AddScalar(Label(output), Floats(targets.select(1, output)));
        return builder.Build();
    }

    // The root mean squared error of each output on rows the regressions have not seen.
    private static double[] Deviations(IDataView predicted, Tensor targets, int outputs)
    {
        RowField[] fields = [.. Enumerable.Range(0, outputs).Select(output => RowField.Scalar(predicted.Schema, Mean(output), output))];
        var residuals = RowReader.Read(predicted, fields, outputs) - targets;
        return residuals.to(float64).Squared().mean([0L]).sqrt().data<double>().ToArray();
    }

    // The reward, then the change of each dimension.
    private static Tensor Targets(TransitionLayout layout, Tensor rows) => cat([layout.Reward(rows).unsqueeze(1), layout.NextObservation(rows) - layout.Observation(rows)], 1);

    private static float[] Floats(Tensor values) => values.contiguous().data<float>().ToArray();

    private static string Label(int output) => $"MbpoTarget{output}";

    private static string Mean(int output) => $"MbpoMean{output}";

    private static string Deviation(int output) => $"MbpoDeviation{output}";

    /// <summary>A flat list of fitted parts and the view after them; chains appended one by one would nest and run slower.</summary>
    private sealed class Parts(IDataView view)
    {
        private readonly List<ITransformer> _transformers = [];

        public IDataView View { get; private set; } = view;

        public void Append(IEstimator<ITransformer> estimator) => Append(estimator.Fit(View));

        public void Append(ITransformer transformer)
        {
            _transformers.Add(transformer);
            View = transformer.Transform(View);
        }

        public TransformerChain<ITransformer> ToChain() => new([.. _transformers]);
    }
}
