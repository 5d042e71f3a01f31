using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>Gives a policy learner what it learns from, one update at a time.</summary>
internal interface ILearnerFeed : ISaved, IDisposable
{
    /// <summary>Whether imagined transitions are branched for it.</summary>
    bool UsesImagined { get; }

    /// <summary>One update of the learner.</summary>
    /// <param name="updatesLeft">The updates that are still to come until the pools change, this one included, at least 1.</param>
    void Update(int updatesLeft);
}
