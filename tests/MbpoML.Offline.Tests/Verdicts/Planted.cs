using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Verdicts;

/// <summary>A learner whose model is given.</summary>
/// <param name="model">The model.</param>
internal sealed class Planted(IDynamicsModel model) : IDynamicsLearner
{
    public IDynamicsModel Model => model;

    public bool IsEnsemble => true;

    public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken) => new Dictionary<string, double>();

    public void Dispose()
    {
    }
}
