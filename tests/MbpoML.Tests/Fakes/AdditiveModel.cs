using MbpoML.Data;
using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>s' = s + a (one action, added to every dimension), r = a; exact, so every imagined row can be checked.</summary>
internal sealed class AdditiveModel(int observationSize) : IDynamicsModel
{
    public TransitionLayout Layout { get; } = new(observationSize, 1);

    public Func<Tensor, Tensor>? Terminates { get; init; }

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        var next = observation + action;
        return new DynamicsSample(next, action.squeeze(1).clone(), Terminates?.Invoke(next));
    }
}
