using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Scaling;

/// <summary>Columns that hardly vary.</summary>
public class StandardizerTests
{
    [TestCase(1.7e9f, 128f, 1.0, Description = "One step of float32 beside the mean.")]
    [TestCase(1000f, 0f, 1.0)]
    [TestCase(1000f, 1f, 0.5)]
    [TestCase(0f, 1e-13f, 1.0)]
    public void A_deviation_below_the_rounding_of_the_mean_counts_as_constant(float mean, float step, double expected)
    {
        using var scale = new Standardizer(1, CPU);
        using var values = tensor([mean, mean + step, mean, mean + step]).unsqueeze(1);
        scale.FitTo(values);
        Assert.That(scale.Deviation.item<float>(), Is.EqualTo(expected).Within(1e-6));
        using var applied = scale.Apply(values);
        Assert.That(applied.mean().item<float>(), Is.Zero.Within(step / expected));
    }
}
