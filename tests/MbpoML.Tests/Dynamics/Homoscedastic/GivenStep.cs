using MbpoML.Data;
using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Homoscedastic;

/// <summary>What a step is given, and the derivative that comes back.</summary>
internal sealed class GivenStep
{
    private readonly int _seed;

    public GivenStep(TransitionLayout layout, int batch, int seed = 1)
    {
        _seed = seed;
        using var generator = new Generator((ulong)seed);
        Observation = (2 * randn(batch, layout.ObservationSize, generator: generator)) + 1;
        Action = randn(batch, layout.ActionSize, generator: generator);
        OutcomeGradient = randn(batch, 1 + layout.ObservationSize, generator: generator);
    }

    public Tensor Observation { get; }

    public Tensor Action { get; }

    public Tensor OutcomeGradient { get; }

    public void Run(IDifferentiableStep step)
    {
        using var generator = Generator();
        step.Forward(Observation, Action, generator);
        step.Backward(OutcomeGradient);
    }

    public Generator Generator() => new((ulong)(_seed + 1000));
}
