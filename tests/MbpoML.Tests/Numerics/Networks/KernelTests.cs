using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;
using static MbpoML.Tests.Numerics.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>
/// Activations with their slopes, normalisation and the passes for every activation against the same in double precision, with widths around those of vectors.
/// </summary>
[TestFixture(1)]
[TestFixture(8)]
[TestFixture(13)]
[TestFixture(37)]
internal sealed class KernelTests(int columns)
{
    private const int Rows = 6;
    private readonly RandomSource _random = new(2);

    [TestCase(Activation.Relu)]
    [TestCase(Activation.Silu)]
    [TestCase(Activation.Tanh)]
    public void Activations_and_their_slopes(Activation activation)
    {
        using var scope = NewDisposeScope();
        var (matrix, bias, slopes) = (Draw(Rows * columns, 4), Draw(columns, 1), new float[Rows * columns]);
        var sums = matrix.Select((value, index) => value + bias[index % columns]).ToArray();
        var input = tensor(sums).to(float64).requires_grad_();
        var output = activation switch { Activation.Relu => input.relu(), Activation.Silu => input.silu(), _ => input.tanh() };
        var expectedSlopes = Doubles(autograd.grad([output.sum()], [input])[0]);
        var alone = matrix.ToArray();
        ActivationKernels.AddBias(activation, alone, bias);
        ActivationKernels.AddBias(activation, matrix, bias, slopes);
        for (var index = 0; index < matrix.Length; index++)
        {
            Assert.That(matrix[index], Is.EqualTo(output[index].item<double>()).Within(1e-6 * Math.Max(1, Math.Abs(sums[index]))), $"at {sums[index]}");
            Assert.That(slopes[index], Is.EqualTo(expectedSlopes[index]).Within(1e-6), $"slope at {sums[index]}");
        }
        Assert.That(alone, Is.EqualTo(matrix));
    }

    [TestCase(Activation.Relu)]
    [TestCase(Activation.Silu)]
    [TestCase(Activation.Tanh)]
    public void Activations_of_nothing_are_nothing_and_what_is_no_number_stays_visible(Activation activation)
    {
        var (zeros, wrong) = (new float[columns], Enumerable.Repeat(float.NaN, columns).ToArray());
        ActivationKernels.AddBias(activation, zeros, new float[columns]);
        ActivationKernels.AddBias(activation, wrong, new float[columns]);
        Assert.That(zeros, Is.All.Zero);
        Assert.That(wrong, Is.All.NaN);
    }

    [Test]
    public void An_activation_that_is_not_there_is_refused()
    {
        Assert.That(() => ActivationKernels.AddBias((Activation)9, new float[1], new float[1]), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => ActivationKernels.AddBias((Activation)9, new float[1], new float[1], new float[1]), Throws.InstanceOf<NotSupportedException>());
    }

    [TestCase(1e-5, 0)]
    [TestCase(0.1, 0)]
    [TestCase(1, 0)]
    [TestCase(1e-5, 100)]
    public void Normalisation_both_ways(double epsilon, float offset)
    {
        using var scope = NewDisposeScope();
        var (matrix, delta, scales) = (Draw(Rows * columns, 1).Select(value => value + offset).ToArray(), Draw(Rows * columns, 1), new float[Rows]);
        // A constant row has no variance.
        matrix.AsSpan(0, columns).Fill(offset + 0.5f);
        var input = tensor(matrix, Rows, columns).to(float64).requires_grad_();
        var output = nn.functional.layer_norm(input, [columns], eps: epsilon);
        var expected = Doubles(autograd.grad([(output * tensor(delta, Rows, columns).to(float64)).sum()], [input])[0]);
        LayerNormKernels.Apply(matrix, columns, (float)epsilon, scales);
        // Float32 tells numbers around the offset apart by no less than this part of them.
        var rounding = 1e-6 + (offset * 1e-6);
        AssertClose(Doubles(matrix), Doubles(output), rounding * 10, "output");
        LayerNormKernels.Back(delta, matrix, columns, scales);
        AssertClose(Doubles(delta), expected, rounding * 20, "gradient");
    }

    [Test]
    public void Normalised_rows_have_no_mean_and_unit_variance()
    {
        var matrix = Draw(Rows * columns, 3);
        LayerNormKernels.Apply(matrix, columns, 1e-12f, []);
        foreach (var row in matrix.Chunk(columns))
        {
            Assert.That(row.Average(value => (double)value), Is.EqualTo(0).Within(1e-5));
            if (columns > 1) Assert.That(row.Average(value => (double)value * value), Is.EqualTo(1).Within(1e-4));
        }
    }

    [Test]
    public void Slopes_and_column_sums()
    {
        var (delta, slopes, sums) = (Draw(Rows * columns, 1), Draw(Rows * columns, 1), Draw(columns, 1));
        var expected = delta.Zip(slopes, (value, slope) => value * slope).ToArray();
        var expectedSums = sums.Select((sum, column) => sum + SumOverRows(row => expected[(row * columns) + column])).ToArray();
        var columnsAlone = sums.ToArray();
        RowKernels.MultiplyAndSum(delta, slopes, sums);
        RowKernels.AddColumns(expected, columnsAlone);
        Assert.That(delta, Is.EqualTo(expected));
        AssertClose(Doubles(sums), expectedSums, 1e-6, "sums");
        Assert.That(columnsAlone, Is.EqualTo(sums));
    }

    [Test]
    public void A_last_layer_of_one_output_both_ways_in_the_memory_of_its_input()
    {
        var (input, weights, outputDelta, output, gradient) = (Draw(Rows * columns, 1), Draw(columns, 1), Draw(Rows, 1), new float[Rows], Draw(columns, 1));
        RowKernels.Dot(input, weights, 0.25f, output);
        for (var row = 0; row < Rows; row++)
        {
            var dot = weights.Select((weight, column) => (double)input[(row * columns) + column] * weight).Sum();
            Assert.That(output[row], Is.EqualTo(0.25 + dot).Within(1e-5));
        }
        var expected = gradient.Select((sum, column) => sum + SumOverRows(row => (double)outputDelta[row] * input[(row * columns) + column])).ToArray();
        RowKernels.DotBackward(outputDelta, weights, input, input, gradient);
        AssertClose(Doubles(gradient), expected, 1e-5, "gradient");
        Assert.That(input, Is.EqualTo(Enumerable.Range(0, Rows * columns).Select(index => outputDelta[index / columns] * weights[index % columns])));
    }

    [Test]
    public void Memory_that_is_too_short_is_refused()
    {
        var (whole, shorter, row) = (new float[2 * columns], new float[(2 * columns) - 1], new float[columns]);
        Assert.Multiple(() =>
        {
            foreach (var activation in Enum.GetValues<Activation>())
                Assert.That(() => ActivationKernels.AddBias(activation, whole, row, shorter), Throws.InstanceOf<ArgumentException>(), $"{activation}");
            Assert.That(() => RowKernels.MultiplyAndSum(whole, shorter, row), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => LayerNormKernels.Back(whole, shorter, columns, new float[2]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => RowKernels.DotBackward(new float[2], row, shorter, whole, row), Throws.InstanceOf<ArgumentException>());
        });
    }

    private static double SumOverRows(Func<int, double> value) => Enumerable.Range(0, Rows).Sum(value);

    private float[] Draw(int count, double range) => [.. Enumerable.Range(0, count).Select(_ => (float)_random.NextUniform(-range, range))];
}
