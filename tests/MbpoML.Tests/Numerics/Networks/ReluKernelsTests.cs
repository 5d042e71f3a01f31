using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Random;

namespace MbpoML.Tests.Numerics.Networks;

/// <summary>The passes of a ReLU layer against loops over single values, with widths below, at and between those of vectors.</summary>
[TestFixture(1)]
[TestFixture(8)]
[TestFixture(13)]
[TestFixture(37)]
public class ReluKernelsTests(int columns)
{
    private const int Rows = 5;
    private readonly RandomSource _random = new(1);

    [Test]
    public void Bias_and_relu()
    {
        var (matrix, bias) = (Draw(Rows * columns), Draw(columns));
        var expected = Each((row, column) => Math.Max(0, matrix[(row * columns) + column] + bias[column]));
        ReluKernels.AddBias(matrix, bias);
        Assert.That(matrix, Is.EqualTo(expected));
    }

    [Test]
    public void Bias_and_relu_with_its_derivative()
    {
        var (matrix, bias, slopes) = (Draw(Rows * columns), Draw(columns), Draw(Rows * columns));
        var expected = Each((row, column) => Math.Max(0, matrix[(row * columns) + column] + bias[column]));
        ReluKernels.AddBias(matrix, bias, slopes);
        Assert.That(matrix, Is.EqualTo(expected));
        Assert.That(slopes, Is.EqualTo(expected.Select(value => value > 0 ? 1f : 0)));
    }

    [Test]
    public void Bias_relu_and_dot()
    {
        var (matrix, bias, weights, output) = (Draw(Rows * columns), Draw(columns), Draw(columns), new float[Rows]);
        var expected = Each((row, column) => Math.Max(0, matrix[(row * columns) + column] + bias[column]));
        ReluKernels.AddBiasDot(matrix, bias, weights, 0.5f, output);
        Assert.That(matrix, Is.EqualTo(expected));
        for (var row = 0; row < Rows; row++)
            Assert.That(output[row], Is.EqualTo(0.5 + Sum(column => expected[(row * columns) + column] * weights[column], columns)).Within(1e-5));
    }

    [Test]
    public void Mask_and_column_sums()
    {
        var (delta, activation, sums) = (Draw(Rows * columns), Activation(), Draw(columns));
        var (alone, before) = (delta.ToArray(), sums.ToArray());
        var expected = Each((row, column) => activation[(row * columns) + column] > 0 ? delta[(row * columns) + column] : 0);
        ReluKernels.MaskAndSum(delta, activation, sums);
        Assert.That(delta, Is.EqualTo(expected));
        AssertColumnSums(sums, before, expected);
        ReluKernels.Mask(alone, activation);
        Assert.That(alone, Is.EqualTo(expected));
    }

    [Test]
    public void Mask_of_chosen_rows()
    {
        var (delta, activation) = (Draw(Rows * columns), Activation());
        int[] chosen = [1, 4];
        var expected = Each((row, column) => row >= 2 || activation[(chosen[row] * columns) + column] > 0 ? delta[(row * columns) + column] : 0);
        ReluKernels.MaskRows(delta, activation, chosen, columns);
        Assert.That(delta, Is.EqualTo(expected));
    }

    [Test]
    public void Way_back_through_a_dot_product()
    {
        var (outputDelta, weights, activation) = (Draw(Rows), Draw(columns), Activation());
        var (delta, gradient, sums) = (Draw(Rows * columns), Draw(columns), Draw(columns));
        var (gradientBefore, sumsBefore) = (gradient.ToArray(), sums.ToArray());
        var expected = Each((row, column) => activation[(row * columns) + column] > 0 ? outputDelta[row] * weights[column] : 0);
        ReluKernels.DotBackward(outputDelta, weights, activation, delta, gradient, sums);
        Assert.That(delta, Is.EqualTo(expected));
        AssertColumnSums(sums, sumsBefore, expected);
        AssertColumnSums(gradient, gradientBefore, Each((row, column) => outputDelta[row] * activation[(row * columns) + column]));
    }

    [Test]
    public void Way_back_through_a_dot_product_for_chosen_rows()
    {
        var (outputDelta, weights, activation, delta) = (Draw(2), Draw(columns), Activation(), Draw(Rows * columns));
        int[] chosen = [0, 3];
        var expected = Each((row, column) => row >= 2 ? delta[(row * columns) + column]
            : activation[(chosen[row] * columns) + column] > 0 ? outputDelta[row] * weights[column] : 0);
        ReluKernels.DotBackwardRows(outputDelta, chosen, weights, activation, delta);
        Assert.That(delta, Is.EqualTo(expected));
    }

    [Test]
    public void A_denormal_activation_is_active_and_a_denormal_delta_passes()
    {
        var (delta, sums) = (Enumerable.Repeat(float.Epsilon, columns).ToArray(), new float[columns]);
        ReluKernels.MaskAndSum(delta, [.. delta], sums);
        Assert.That(delta, Has.All.EqualTo(float.Epsilon));
        Assert.That(sums, Has.All.EqualTo(float.Epsilon));
        ReluKernels.AddBias(delta, new float[columns]);
        Assert.That(delta, Has.All.EqualTo(float.Epsilon));
    }

    [Test]
    public void A_value_that_is_no_number_stays_visible()
    {
        var (matrix, output) = (Enumerable.Repeat(float.NaN, columns).ToArray(), new float[1]);
        ReluKernels.AddBias(matrix, new float[columns]);
        Assert.That(matrix, Has.All.NaN);
        ReluKernels.AddBiasDot(matrix, new float[columns], Draw(columns), 0, output);
        Assert.That(output[0], Is.NaN);
    }

    [Test]
    public void Memory_that_is_too_short_is_refused()
    {
        var (whole, shorter, row) = (new float[2 * columns], new float[(2 * columns) - 1], new float[columns]);
        Assert.Multiple(() =>
        {
            Assert.That(() => ReluKernels.AddBias(row, new float[columns + 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ReluKernels.MaskAndSum(whole, shorter, row), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ReluKernels.DotBackward(new float[2], row, whole, shorter, row, row), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ReluKernels.MaskRows(whole, shorter, [1], columns), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ReluKernels.Mask(whole, shorter), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ReluKernels.AddBias(whole, row, shorter), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)_random.NextUniform(-1, 1))];

    // As ReLU leaves it: about half of the values are zero.
    private float[] Activation() => [.. Draw(Rows * columns).Select(value => Math.Max(0, value))];

    private float[] Each(Func<int, int, float> value) =>
        [.. from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, columns) select value(row, column)];

    private void AssertColumnSums(float[] actual, float[] before, float[] matrix)
    {
        for (var column = 0; column < columns; column++)
            Assert.That(actual[column], Is.EqualTo(before[column] + Sum(row => matrix[(row * columns) + column], Rows)).Within(1e-5));
    }

    private static double Sum(Func<int, double> value, int count) => Enumerable.Range(0, count).Sum(value);
}
