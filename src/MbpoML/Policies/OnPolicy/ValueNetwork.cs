using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// A value that a network learns. Its outputs are of order one, whatever the unit of the reward. They are scaled by mean and deviation of the values seen. The
/// last layer moves with the scale, so that no value changes (H. van Hasselt, A. Guez, M. Hessel, V. Mnih and D. Silver, "Learning values across many orders of
/// magnitude", NeurIPS 2016).
/// </summary>
internal sealed class ValueNetwork : IDisposable
{
    // How much the values of one update move the scale.
    private const double ScaleRate = 0.1;

    // Equal values have no scale.
    private const double LeastDeviation = 1e-4;

    private const string WeightState = "values/weights", FirstState = "values/first-moment", SecondState = "values/second-moment",
        StepState = "values/step-count", ScaleState = "values/scale";

    private readonly TanhNetwork _network;
    private readonly Tensor _weights;
    private readonly FlatAdam _optimizer;
    private readonly double? _clipping;
    // Mean, mean square and, of the two, deviation of the values; before the first ones they count as they are.
    private double _mean, _square, _deviation = 1;
    private bool _hasScale;

    /// <param name="shape">From a scaled observation to one number.</param>
    /// <param name="seed">Decides the first weights.</param>
    /// <param name="device">Where it stands.</param>
    /// <param name="learningRate">The step size of Adam.</param>
    /// <param name="clipping">The largest norm of a gradient; null: any.</param>
    public ValueNetwork(NetworkShape shape, int seed, Device device, double learningRate, double? clipping)
    {
        (_network, _clipping) = (new TanhNetwork(shape), clipping);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        _weights = shape.Initialize(1, generator).view(-1).to(device, copy: true).DetachFromDisposeScope();
        _optimizer = new FlatAdam(_weights, learningRate, epsilon: AdamEpsilon);
    }

    /// <summary>Of both optimizers, as in Stable-Baselines3.</summary>
    public const double AdamEpsilon = 1e-5;

    /// <summary>The values of rows.</summary>
    /// <param name="observations">[rows, n], scaled</param>
    public double[] Values(Tensor observations)
    {
        using var scope = NewDisposeScope();
        var outputs = _network.Forward(_weights, observations)[^1].squeeze(1).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        return Array.ConvertAll(outputs, output => (output * _deviation) + _mean);
    }

    /// <summary>Moves the scale towards new values, which stay what they were, and gives them in it.</summary>
    /// <param name="targets">What values are to be.</param>
    /// <returns>[rows, 1], scaled</returns>
    public Tensor Encode(double[] targets)
    {
        var rate = _hasScale ? ScaleRate : 1;
        var (mean, square) = (targets.Average(), targets.Average(target => target * target));
        (mean, square) = (_mean + (rate * (mean - _mean)), _square + (rate * (square - _square)));
        var deviation = Math.Max(LeastDeviation, Math.Sqrt(Math.Max(0, square - (mean * mean))));
        // What was never fitted has no values to be kept.
        if (_hasScale) Rescale(mean, deviation);
        (_mean, _square, _deviation, _hasScale) = (mean, square, deviation, true);
        return TensorMemory.Aligned(Array.ConvertAll(targets, target => (float)((target - mean) / deviation))).unsqueeze(1).to(_weights.device);
    }

    /// <summary>One step of the optimizer on the mean squared error.</summary>
    /// <param name="observations">[rows, n], scaled</param>
    /// <param name="targets">[rows, 1], from <see cref="Encode"/></param>
    /// <returns>The error before the step, a scalar.</returns>
    public Tensor Step(Tensor observations, Tensor targets)
    {
        var values = _network.Forward(_weights, observations);
        var error = values[^1].sub(targets);
        var gradient = _network.Backward(_weights, values, error.Times(2.0 / observations.size(0)));
        if (_clipping is { } norm) GradientClip.Apply(gradient, norm);
        _optimizer.Step(gradient);
        return error.Squared().mean();
    }

    public void Save(IStateWriter to)
    {
        foreach (var (name, value) in Saved()) to.Add(name, value);
        to.Add(StepState, _optimizer.StepCount);
        to.Add(ScaleState, _hasScale ? [_mean, _square, _deviation] : []);
    }

    /// <summary>Looks everything up, and gives what puts it back.</summary>
    public Action Restore(IStateReader from)
    {
        var values = Saved().Select(own => (own.Tensor, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Tensor.shape))).ToArray();
        var (steps, scale) = (from.Count(StepState), from.Doubles(ScaleState));
        if (scale.Length is not (0 or 3) || !Array.TrueForAll(scale, double.IsFinite) || (scale is [_, _, var deviation] && deviation <= 0))
            throw from.Damaged($"'{ScaleState}' is no scale of values");
        return () =>
        {
            foreach (var (own, value) in values) own.copy_(value);
            _optimizer.SetState(_optimizer.FirstMoment, _optimizer.SecondMoment, steps);
            _hasScale = scale.Length > 0;
            (_mean, _square, _deviation) = _hasScale ? (scale[0], scale[1], scale[2]) : (0, 0, 1);
        };
    }

    public void Dispose()
    {
        _weights.Dispose();
        _optimizer.Dispose();
    }

    private void Rescale(double mean, double deviation)
    {
        using var scope = NewDisposeScope();
        var (shape, last) = (_network.Shape, _network.Shape.Layers - 1);
        _weights.narrow(0, shape.WeightOffset(last), (long)shape.In(last) * shape.Out(last)).MultiplyInPlace(_deviation / deviation);
        _weights.narrow(0, shape.BiasOffset(last), shape.Out(last)).MultiplyInPlace(_deviation / deviation).AddInPlace((_mean - mean) / deviation);
    }

    private (string Name, Tensor Tensor)[] Saved() =>
        [(WeightState, _weights), (FirstState, _optimizer.FirstMoment), (SecondState, _optimizer.SecondMoment)];
}
