using MbpoML.Numerics;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Rewards summed up step by step, undiscounted: in the environment, and in rollouts imagined from the same start.</summary>
/// <param name="Actual">The returns in the environment: after 1, 2, ... steps, until the episode or the horizon ended.</param>
/// <param name="Imagined">[rollout][step]: in the model, each as long as the horizon; one that terminated stays where it was.</param>
/// <param name="TerminatedInEnvironment">Whether the task ended in the environment, so that the sum stays what it was.</param>
public sealed record ModelReturns(IReadOnlyList<double> Actual, IReadOnlyList<IReadOnlyList<double>> Imagined, bool TerminatedInEnvironment)
{
    /// <summary>The environment's return at the end.</summary>
    public double ActualReturn => Actual[^1];

    /// <summary>The mean over rollouts after a number of steps.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public double MeanAt(int step)
    {
        Check.Within(1, Imagined[0].Count, step);
        return Imagined.Average(rollout => rollout[step - 1]);
    }

    /// <summary>
    /// What the model promises beyond what the environment gave, on average, at the step at which the environment's episode ended or at the horizon: above zero
    /// where a policy might exploit the model. The paper found returns underestimated.
    /// </summary>
    public double Excess => MeanAt(TerminatedInEnvironment ? Imagined[0].Count : Actual.Count) - ActualReturn;
}
