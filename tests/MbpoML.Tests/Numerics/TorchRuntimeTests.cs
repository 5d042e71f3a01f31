using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics;

public class TorchRuntimeTests
{
    [Test]
    public void Torch_loads_and_computes()
    {
        TorchRuntime.EnsureAvailable();
        using var sum = arange(4, ScalarType.Float32).sum();
        Assert.That(sum.item<float>(), Is.EqualTo(6f));
    }
}
