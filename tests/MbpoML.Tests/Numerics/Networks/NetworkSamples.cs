using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>Networks of all kinds and sizes with drawn parameters, for the tests of this room.</summary>
internal static class NetworkSamples
{
    private static readonly double?[] Epsilons = [null, 1e-5, 0.1];

    /// <summary>
    /// Every activation with and without normalisation and dropout, and kinds mixed in one network. Sizes lie below, at and between those of vectors; one row,
    /// one input, one unit and one output are among them.
    /// </summary>
    public static IEnumerable<TestCaseData> Shapes()
    {
        (int Rows, int Inputs, int[] Units, int Outputs)[] sizes =
            [(1, 1, [1], 1), (5, 3, [7], 2), (13, 5, [33, 17], 4), (32, 16, [16, 8, 24], 1), (37, 2, [1, 19], 3)];
        foreach (var activation in Enum.GetValues<Activation>())
            foreach (var epsilon in Epsilons)
                foreach (var dropout in (double[])[0, 0.3])
                    foreach (var (rows, inputs, units, outputs) in sizes)
                        yield return Case(rows, inputs, [.. units.Select(count => new HiddenLayer(count, activation, epsilon, dropout))], outputs);
        yield return Case(11, 4, [new(9, Activation.Relu), new(20, Activation.Silu, 1), new(8, Activation.Tanh, null, 0.1)], 2);
        yield return Case(11, 4, [new(9, Activation.Tanh, 0.01, 0.5), new(20, Activation.Relu)], 1);
    }

    /// <summary>Weights and biases of about the size of trained ones: [networks, parameters].</summary>
    public static Tensor Parameters(NetworkShape shape, int networks, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var flat = shape.Initialize(networks, generator);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            using var biases = flat.narrow(1, shape.BiasOffset(layer), shape.Out(layer));
            biases.uniform_(-0.5, 0.5, generator);
        }
        return flat;
    }

    /// <summary>A matrix of standard normal numbers.</summary>
    public static Matrix Draw(int rows, int columns, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return new Matrix(randn(rows, columns, generator: generator));
    }

    /// <summary>The factors of dropout for each hidden layer, drawn from one stream in the order of the layers, as a pass draws them; float64.</summary>
    public static Tensor[] Kept(NetworkShape shape, int rows, RandomSource stream) => [.. shape.Hidden.Select(layer =>
    {
        var factors = new float[rows * layer.Units];
        Dropout.Mask(factors, layer.Dropout, stream);
        return tensor(factors, rows, layer.Units).to(float64);
    })];

    public static double[] Doubles(Tensor values) => values.detach().to(float64).contiguous().data<double>().ToArray();

    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var index = 0; index < values.Length; index++) doubles[index] = values[index];
        return doubles;
    }

    /// <summary>Asserts that all values are equal within a part of the largest.</summary>
    public static void AssertClose(IReadOnlyList<double> actual, IReadOnlyList<double> expected, double relative, string what)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count), what);
        var scale = Math.Max(1e-3, expected.Max(Math.Abs));
        Assert.That(actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(relative * scale), what);
    }

    private static TestCaseData Case(int rows, int inputs, HiddenLayer[] hidden, int outputs)
    {
        var layers = hidden.Select(layer => $"{layer.Units} {layer.Activation}, epsilon {layer.NormEpsilon}, dropout {layer.Dropout}");
        return new TestCaseData(rows, new NetworkShape(inputs, hidden, outputs))
            .SetArgDisplayNames($"{rows} rows, {inputs} to {string.Join(" to ", layers)} to {outputs}");
    }
}
