namespace MbpoML.Dynamics.Metrics;

/// <summary>What was measured in one fit of a probabilistic ensemble.</summary>
/// <param name="Epochs">The number of passes over the training rows.</param>
/// <param name="OptimizerSteps">Minibatches, one of every member at a time.</param>
/// <param name="TrainingRows">The number of transitions trained on.</param>
/// <param name="HoldoutRows">Rows held out for early stopping and for choosing the elites.</param>
/// <param name="TrainLoss">The mean training loss of the last epoch, in the scaling of the official code (summed over members).</param>
/// <param name="HoldoutLosses">By member: the mean squared error on the holdout rows with its restored weights, averaged over outputs, in the units of the
/// targets learned.</param>
/// <param name="BestEpochs">By member: the epoch (from 0) whose weights were restored.</param>
/// <param name="Elites">The members with the lowest holdout losses, best first: those that predict.</param>
/// <param name="Holdout">Error, likelihood and calibration on the holdout rows, in environment units.</param>
public sealed record DynamicsFitReport(
    int Epochs,
    long OptimizerSteps,
    long TrainingRows,
    long HoldoutRows,
    double TrainLoss,
    IReadOnlyList<double> HoldoutLosses,
    IReadOnlyList<int> BestEpochs,
    IReadOnlyList<int> Elites,
    DynamicsMetrics Holdout)
{
    /// <summary>The numbers of the report that are worth a curve, by metric name.</summary>
    internal IReadOnlyDictionary<string, double> ToMetrics() => new Dictionary<string, double>
    {
        [DynamicsMetricNames.HoldoutLoss] = Elites.Average(member => HoldoutLosses[member]),
        [DynamicsMetricNames.HoldoutMeanSquaredError] = Elites.Average(member => Holdout.Members[member].MeanSquaredError),
        [DynamicsMetricNames.HoldoutNegativeLogLikelihood] = Elites.Average(member => Holdout.Members[member].NegativeLogLikelihood),
        [DynamicsMetricNames.HoldoutCoverage90] = Holdout.Mixture.Outputs.Average(output => output.Coverage90),
        [DynamicsMetricNames.TrainLoss] = TrainLoss,
        [DynamicsMetricNames.Epochs] = Epochs,
        [DynamicsMetricNames.OptimizerSteps] = OptimizerSteps,
        [DynamicsMetricNames.TrainingRows] = TrainingRows,
        [DynamicsMetricNames.HoldoutRows] = HoldoutRows,
    };
}
