using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

public class EnsembleLossTests
{
    private const int Members = 2;
    private const int Inputs = 3;
    private const int Outputs = 2;
    private const int Batch = 4;
    private static readonly double[] Decays = [0.1, 0.2, 0.3];

    private TorchSharp.DisposeScope _scope = null!;
    private EnsembleNetwork _network = null!;
    private Tensor _flat = null!;
    private Tensor _input = null!;
    private Tensor _target = null!;

    [SetUp]
    public void Draw()
    {
        _scope = NewDisposeScope();
        using var generator = new Generator(1);
        _network = new EnsembleNetwork(Members, Inputs, [5, 4], Outputs, CPU);
        _network.Initialize(generator, (-2, 0.5));
        _flat = _network.Flat.detach().to(float64).add_(0.05 * randn(_network.Flat.numel(), generator: generator).to(float64)).requires_grad_();
        _input = randn(Members, Batch, Inputs, generator: generator).to(float64);
        _target = randn(Members, Batch, Outputs, generator: generator).to(float64);
    }

    [TearDown]
    public void Free()
    {
        _network.Dispose();
        _flat.Dispose();
        _input.Dispose();
        _target.Dispose();
        _scope.Dispose();
    }

    [Test]
    public void Total_equals_a_plain_computation_for_each_member() =>
        Assert.That(Total(_flat).item<double>(), Is.EqualTo(PlainLoss(_flat.detach().data<double>().ToArray())).Within(1e-10));

    [Test]
    public void Its_gradient_equals_finite_differences_of_the_plain_computation()
    {
        var gradient = autograd.grad([Total(_flat)], [_flat])[0].data<double>().ToArray();
        var values = _flat.detach().data<double>().ToArray();
        var differences = new double[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var kept = values[index];
            values[index] = kept + 1e-5;
            var above = PlainLoss(values);
            values[index] = kept - 1e-5;
            differences[index] = (above - PlainLoss(values)) / 2e-5;
            values[index] = kept;
        }
        Assert.That(gradient, Is.EqualTo(differences).Within(1e-7));
        // Gotcha 10 of the official lineage: the bounds are parameters like all others, else their regulariser does nothing.
        Assert.That(gradient[^(2 * Outputs)..], Has.All.Not.Zero);
    }

    [Test]
    public void The_network_evaluates_one_member_as_it_evaluates_all()
    {
        var input = _input.to(float32);
        var (mean, logVariance) = _network.Values.Forward(input);
        for (var member = 0; member < Members; member++)
        {
            var (one, oneLogVariance) = _network.Values.Head(_network.ForwardMember(member, input[member]));
            Assert.That((one - mean[member]).abs().max().item<float>(), Is.LessThan(1e-6f));
            Assert.That((oneLogVariance - logVariance[member]).abs().max().item<float>(), Is.LessThan(1e-6f));
        }
    }

    [Test]
    public void Initial_weights_are_truncated_normal_and_biases_zero()
    {
        using var generator = new Generator(3);
        using var network = new EnsembleNetwork(4, 100, [50], 1, CPU);
        network.Initialize(generator, (-10, 0.5));
        var weights = network.Values.Weights[0];
        Assert.Multiple(() =>
        {
            // 0.8796 is the standard deviation of a standard normal cut at 2; the scale is 1 / (2 sqrt(100)).
            Assert.That(weights.std().item<float>(), Is.EqualTo(0.8796 * 0.05).Within(0.001));
            Assert.That(weights.abs().max().item<float>(), Is.LessThanOrEqualTo(0.1f).And.GreaterThan(0.098f));
            Assert.That(network.Values.Biases[0].abs().max().item<float>(), Is.Zero);
            Assert.That(network.Values.MaxLogVariance.item<float>(), Is.EqualTo(0.5f));
            Assert.That(network.Values.MinLogVariance.item<float>(), Is.EqualTo(-10f));
        });
    }

    private Tensor Total(Tensor flat) => EnsembleLoss.Total(_network.Split(flat), _input, _target, Decays);

    // The loss as the paper and the configuration state it, with loops over single numbers, from the flat values in their documented order.
    private double PlainLoss(double[] values)
    {
        int[] sizes = [Inputs, 5, 4, 2 * Outputs];
        var (input, target) = (_input.data<double>().ToArray(), _target.data<double>().ToArray());
        var (max, min) = (values[^(2 * Outputs)..^Outputs], values[^Outputs..]);
        var loss = 0.01 * (max.Sum() - min.Sum());
        for (var member = 0; member < Members; member++)
        {
            for (var row = 0; row < Batch; row++)
            {
                var hidden = input.AsSpan(((member * Batch) + row) * Inputs, Inputs).ToArray();
                var offset = 0;
                for (var layer = 0; layer < 3; layer++)
                {
                    var (fanIn, fanOut) = (sizes[layer], sizes[layer + 1]);
                    var weights = values.AsSpan(offset + (member * fanIn * fanOut), fanIn * fanOut).ToArray();
                    var biases = values.AsSpan(offset + (Members * fanIn * fanOut) + (member * fanOut), fanOut).ToArray();
                    offset += Members * (fanIn + 1) * fanOut;
                    if (row == 0) loss += Decays[layer] / 2 * weights.Sum(weight => weight * weight);
                    hidden = [.. Enumerable.Range(0, fanOut)
                        .Select(unit => biases[unit] + hidden.Select((value, from) => value * weights[(from * fanOut) + unit]).Sum())];
                    if (layer < 2) hidden = [.. hidden.Select(value => value / (1 + Math.Exp(-value)))];
                }
                for (var output = 0; output < Outputs; output++)
                {
                    var logVariance = max[output] - Softplus(max[output] - hidden[Outputs + output]);
                    logVariance = min[output] + Softplus(logVariance - min[output]);
                    var error = hidden[output] - target[(((member * Batch) + row) * Outputs) + output];
                    loss += ((error * error * Math.Exp(-logVariance)) + logVariance) / (Batch * Outputs);
                }
            }
        }
        return loss;
    }

    private static double Softplus(double value) => Math.Log(1 + Math.Exp(value));
}
