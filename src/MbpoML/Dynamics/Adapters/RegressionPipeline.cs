using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Compiled;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics.Kernels;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters;

/// <summary>A growing flat list of fitted transformers and the view behind them; chains appended one by one would nest and run slower.</summary>
/// <remarks>It also knows the columns that models of one regression per output share: features, labels, and the names of means and deviations.</remarks>
internal sealed class RegressionPipeline(MLContext mlContext, IDataView view)
{
    public const string FeaturesColumn = PerOutputRegressionEstimator.FeaturesColumn;
    public const string ScoreColumn = "Score";

    private const string DeltaDeviation = TransitionColumns.PredictedObservationDelta + TransitionColumns.StandardDeviationSuffix;

    // A column of type Single that expressions of constants hang on.
    private const string Carrier = "MbpoCarrier";

    private readonly List<ITransformer> _transformers = [];
    private readonly List<string> _scratch = [FeaturesColumn, ScoreColumn];

    public IDataView View { get; private set; } = view;

    public void Append(IEstimator<ITransformer> estimator) => Append(estimator.Fit(View));

    public void Append(ITransformer transformer)
    {
        _transformers.Add(transformer);
        View = transformer.Transform(View);
    }

    /// <summary>Adds a column that the finished pipeline does not show.</summary>
    public void AppendScratch(string name, IEstimator<ITransformer> estimator)
    {
        Append(estimator);
        _scratch.Add(name);
    }

    /// <summary>Observation and action as one vector, then what the featuriser makes of it.</summary>
    public void AppendFeatures(TransitionColumns columns, IEstimator<ITransformer>? featurizer)
    {
        Append(mlContext.Transforms.Concatenate(FeaturesColumn, columns.Observation, columns.Action));
        if (featurizer is not null) Append(featurizer);
    }

    /// <summary>Adds what one output's regression predicts, as a column of type Single.</summary>
    public void AppendMean(string name, OutputRegression regression)
    {
        if (regression.Fitted is { } fitted)
        {
            Append(fitted);
            AppendScratch(name, mlContext.Transforms.CopyColumns(name, ScoreColumn));
            return;
        }
        if (View.Schema.GetColumnOrNull(Carrier) is null)
        {
            Append(ZeroRegression());
            AppendScratch(Carrier, mlContext.Transforms.CopyColumns(Carrier, ScoreColumn));
        }
        var constant = Constant(name);
        AppendScratch(constant, ConstantExpression.Column(mlContext, constant, regression.Constant, Carrier));
        AppendScratch(name, mlContext.Transforms.CopyColumns(name, constant));
    }

    /// <summary>Copies the means and deviations of all outputs into the columns of the contract and drops everything else that was added.</summary>
    /// <param name="mean">The name of an output's mean; output 0 is the reward.</param>
    /// <param name="deviation">The name of an output's standard deviation.</param>
    /// <param name="outputs">1 + observation.</param>
    public TransformerChain<ITransformer> Finish(Func<int, string> mean, Func<int, string> deviation, int outputs)
    {
        var observations = Enumerable.Range(1, outputs - 1).ToArray();
        Append(mlContext.Transforms.CopyColumns(TransitionColumns.PredictedReward, mean(0)));
        Append(mlContext.Transforms.CopyColumns(PredictionSchema.RewardDeviation, deviation(0)));
        Append(mlContext.Transforms.Concatenate(TransitionColumns.PredictedObservationDelta, [.. observations.Select(mean)]));
        Append(mlContext.Transforms.Concatenate(DeltaDeviation, [.. observations.Select(deviation)]));
        Append(mlContext.Transforms.DropColumns([.. _scratch.Distinct()]));
        return ToChain();
    }

    public TransformerChain<ITransformer> ToChain() => new([.. _transformers]);

    /// <summary>The columns that <see cref="Finish"/> leaves, as a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The observation or action column is missing or holds no floats.</exception>
    public static SchemaShape OutputShape(MLContext mlContext, SchemaShape input, TransitionColumns columns)
    {
        input.RequireFloats(columns.Observation);
        input.RequireFloats(columns.Action);
        return input.With(
            SchemaShapes.Vector(mlContext, TransitionColumns.PredictedObservationDelta),
            SchemaShapes.Vector(mlContext, DeltaDeviation),
            SchemaShapes.Scalar(mlContext, TransitionColumns.PredictedReward),
            SchemaShapes.Scalar(mlContext, PredictionSchema.RewardDeviation));
    }

    /// <summary>Observations and actions of some rows.</summary>
    public static DenseDataView Inputs(TransitionColumns columns, TransitionLayout layout, Tensor rows) => new DenseDataView.Builder()
        .AddVector(columns.Observation, layout.ObservationSize, Floats(layout.Observation(rows)))
        .AddVector(columns.Action, layout.ActionSize, Floats(layout.Action(rows)))
        .Build();

    /// <summary>Features and labels in memory: every regression goes over them many times.</summary>
    public static DenseDataView Labelled(Tensor features, Tensor targets)
    {
        var builder = new DenseDataView.Builder().AddVector(FeaturesColumn, (int)features.size(1), Floats(features));
        for (var output = 0; output < (int)targets.size(1); output++) builder.AddScalar(Label(output), Floats(targets.select(1, output)));
        return builder.Build();
    }

    /// <summary>[rows, 1 + observation]: the reward, then the change of each dimension.</summary>
    public static Tensor Targets(TransitionLayout layout, Tensor rows) =>
        cat([layout.Reward(rows).unsqueeze(1), layout.NextObservation(rows) - layout.Observation(rows)], 1);

    /// <summary>The root mean squared error of each output on rows that the regressions have not seen.</summary>
    public static float[] Deviations(IDataView predicted, Func<int, string> mean, Tensor targets)
    {
        var outputs = (int)targets.size(1);
        RowField[] fields = [.. Enumerable.Range(0, outputs).Select(output => RowField.Scalar(predicted.Schema, mean(output), output))];
        var residuals = RowReader.Read(predicted, fields, outputs) - targets;
        return Array.ConvertAll(residuals.to(float64).Squared().mean([0L]).sqrt().data<double>().ToArray(), deviation => (float)deviation);
    }

    public static string Label(int output) => Invariant($"MbpoTarget{output}");

    public static string Mean(int output) => Invariant($"MbpoMean{output}");

    public static string Deviation(int output) => Invariant($"MbpoDeviation{output}");

    private static string Constant(string name) => $"MbpoConstant{name}";

    private static float[] Floats(Tensor values) => values.contiguous().data<float>().ToArray();

    // A linear regression of nothing but zeros: its score is 0 for every row.
    private RegressionPredictionTransformer<LinearRegressionModelParameters> ZeroRegression()
    {
        var width = RowField.Vector(View.Schema, FeaturesColumn, 0).Width;
        var rows = new DenseDataView.Builder().AddVector(FeaturesColumn, width, new float[width]).AddScalar(Label(0), new float[1]).Build();
        return mlContext.Regression.Trainers.OnlineGradientDescent(Label(0), FeaturesColumn).Fit(rows);
    }
}
