using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>The members of an ensemble, each of which imagines its mean without a draw.</summary>
/// <param name="ensemble">Stays the caller's.</param>
/// <remarks>
/// A member takes all that it cannot explain for noise. Where that is its own error, draws make a noise that the plant does not have.
/// </remarks>
internal sealed class NoiselessMembers(IEnsembleDynamicsModel ensemble) : IEnsembleDynamicsModel
{
    public TransitionLayout Layout => ensemble.Layout;

    public int EliteCount => ensemble.EliteCount;

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        var (mean, deviation) = Predict(observation, action);
        using (deviation) return new DynamicsSample(mean.narrow(1, 1, mean.size(1) - 1), mean.select(1, 0));
    }

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action)
    {
        var (mean, deviation) = ensemble.PredictMembers(observation, action);
        using (deviation) return (mean, zeros_like(deviation));
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => ensemble.Predict(observation, action);
}
