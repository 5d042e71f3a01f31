using MbpoML.Numerics;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>
/// An episode of T steps beside many replays of its actions through a model: for each quantity what happened, and mean and spread of what was imagined.
/// </summary>
public sealed class RolloutFan
{
    internal RolloutFan(IReadOnlyList<FanQuantity> observations, FanQuantity reward, int samples) =>
        (Observations, Reward, Samples) = (observations, reward, samples);

    /// <summary>Each dimension of the observation after 0 to T steps: T + 1 values.</summary>
    public IReadOnlyList<FanQuantity> Observations { get; }

    /// <summary>The reward of steps 1 to T: T values.</summary>
    public FanQuantity Reward { get; }

    /// <summary>The number of replays.</summary>
    public int Samples { get; }

    /// <summary>T, the steps that the environment made.</summary>
    public int Steps => Reward.Actual.Count;

    /// <summary>
    /// The mean's distance from what happened after a number of steps: the root of the mean square over dimensions, each in standard deviations of its actual
    /// course (1 where that is constant).
    /// </summary>
    /// <param name="step">The step, from 0 to <see cref="Steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public double ErrorAt(int step)
    {
        CheckStep(step);
        return Math.Sqrt(Observations.Average(quantity => Math.Pow((quantity.Mean[step] - quantity.Actual[step]) / quantity.Scale, 2)));
    }

    /// <summary>
    /// The part of the dimensions that really were within one standard deviation of the mean after a number of steps; 0.68 of a calibrated model's.
    /// </summary>
    /// <param name="step">The step, from 0 to <see cref="Steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public double CoverageAt(int step)
    {
        CheckStep(step);
        return Observations.Average(quantity => Math.Abs(quantity.Mean[step] - quantity.Actual[step]) <= quantity.StandardDeviation[step] ? 1.0 : 0.0);
    }

    private void CheckStep(int step) => Check.Within(0, Steps, step);
}
