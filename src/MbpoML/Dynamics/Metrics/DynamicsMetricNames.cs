namespace MbpoML.Dynamics.Metrics;

/// <summary>The names of the metrics that a fit of the dynamics model gives, in the order of docs/metrics.md, which explains each.</summary>
public static class DynamicsMetricNames
{
    /// <summary>Mean over the elites of their holdout error, in the units of the targets learned: what decides on stopping and elites.</summary>
    public const string HoldoutLoss = "model/holdout-loss";

    /// <summary>Mean over the elites of their mean squared error on the holdout rows, in environment units.</summary>
    public const string HoldoutMeanSquaredError = "model/holdout-mse";

    /// <summary>Mean over the elites of the negative log-likelihood of a holdout row, in nats.</summary>
    public const string HoldoutNegativeLogLikelihood = "model/holdout-nll";

    /// <summary>The share of holdout values inside the central 90 % interval of the elites' mixture.</summary>
    public const string HoldoutCoverage90 = "model/holdout-coverage-90";

    /// <summary>Mean training loss of the last epoch.</summary>
    public const string TrainLoss = "model/train-loss";

    /// <summary>Mean squared error on training rows; only of models that hold no rows out.</summary>
    public const string TrainMeanSquaredError = "model/train-mse";

    /// <summary>Epochs of the fit.</summary>
    public const string Epochs = "model/epochs";

    /// <summary>Optimizer steps of the fit.</summary>
    public const string OptimizerSteps = "model/optimizer-steps";

    /// <summary>The optimizer step whose weights a fit kept; only of the homoscedastic ensemble.</summary>
    public const string KeptStep = "model/kept-step";

    /// <summary>
    /// Mean over members and outputs of the learned deviation of the noise, in the units of the targets learned; only of the homoscedastic ensemble.
    /// </summary>
    public const string Noise = "model/noise";

    /// <summary>Mean squared error before the fit on the rows that came since the fit before; only of the homoscedastic ensemble.</summary>
    public const string NewRowsLoss = "model/new-rows-loss";

    /// <summary>The number of transitions trained on.</summary>
    public const string TrainingRows = "model/training-rows";

    /// <summary>The number of transitions held out.</summary>
    public const string HoldoutRows = "model/holdout-rows";
}
