using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>One network on the CPU with its gradient and Adam: parameters in one flat buffer, which a slow copy may follow.</summary>
internal sealed class TrainedNetwork : ISaved, IDisposable
{
    private readonly FlatAdam _optimizer;

    /// <param name="name">The name of its state, which also decides its first weights.</param>
    /// <param name="shape">The layers.</param>
    /// <param name="learningRate">The step size of Adam.</param>
    /// <param name="seed">Decides the first weights.</param>
    public TrainedNetwork(string name, NetworkShape shape, double learningRate, int seed)
    {
        using var scope = NewDisposeScope();
        (Name, Shape) = (name, shape);
        using (var weights = new Generator((ulong)Seeds.Derive(seed, name), CPU)) Parameters = shape.Initialize(1, weights).view(-1).DetachFromDisposeScope();
        Target = Parameters.clone().DetachFromDisposeScope();
        Views = new LayerViews(shape, Parameters.alias());
        TargetViews = new LayerViews(shape, Target.alias());
        Gradient = LayerViews.Zeros(shape);
        _optimizer = new FlatAdam(Parameters, learningRate);
    }

    public string Name { get; }

    /// <summary>The layers.</summary>
    public NetworkShape Shape { get; }

    /// <summary>[parameters]</summary>
    public Tensor Parameters { get; }

    /// <summary>The slowly following copy, [parameters].</summary>
    public Tensor Target { get; }

    /// <summary>The parameters by layer.</summary>
    public LayerViews Views { get; }

    /// <summary>The slowly following copy by layer.</summary>
    public LayerViews TargetViews { get; }

    /// <summary>Where the gradient of the next step goes.</summary>
    public LayerViews Gradient { get; }

    /// <summary>One step of Adam along the gradient.</summary>
    /// <param name="factor">What the learning rate is multiplied with.</param>
    public void Step(double factor = 1) => _optimizer.StepRange(_optimizer.BeginStep(factor), 0, Gradient.Values);

    /// <summary>Moves the slow copy towards the parameters.</summary>
    /// <param name="share">τ, from 0 to 1.</param>
    public void MoveTarget(double share) => TensorPrimitives.Lerp(TargetViews.Values, Views.Values, (float)share, TargetViews.Values);

    public void Save(IStateWriter to)
    {
        to.Add("parameters", Parameters);
        to.Add("target", Target);
        to.Add("first-moment", _optimizer.FirstMoment);
        to.Add("second-moment", _optimizer.SecondMoment);
        to.Add("steps", _optimizer.StepCount);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        long[] shape = [Shape.ParameterCount];
        Tensor Saved(string value) => from.Tensor(value, ScalarType.Float32, shape);
        var (parameters, target, first, second) = (Saved("parameters"), Saved("target"), Saved("first-moment"), Saved("second-moment"));
        _optimizer.SetState(first, second, from.Count("steps"));
        Parameters.copy_(parameters);
        Target.copy_(target);
    }

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_optimizer, Views, TargetViews, Gradient, Parameters, Target]) part.Dispose();
    }
}
