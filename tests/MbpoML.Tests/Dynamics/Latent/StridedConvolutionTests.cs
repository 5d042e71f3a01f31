using MbpoML.Dynamics.Latent;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>Convolutions are what they should be, whatever the memory held before.</summary>
public class StridedConvolutionTests
{
    [TestCase(1, 16, 6, 4)]
    [TestCase(2, 4, 7, 4)]
    [TestCase(16, 32, 6, 4)]
    [TestCase(24, 40, 5, 5)]
    public void A_convolution_and_its_gradients_are_those_of_the_sums(int inputs, int outputs, int side, int kernel)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (input, weights, biases) = (Draw(3, inputs, side, side), Draw(outputs, inputs, kernel, kernel), Draw(outputs));
        var places = (side - kernel) / 2 + 1;
        var expected = Differentiated(() => stack([.. Places(places).Select(place =>
            tensordot(input.narrow(2, 2 * place.Row, kernel).narrow(3, 2 * place.Column, kernel), weights))], 2).view(3, outputs, places, places)
            + biases.view(1, -1, 1, 1), input, weights, biases);
        Same(() => StridedConvolution.Convolve(input, weights, biases), expected, input, weights, biases);
        Same(() => StridedConvolution.ConvolveByProduct(input, weights, biases), expected, input, weights, biases);

        Tensor Draw(params long[] shape) => randn(shape, generator: generator).requires_grad_();
        static Tensor tensordot(Tensor seen, Tensor filters) => seen.flatten(1).mm(filters.flatten(1).t());
    }

    [TestCase(16, 1, 5, 6)]
    [TestCase(2, 1, 6, 6)]
    [TestCase(32, 16, 3, 5)]
    [TestCase(24, 40, 1, 5)]
    [TestCase(12, 20, 3, 4)]
    public void A_transposed_convolution_and_its_gradients_are_those_of_the_sums(int inputs, int outputs, int side, int kernel)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (input, weights, biases) = (Draw(3, inputs, side, side), Draw(inputs, outputs, kernel, kernel), Draw(outputs));
        var drawn = 2 * (side - 1) + kernel;
        var expected = Differentiated(() =>
        {
            var sum = zeros(3, outputs, drawn, drawn) + biases.view(1, -1, 1, 1);
            foreach (var (row, column) in Places(side))
            {
                var added = input.select(2, row).select(2, column).mm(weights.flatten(1)).view(3, outputs, kernel, kernel);
                sum = sum + nn.functional.pad(added, [2 * column, drawn - (2 * column) - kernel, 2 * row, drawn - (2 * row) - kernel]);
            }

            return sum;
        }, input, weights, biases);
        Same(() => StridedConvolution.Transpose(input, weights, biases), expected, input, weights, biases);
        Same(() => StridedConvolution.TransposeByProduct(input, weights, biases), expected, input, weights, biases);

        Tensor Draw(params long[] shape) => randn(shape, generator: generator).requires_grad_();
    }

    private static IEnumerable<(int Row, int Column)> Places(int side) =>
        Enumerable.Range(0, side * side).Select(place => (place / side, place % side));

    private static void Same(Func<Tensor> actual, float[][] expected, params Tensor[] leaves)
    {
        // Memory that is given back and taken again holds no numbers.
        for (var time = 0; time < 3; time++)
        {
            Spoil();
            foreach (var (one, other) in Differentiated(actual, leaves).Zip(expected))
                Assert.That(one, Is.EqualTo(other).Within(1e-4 * other.Max(Math.Abs)));
        }
    }

    private static float[][] Differentiated(Func<Tensor> function, params Tensor[] leaves)
    {
        using var scope = NewDisposeScope();
        var value = function();
        Spoil();
        var weights = arange(0, value.numel()).to(ScalarType.Float32).view(value.shape) / value.numel();
        var gradients = autograd.grad([(value * weights).sum()], leaves);
        return [.. gradients.Prepend(value.detach()).Select(tensor => tensor.contiguous().data<float>().ToArray())];
    }

    private static void Spoil()
    {
        for (var size = 8L; size < 60_000; size += 1 + (size / 4))
        {
            using var scope = NewDisposeScope();
            for (var block = 0; block < 8; block++) full([size], float.NaN);
        }
    }
}
