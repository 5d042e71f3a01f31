using MbpoML.Data.Replay;
using MbpoML.Policies;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>What an algorithm of MBPO's family learns with, as far as a snapshot of it shows it.</summary>
internal interface ILearnedParts
{
    /// <summary>The policy with its critics; null where no policy is learned.</summary>
    IPolicyLearner? Policy { get; }

    /// <summary>The dynamics model; null where none maps observations and actions to observations.</summary>
    ModelFit? Model { get; }

    /// <summary>The real transitions.</summary>
    ReplayPool RealPool { get; }

    /// <summary>The imagined transitions.</summary>
    ReplayPool ModelPool { get; }

    /// <summary>Whether the updates take imagined transitions from the pool.</summary>
    bool UsesImagined { get; }

    /// <summary>One update of the policy, on the pools as they are.</summary>
    /// <param name="updatesLeft">The updates that are still to come, this one included.</param>
    void Update(int updatesLeft);
}
