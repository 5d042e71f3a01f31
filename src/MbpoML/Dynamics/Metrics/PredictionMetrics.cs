namespace MbpoML.Dynamics.Metrics;

/// <summary>How well one predictor (a member, or the mixture of the elites) agrees with transitions that happened.</summary>
/// <param name="Outputs">One entry a predicted value: the reward first, then each dimension of the next observation.</param>
public sealed record PredictionMetrics(IReadOnlyList<OutputMetrics> Outputs)
{
    /// <summary>The mean over outputs of their mean squared errors, in environment units.</summary>
    public double MeanSquaredError => Outputs.Average(output => output.MeanSquaredError);

    /// <summary>The mean negative log-likelihood of a whole row: the sum over outputs, in nats.</summary>
    public double NegativeLogLikelihood => Outputs.Sum(output => output.NegativeLogLikelihood);
}
