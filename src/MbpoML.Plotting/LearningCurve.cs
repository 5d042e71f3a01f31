namespace MbpoML.Plotting;

/// <summary>The returns that one run reached as its environment steps went up.</summary>
public sealed class LearningCurve
{
    /// <summary>Takes the points of a run; they are copied.</summary>
    /// <param name="algorithm">What was run. Curves of equal names are seeds of one algorithm and are averaged.</param>
    /// <param name="steps">Environment steps, finite and strictly ascending, one or more of them.</param>
    /// <param name="returns">The mean return of the evaluation at each of the steps, finite.</param>
    /// <exception cref="ArgumentException">The lists are empty, differ in length, do not ascend or hold NaN.</exception>
    public LearningCurve(string algorithm, IReadOnlyList<double> steps, IReadOnlyList<double> returns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(algorithm);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(returns);
        if (steps.Count == 0 || steps.Count != returns.Count)
            throw new ArgumentException(
                $"The curve \"{algorithm}\" has {steps.Count} steps and {returns.Count} returns; it needs equally many of both, at least one.",
                nameof(returns));
        for (var index = 0; index < steps.Count; index++)
        {
            if (!double.IsFinite(steps[index]) || (index > 0 && !(steps[index] > steps[index - 1])))
                throw new ArgumentException(
                    Invariant($"The curve \"{algorithm}\" has the step {steps[index]} at position {index}; steps must be finite and ascend strictly."),
                    nameof(steps));
            if (!double.IsFinite(returns[index]))
                throw new ArgumentException(
                    Invariant($"The curve \"{algorithm}\" has the return {returns[index]} at step {steps[index]}; leave out points that are not finite."),
                    nameof(returns));
        }

        Algorithm = algorithm;
        Steps = [.. steps];
        Returns = [.. returns];
    }

    /// <summary>The name of the algorithm that was run.</summary>
    public string Algorithm { get; }

    /// <summary>The numbers of environment steps, ascending.</summary>
    public IReadOnlyList<double> Steps { get; }

    /// <summary>The return at each step.</summary>
    public IReadOnlyList<double> Returns { get; }

    /// <summary>The return at a step within the run's range, on the straight line between its neighbours.</summary>
    internal double At(double step)
    {
        var next = 0;
        while (Steps[next] < step) next++;
        if (Steps[next] == step) return Returns[next];
        var share = (step - Steps[next - 1]) / (Steps[next] - Steps[next - 1]);
        return Returns[next - 1] + (share * (Returns[next] - Returns[next - 1]));
    }
}
