using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>What <see cref="LineEnvironment"/> does, with an error of known size and noise of a known width, which it also predicts.</summary>
internal sealed class LineModel(double error, double noise) : IEnsembleDynamicsModel
{
    public TransitionLayout Layout { get; } = new(1, 1);

    public int EliteCount => 1;

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        var next = Next(observation, action) + (randn(observation.shape, generator: generator) * noise);
        return new DynamicsSample(next, (1 - next.abs()).squeeze(1));
    }

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action)
    {
        var (mean, deviation) = Predict(observation, action);
        return (mean.unsqueeze(0), deviation.unsqueeze(0));
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action)
    {
        var next = Next(observation, action);
        return (cat([1 - (next - error).abs(), next], 1), full([next.shape[0], 2], Math.Max(noise, 1e-3)));
    }

    private Tensor Next(Tensor observation, Tensor action) => observation + (action.clamp(-2, 2) * 0.3) + error;
}
