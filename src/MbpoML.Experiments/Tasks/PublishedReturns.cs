namespace MbpoML.Experiments.Tasks;

/// <summary>The learning curve that others published for an algorithm on a task.</summary>
/// <param name="Name">The short name that tables and command lines use, as in "dhmbpo-utd2".</param>
/// <param name="Algorithm">What pictures call it, as in "DHMBPO, 2 updates a step".</param>
/// <param name="Runs">The number of seeds behind each mean.</param>
/// <param name="Steps">The numbers of real environment steps, ascending.</param>
/// <param name="Mean">The mean return over seeds at each of the steps.</param>
/// <param name="StandardDeviation">The standard deviation over seeds at each of the steps.</param>
/// <param name="WallClockSeconds">Seconds of training by each of the steps, on the authors' machine; empty where they were not recorded.</param>
/// <param name="Source">Where it was published, as one sentence to stand below a table.</param>
public sealed record PublishedReturns(
    string Name, string Algorithm, int Runs, IReadOnlyList<double> Steps, IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation,
    IReadOnlyList<double> WallClockSeconds, string Source);
