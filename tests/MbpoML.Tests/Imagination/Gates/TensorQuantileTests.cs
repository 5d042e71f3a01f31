using MbpoML.Imagination.Gates;
using static TorchSharp.torch;

namespace MbpoML.Tests.Imagination.Gates;

public class TensorQuantileTests
{
    [TestCase(0, 1)]
    [TestCase(0.25, 2)]
    [TestCase(0.4, 3.2)]
    [TestCase(0.9, 8.2)]
    [TestCase(1, 9)]
    public void A_quantile_lies_on_the_line_between_its_neighbours(double share, double expected)
    {
        // Sorted: 1, 2, 4, 7, 9. A share of 0.4 is place 1.6, between 2 and 4.
        using var values = tensor((float[])[7, 1, 9, 4, 2]).unsqueeze(1);
        using var quantile = TensorQuantile.Of(values, share);
        Assert.That(quantile.data<float>().ToArray(), Is.EqualTo(new[] { expected }).Within(1e-6));
    }

    [Test]
    public void Each_column_has_its_own()
    {
        using var values = tensor(new float[,] { { 1, 30 }, { 3, 10 } });
        using var quantile = TensorQuantile.Of(values, 0.5);
        Assert.That(quantile.data<float>().ToArray(), Is.EqualTo(new[] { 2f, 20f }));
        Assert.That(values.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 30, 3, 10 }), "what was given stays as it is");
    }
}
