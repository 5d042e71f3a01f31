using MbpoML.Training;
using MbpoML.Training.Metrics;

namespace MbpoML.Algorithms.Offline;

/// <summary>How far a fit is, for the algorithm in it.</summary>
/// <param name="updates">Updates in all.</param>
/// <param name="clock">Measures stages.</param>
/// <param name="meters">Tells of stages while they are under way.</param>
/// <param name="enter">Says that another phase begins.</param>
/// <param name="report">Takes metrics of the epoch.</param>
/// <param name="cancellationToken">Stops long stages.</param>
internal sealed class OfflineRun(
    int updates, StageClock clock, RunMeters meters, Action<TrainingPhase> enter, Action<IReadOnlyDictionary<string, double>> report,
    CancellationToken cancellationToken)
{
    /// <summary>Updates that are done.</summary>
    public int Done { get; set; }

    /// <summary>Updates in all.</summary>
    public int Updates => updates;

    /// <summary>Stops long stages.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>What a learning rate that follows a cosine from 1 to 0 over all updates is multiplied with now.</summary>
    public double Cosine => 0.5 * (1 + Math.Cos(Math.PI * Done / updates));

    /// <summary>Runs a stage, and goes back to the updates after it.</summary>
    /// <param name="phase">What it does.</param>
    /// <param name="metric">The metric of its time.</param>
    /// <param name="stage">Gives what it measured.</param>
    public void Measure(TrainingPhase phase, string metric, Func<IReadOnlyDictionary<string, double>> stage)
    {
        enter(phase);
        using (meters.Begin(phase)) clock.Measure(metric, () => report(stage()));
        enter(TrainingPhase.OptimizingPolicy);
    }
}
