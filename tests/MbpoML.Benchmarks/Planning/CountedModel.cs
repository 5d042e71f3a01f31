using MbpoML.Data;
using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Planning;

/// <summary>A model that counts the rows it is asked for.</summary>
/// <param name="model">Gives the answers.</param>
internal sealed class CountedModel(IDynamicsModel model) : IDynamicsModel
{
    /// <summary>Imagined steps so far.</summary>
    public long Rows { get; private set; }

    /// <inheritdoc/>
    public TransitionLayout Layout => model.Layout;

    /// <inheritdoc/>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        Rows += observation.size(0);
        return model.Sample(observation, action, generator);
    }
}
