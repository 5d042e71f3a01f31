using MbpoML.Acting;
using MbpoML.Environments;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>Acts with gain times the first observation; drawn actions add noise of a given width.</summary>
internal sealed class NoisyPolicy(int observationSize, int actionSize, float gain, float noise) : IPolicy
{
    public int ObservationSize => observationSize;

    public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(actionSize, -1, 1);

    public int Sampled { get; private set; }

    public Tensor Act(Tensor observation) => (observation.narrow(1, 0, 1) * gain).expand(observation.shape[0], actionSize).contiguous();

    public Tensor Sample(Tensor observation, Generator generator)
    {
        Sampled++;
        return Act(observation) + (randn(observation.shape[0], actionSize, generator: generator) * noise);
    }
}
