using MbpoML.Policies;
using MbpoML.Saving;

namespace MbpoML.Algorithms.Offline;

/// <summary>An algorithm that learns a policy from a log: what it does before its updates, and in each of them.</summary>
internal interface IOfflineAlgorithm : ISaved, IDisposable
{
    /// <summary>Whether more updates would not help, so that the fit is over.</summary>
    bool IsDone => false;

    /// <summary>What comes before the first update, such as the fit of a model. Stopped in the middle, it leaves no trace.</summary>
    /// <param name="run">Measures it.</param>
    void Begin(OfflineRun run)
    {
    }

    /// <summary>One update of the policy, and what is due before it.</summary>
    /// <param name="run">How far the fit is.</param>
    void Update(OfflineRun run);

    /// <summary>What the updates since the last call measured, by metric name.</summary>
    IReadOnlyDictionary<string, double> TakeMetrics();

    /// <summary>Says when learning has diverged.</summary>
    /// <exception cref="Numerics.LearningException">It has.</exception>
    void ThrowIfDiverged();

    /// <summary>A copy of the policy as it stands.</summary>
    PolicyTransformer ToTransformer();
}
