using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>A model that is a function of state and action.</summary>
internal sealed class FunctionModel(TransitionLayout layout, Func<Tensor, Tensor, Generator, ImaginedStep> step) : IDynamicsModel
{
    public TransitionLayout Layout => layout;

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        var (next, reward, terminated) = step(observation, action, generator);
        return new DynamicsSample(next, reward, terminated);
    }
}
