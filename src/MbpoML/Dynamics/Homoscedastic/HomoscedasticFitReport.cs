using MbpoML.Dynamics.Metrics;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>What was measured in one fit of an ensemble with constant noise.</summary>
/// <param name="OptimizerSteps">Optimizer steps taken, one minibatch of every member at a time.</param>
/// <param name="KeptStep">The step whose weights were kept, from 0 (those before the fit) to <paramref name="OptimizerSteps"/>; all of them without early
/// stopping.</param>
/// <param name="TrainingRows">The number of transitions trained on.</param>
/// <param name="HoldoutRows">The number of transitions held out and measured.</param>
/// <param name="TrainLoss">The mean over members and the last 50 or fewer steps of mean w · Σ over outputs of (μ - y)² / (2 σ²) + log σ, in the units of
/// the targets learned.</param>
/// <param name="NewRowsLoss">
/// The mean squared error, before the fit, on the rows that came since the fit before, in the units of the targets learned: what the model is worth where the
/// policy went. Null in the first fit and where there are none.
/// </param>
/// <param name="Noise">By output: the mean over members of the learned deviation σ, in environment units, the reward first.</param>
/// <param name="NormalizedNoise">The mean over members and outputs of σ in the units of the targets learned.</param>
/// <param name="HoldoutLoss">The mean over members, rows and outputs of the squared error on the holdout rows, in the units of the targets learned; null where
/// nothing is held out.</param>
/// <param name="Holdout">Error, likelihood and calibration on the holdout rows, in environment units; null where nothing is held out.</param>
public sealed record HomoscedasticFitReport(
    long OptimizerSteps,
    long KeptStep,
    long TrainingRows,
    long HoldoutRows,
    double TrainLoss,
    double? NewRowsLoss,
    IReadOnlyList<double> Noise,
    double NormalizedNoise,
    double? HoldoutLoss,
    DynamicsMetrics? Holdout)
{
    /// <summary>The numbers of the report that are worth a curve, by metric name.</summary>
    internal IReadOnlyDictionary<string, double> ToMetrics()
    {
        var metrics = new Dictionary<string, double>
        {
            [DynamicsMetricNames.TrainLoss] = TrainLoss,
            [DynamicsMetricNames.Noise] = NormalizedNoise,
            [DynamicsMetricNames.OptimizerSteps] = OptimizerSteps,
            [DynamicsMetricNames.KeptStep] = KeptStep,
            [DynamicsMetricNames.TrainingRows] = TrainingRows,
            [DynamicsMetricNames.HoldoutRows] = HoldoutRows,
        };
        if (NewRowsLoss is { } ofNewRows) metrics[DynamicsMetricNames.NewRowsLoss] = ofNewRows;
        if (HoldoutLoss is { } loss) metrics[DynamicsMetricNames.HoldoutLoss] = loss;
        if (Holdout is null) return metrics;
        metrics[DynamicsMetricNames.HoldoutMeanSquaredError] = Holdout.Members.Average(member => member.MeanSquaredError);
        metrics[DynamicsMetricNames.HoldoutNegativeLogLikelihood] = Holdout.Members.Average(member => member.NegativeLogLikelihood);
        metrics[DynamicsMetricNames.HoldoutCoverage90] = Holdout.Mixture.Outputs.Average(output => output.Coverage90);
        return metrics;
    }
}
