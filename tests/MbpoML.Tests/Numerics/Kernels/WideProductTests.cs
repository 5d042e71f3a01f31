using System.Runtime.Intrinsics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Kernels;

/// <summary>Our matrix products beside those of torch. Where the processor has narrow vectors, both are torch's.</summary>
public class WideProductTests
{
    private static readonly (int Rows, int Inner, int Columns)[] Sizes =
    [
        (1, 1, 1), (4, 3, 16), (5, 1, 17), (40, 24, 200), (21, 200, 38), (13, 200, 64), (8, 70, 65), (6, 9, 3), (7, 14, 15), (32, 256, 256), (64, 17, 80),
    ];

    [Test]
    public void Products_are_those_of_torch_whatever_the_sizes(
        [ValueSource(nameof(Sizes))] (int Rows, int Inner, int Columns) sizes, [Values] bool transposesLeft, [Values] bool transposesRight, [Values] bool adds)
    {
        using var scope = NewDisposeScope();
        var (rows, inner, columns) = sizes;
        using var left = transposesLeft ? Random(inner, rows, 1) : Random(rows, inner, 1);
        using var right = transposesRight ? Random(columns, inner, 2) : Random(inner, columns, 2);
        using var output = Random(rows, columns, 3);
        var product = (transposesLeft ? left.Tensor.t() : left.Tensor).mm(transposesRight ? right.Tensor.t() : right.Tensor);
        var expected = adds ? output.Tensor.add(product) : product;
        Matrix.Factor first = transposesLeft ? left.Transposed : left, second = transposesRight ? right.Transposed : right;
        if (adds) output.AddProduct(first, second);
        else output.SetProduct(first, second);
        Assert.That((output.Tensor - expected).abs().max().item<float>(), Is.LessThan(1e-4f));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_product_leaves_alone_what_lies_beside_its_result(bool adds)
    {
        using var scope = NewDisposeScope();
        using var whole = Random(30, 60, 1);
        var before = whole.Tensor.clone();
        using var columns = whole.Columns(5, 37);
        using var part = columns.Rows(3, 20);
        using var left = Random(20, 11, 2);
        using var right = Random(11, 37, 3);
        var expected = adds ? part.Tensor.add(left.Tensor.mm(right.Tensor)) : left.Tensor.mm(right.Tensor);
        if (adds) part.AddProduct(left, right);
        else part.SetProduct(left, right);
        Assert.That((part.Tensor - expected).abs().max().item<float>(), Is.LessThan(1e-4f));
        part.Tensor.copy_(before.narrow(0, 3, 20).narrow(1, 5, 37));
        Assert.That(whole.Tensor.equal(before).all().item<bool>());
    }

    [TestCase(38)]
    [TestCase(5)]
    [TestCase(64)]
    public void A_row_has_the_same_bits_in_whatever_block_it_stands(int columns)
    {
        // Where the processor has narrower vectors torch makes the products, and promises no such thing.
        Assert.That(WideProduct.IsSupported, Is.EqualTo(Vector512.IsHardwareAccelerated));
        if (!WideProduct.IsSupported) return;
        using var scope = NewDisposeScope();
        using var left = Random(16, 50, 1);
        using var right = Random(50, columns, 2);
        using var together = new Matrix(16, columns);
        together.SetProduct(left, right);
        for (var row = 0; row < 16; row++)
        {
            using var one = left.Rows(row, 1);
            using var alone = new Matrix(1, columns);
            alone.SetProduct(one, right);
            Assert.That(alone.Values.SequenceEqual(together.Values.Slice(row * columns, columns)), $"row {row}");
        }
    }

    private static Matrix Random(int rows, int columns, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return new Matrix(randn([rows, columns], generator: generator));
    }
}
