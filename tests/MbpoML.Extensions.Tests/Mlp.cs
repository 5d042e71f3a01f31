using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>A small network with ReLU layers, and Adam, whose whole state is a few tensors.</summary>
internal sealed class Mlp : IDisposable
{
    private readonly Tensor[] _values, _first, _second;
    private readonly double _learningRate;
    private long _steps;

    public Mlp(Generator generator, double learningRate, params int[] sizes)
    {
        using var noGradient = no_grad();
        _learningRate = learningRate;
        _values = [.. sizes.Zip(sizes.Skip(1)).SelectMany(layer => new[] { Uniform(layer.First, layer.Second), zeros(layer.Second) })];
        _first = [.. _values.Select(value => zeros_like(value))];
        _second = [.. _values.Select(value => zeros_like(value))];
        foreach (var tensor in (Tensor[])[.. _values, .. _first, .. _second]) tensor.DetachFromDisposeScope();
        foreach (var value in _values) value.requires_grad_(true);

        Tensor Uniform(int inputs, int outputs) => (rand(inputs, outputs, generator: generator) - 0.5) * (2 / Math.Sqrt(inputs));
    }

    /// <summary>Weights and biases, one after the other.</summary>
    public IReadOnlyList<Tensor> Values => _values;

    public Tensor Forward(Tensor input)
    {
        for (var layer = 0; layer < _values.Length; layer += 2)
        {
            input = input.matmul(_values[layer]) + _values[layer + 1];
            if (layer + 2 < _values.Length) input = input.relu();
        }

        return input;
    }

    public void Step(Tensor loss)
    {
        var gradients = autograd.grad([loss], _values);
        using var noGradient = no_grad();
        _steps++;
        var rate = _learningRate * Math.Sqrt(1 - Math.Pow(0.999, _steps)) / (1 - Math.Pow(0.9, _steps));
        for (var index = 0; index < _values.Length; index++)
        {
            _first[index].mul_(0.9).add_(gradients[index], 0.1);
            _second[index].mul_(0.999).addcmul_(gradients[index], gradients[index], 0.001);
            _values[index].sub_(_first[index] / (_second[index].sqrt() + 1e-8) * rate);
        }
    }

    public void Follow(Mlp other, double share)
    {
        using var noGradient = no_grad();
        for (var index = 0; index < _values.Length; index++) _values[index].mul_(1 - share).add_(other._values[index], share);
    }

    public void Save(IStateWriter to)
    {
        to.Add("steps", _steps);
        for (var index = 0; index < _values.Length; index++)
        {
            to.Add($"value-{index}", _values[index]);
            to.Add($"first-{index}", _first[index]);
            to.Add($"second-{index}", _second[index]);
        }
    }

    public void Restore(IStateReader from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _steps = from.Count("steps");
        for (var index = 0; index < _values.Length; index++)
        {
            _values[index].copy_(from.Tensor($"value-{index}", ScalarType.Float32, _values[index].shape));
            _first[index].copy_(from.Tensor($"first-{index}", ScalarType.Float32, _values[index].shape));
            _second[index].copy_(from.Tensor($"second-{index}", ScalarType.Float32, _values[index].shape));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. _values, .. _first, .. _second]) tensor.Dispose();
    }
}
