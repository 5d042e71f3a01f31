using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Kernels;

/// <summary>Our matrix products beside those of torch, where the processor has the vectors.</summary>
public class WideProductTests
{
    [TestCase(4, 3, 16)]
    [TestCase(5, 1, 17)]
    [TestCase(40, 24, 200)]
    [TestCase(21, 200, 38)]
    [TestCase(13, 200, 64)]
    [TestCase(8, 70, 65)]
    public void A_product_is_that_of_torch_whatever_the_sizes(int rows, int inner, int columns)
    {
        if (!WideProduct.Takes(columns)) Assert.Ignore("This processor has narrower vectors: torch makes the products.");
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var whole = (rows + WideProduct.TileRows - 1) / WideProduct.TileRows * WideProduct.TileRows;
        var (left, right) = (randn([whole, inner], generator: generator), randn([inner, columns], generator: generator));
        var output = zeros(whole, columns);
        WideProduct.Set(left.Floats(), right.Floats(), output.Floats(), rows, columns);
        Assert.That((output - left.mm(right)).narrow(0, 0, rows).abs().max().item<float>(), Is.LessThan(1e-4f));
    }

    [Test]
    public void A_row_has_the_same_bits_in_whatever_block_it_stands()
    {
        if (!WideProduct.Takes(38)) Assert.Ignore("This processor has narrower vectors: torch makes the products.");
        using var scope = NewDisposeScope();
        var generator = new Generator(1);
        var (left, right) = (randn([16, 50], generator: generator), randn([50, 38], generator: generator));
        var (together, alone) = (zeros(16, 38), zeros(4, 38));
        WideProduct.Set(left.Floats(), right.Floats(), together.Floats(), 16, 38);
        for (var row = 0; row <= 12; row++)
        {
            WideProduct.Set(left.Floats()[(row * 50)..], right.Floats(), alone.Floats(), 1, 38);
            Assert.That(alone.Floats()[..38].SequenceEqual(together.Floats().Slice(row * 38, 38)), $"row {row}");
        }
    }

    [Test]
    public void Narrow_matrices_are_left_to_torch() => Assert.That(WideProduct.Takes(15), Is.False);
}
