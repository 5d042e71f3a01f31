namespace MbpoML.Experiments.Tasks;

/// <summary>The learning curve that others published for an algorithm on a task.</summary>
/// <param name="Algorithm">What was run, as in "MBPO".</param>
/// <param name="Runs">The number of seeds.</param>
/// <param name="Steps">Real environment steps, ascending.</param>
/// <param name="Mean">The mean return over seeds at each of the steps.</param>
/// <param name="StandardDeviation">The standard deviation over seeds at each of the steps.</param>
/// <param name="WallClockSeconds">Seconds of training by each of the steps, on the authors' machine.</param>
/// <param name="Source">Where it was published, as one sentence to stand below a table.</param>
public sealed record PublishedReturns(
    string Algorithm, int Runs, IReadOnlyList<double> Steps, IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation,
    IReadOnlyList<double> WallClockSeconds, string Source);
