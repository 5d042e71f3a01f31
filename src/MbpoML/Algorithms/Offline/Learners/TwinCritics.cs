using System.Numerics.Tensors;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Saving;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>Two critics that learn the same targets, with slow copies whose smaller value counts.</summary>
internal sealed class TwinCritics : ISaved, IDisposable
{
    private readonly TrainedNetwork[] _networks;
    private readonly ValuePass[] _passes;
    private readonly float[] _delta;

    /// <param name="shape">Observation and action to one value.</param>
    /// <param name="learningRate">The step size of Adam.</param>
    /// <param name="rows">Rows of a minibatch.</param>
    /// <param name="seed">Decides the first weights.</param>
    public TwinCritics(NetworkShape shape, double learningRate, int rows, int seed)
    {
        _networks = [new TrainedNetwork("critic-1", shape, learningRate, seed), new TrainedNetwork("critic-2", shape, learningRate, seed)];
        _passes = [.. _networks.Select(network => new ValuePass(network, rows))];
        (_delta, Smaller) = (new float[rows], new float[rows]);
    }

    public string Name => "critics";

    /// <summary>The first critic.</summary>
    public TrainedNetwork First => _networks[0];

    /// <summary>The first critic's minibatch.</summary>
    public ValuePass FirstPass => _passes[0];

    /// <summary>[batch]: what the last <see cref="EvaluateTargets"/> gave.</summary>
    public float[] Smaller { get; }

    /// <summary>The mean of the first critic at the logged actions, in the last <see cref="Learn"/>.</summary>
    public double Mean { get; private set; }

    /// <summary>Sets <see cref="Smaller"/> to the smaller value of the slow copies.</summary>
    /// <param name="input">[batch, observation + action]</param>
    public void EvaluateTargets(Matrix input)
    {
        foreach (var pass in _passes) pass.Forward(input, ofTarget: true);
        TensorPrimitives.Min(_passes[0].Values, _passes[1].Values, Smaller);
    }

    /// <summary>One step of both.</summary>
    /// <param name="input">[batch, observation + action]</param>
    /// <param name="targets">y, [batch]</param>
    /// <returns>The loss of one critic on average.</returns>
    public double Learn(Matrix input, ReadOnlySpan<float> targets)
    {
        var loss = 0.0;
        for (var index = 0; index < 2; index++)
        {
            _passes[index].Forward(input);
            loss += OfflineLosses.Squared(_passes[index].Values, targets, _delta) / 2;
            _passes[index].Backward(input, _delta);
            _networks[index].Step();
        }

        Mean = TensorPrimitives.Sum<float>(_passes[0].Values) / _delta.Length;
        return loss;
    }

    /// <summary>Moves the slow copies.</summary>
    /// <param name="share">τ</param>
    public void MoveTargets(double share)
    {
        foreach (var network in _networks) network.MoveTarget(share);
    }

    public void Save(IStateWriter to) => _networks.Save(to);

    public void Restore(IStateReader from) => _networks.Restore(from);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[.. _passes, .. _networks]) part.Dispose();
    }
}
