using MbpoML.Data;
using MbpoML.Dynamics;

namespace CustomDynamics;

/// <summary>Stage 1 by a network of one's own: a run asks it for one learner and fits that again and again.</summary>
internal sealed class NetworkDynamics : IDynamicsEstimator
{
    // The network is small, so it stays on the CPU wherever the run is.
    public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null) => new NetworkLearner(layout, seed);
}
