using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Naive;

/// <summary>
/// The ensemble as one would first write it with TorchSharp: a parameter for each layer, batched matrix products, autograd and the library's Adam.
/// </summary>
internal sealed class NaiveEnsemble : IDisposable
{
    private static readonly double[] Decays = [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4];

    private readonly List<Parameter> _weights = [], _biases = [];
    private readonly Parameter _minLogVariance, _maxLogVariance;
    private readonly optim.Optimizer _optimizer;

    public NaiveEnsemble(int members, int inputs, IReadOnlyList<int> hidden, int outputs)
    {
        using var scope = NewDisposeScope();
        int[] sizes = [inputs, .. hidden, 2 * outputs];
        foreach (var (from, to) in sizes.Zip(sizes.Skip(1)))
        {
            _weights.Add(Keep(randn(members, from, to) / (2 * Math.Sqrt(from))));
            _biases.Add(Keep(zeros(members, 1, to)));
        }
        _minLogVariance = Keep(full(1, outputs, -10f));
        _maxLogVariance = Keep(full(1, outputs, 0.5f));
        _optimizer = optim.Adam([.. _weights, .. _biases, _minLogVariance, _maxLogVariance], lr: 1e-3);
    }

    /// <summary>One minibatch of every member.</summary>
    /// <param name="input">[members, batch, inputs]</param>
    /// <param name="target">[members, batch, outputs]</param>
    public void Step(Tensor input, Tensor target)
    {
        using var scope = NewDisposeScope();
        var (mean, logVariance) = Forward(input);
        var loss = ((mean - target).square() * (-logVariance).exp()).mean([1L, 2L]).sum() + logVariance.mean([1L, 2L]).sum();
        foreach (var (weights, decay) in _weights.Zip(Decays)) loss += decay / 2 * weights.square().sum();
        loss += 0.01 * (_maxLogVariance.sum() - _minLogVariance.sum());
        _optimizer.zero_grad();
        loss.backward();
        _optimizer.step();
    }

    /// <summary>All members on all rows, of which each row then takes one: the rollout step of mbrl-lib and of the official code.</summary>
    /// <param name="input">[batch, inputs]</param>
    /// <param name="drawn">int64 [batch]: the member of each row.</param>
    /// <returns>[batch, outputs]; the caller disposes it.</returns>
    public Tensor Predict(Tensor input, Tensor drawn)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, logVariance) = Forward(input.unsqueeze(0).expand(_weights[0].size(0), -1, -1));
        var sample = mean + (randn_like(mean) * (logVariance * 0.5).exp());
        var index = drawn.view(1, -1, 1).expand(1, -1, sample.size(2));
        return sample.gather(0, index).squeeze(0).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var parameter in (IEnumerable<Parameter>)[.. _weights, .. _biases, _minLogVariance, _maxLogVariance]) parameter.Dispose();
    }

    private (Tensor Mean, Tensor LogVariance) Forward(Tensor input)
    {
        var hidden = input;
        for (var layer = 0; layer < _weights.Count; layer++)
        {
            hidden = hidden.bmm(_weights[layer]) + _biases[layer];
            if (layer < _weights.Count - 1) hidden = nn.functional.silu(hidden);
        }
        var outputs = _maxLogVariance.size(1);
        var logVariance = _maxLogVariance - nn.functional.softplus(_maxLogVariance - hidden.narrow(2, outputs, outputs));
        return (hidden.narrow(2, 0, outputs), _minLogVariance + nn.functional.softplus(logVariance - _minLogVariance));
    }

    private static Parameter Keep(Tensor values)
    {
        var parameter = new Parameter(values.detach());
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
