using MbpoML.Dynamics.Latent;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>The unit is that of the official code.</summary>
public class GatedRecurrentUnitTests
{
    private const int Inputs = 3, Size = 4;

    [Test]
    public void The_reset_gate_acts_before_the_product()
    {
        using var scope = NewDisposeScope();
        using var unit = new Planted();
        var x = Enumerable.Range(0, Inputs).Select(index => 0.7 - (0.4 * index)).ToArray();
        var h = Enumerable.Range(0, Size).Select(index => 0.3 * index).ToArray();
        var actual = unit.Step(x, h);
        var (before, after) = (unit.ByHand(x, h, resetsFirst: true), unit.ByHand(x, h, resetsFirst: false));
        Assert.That(actual, Is.EqualTo(before).Within(1e-6));
        Assert.That(actual.Zip(after).Max(pair => Math.Abs(pair.First - pair.Second)), Is.GreaterThan(0.01), "the other way gives something else");
    }

    [Test]
    public void The_gates_begin_by_remembering()
    {
        using var scope = NewDisposeScope();
        using var unit = new Planted();
        var bias = unit.Arrays.Bias;
        Assert.Multiple(() =>
        {
            Assert.That(bias[..(2 * Size)], Is.All.EqualTo(1f));
            Assert.That(bias[(2 * Size)..], Is.All.Zero);
        });
    }

    private sealed class Planted : IDisposable
    {
        private readonly FlatParameters _parameters = new();
        private readonly GatedRecurrentUnit _unit;

        public Planted()
        {
            _unit = new GatedRecurrentUnit(_parameters, Inputs, Size);
            using var generator = new Generator(3);
            _parameters.Allocate(CPU, generator);
            _unit.Initialize(_parameters.Leaves);
        }

        public (float[] Input, float[] Bias, float[] Gates, float[] Candidate) Arrays =>
            _unit.ToArrays(index => _parameters.Leaves[index].detach().contiguous().data<float>().ToArray());

        public double[] Step(double[] x, double[] h) =>
            [.. _unit.Step(_parameters.Leaves, Row(x), Row(h)).detach().data<float>().Select(value => (double)value)];

        public double[] ByHand(double[] x, double[] h, bool resetsFirst)
        {
            var (input, bias, gates, candidate) = Arrays;
            var next = new double[Size];
            double Gate(int column) => 1 / (1 + Math.Exp(-(Sum(x, input, 3 * Size, column) + Sum(h, gates, 2 * Size, column) + bias[column])));
            double[] reset = [.. Enumerable.Range(0, Size).Select(Gate)];
            for (var unit = 0; unit < Size; unit++)
            {
                var remembered = resetsFirst
                    ? Sum([.. h.Zip(reset, (value, gate) => value * gate)], candidate, Size, unit) : reset[unit] * Sum(h, candidate, Size, unit);
                var proposed = Math.Tanh(Sum(x, input, 3 * Size, (2 * Size) + unit) + remembered + bias[(2 * Size) + unit]);
                var keep = Gate(Size + unit);
                next[unit] = (keep * h[unit]) + ((1 - keep) * proposed);
            }

            return next;
        }

        public void Dispose() => _parameters.Dispose();

        private static double Sum(double[] values, float[] matrix, int width, int column) =>
            values.Select((value, row) => value * matrix[(row * width) + column]).Sum();

        private static Tensor Row(double[] values) => tensor(values.Select(value => (float)value).ToArray()).unsqueeze(0);
    }
}
