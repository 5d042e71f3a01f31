using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>The members of an ensemble, each of which imagines its mean without a draw.</summary>
/// <param name="ensemble">Stays the caller's.</param>
/// <remarks>
/// A member describes all that it cannot explain as noise of one width. Where a log has rare jumps instead, such as those of set points, draws make a walk of
/// them that no plant takes.
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
        return (mean, deviation.zero_());
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => ensemble.Predict(observation, action);
}
