using MbpoML.Saving;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Gives a policy learner what it learns from, one update at a time.</summary>
internal interface ILearnerFeed : ISaved, IDisposable
{
    /// <summary>Whether it takes imagined transitions from the pool, so that rollouts are branched.</summary>
    bool UsesImagined { get; }

    /// <summary>Whether there must be a dynamics model.</summary>
    bool NeedsModel { get; }

    /// <summary>One update of the learner.</summary>
    /// <param name="updatesLeft">The updates that are still to come until the pools change, this one included, at least 1.</param>
    void Update(int updatesLeft);
}
