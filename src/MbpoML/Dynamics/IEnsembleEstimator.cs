using MbpoML.Dynamics.Ensemble;

namespace MbpoML.Dynamics;

/// <summary>An ML.NET estimator whose fitted model is an <see cref="IEnsembleDynamicsModel"/>, which a run may know before the first fit.</summary>
public interface IEnsembleEstimator
{
    /// <summary>The number of members, at least 2.</summary>
    int MemberCount { get; }
}
