using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// The library's own matrix products beside torch's, one thread, for the shapes of the networks here: forwards, back to inputs and back to weights.
/// </summary>
internal static class ProductsComparison
{
    private const string Torch = "torch", Own = "own";

    // Rows of a member in an imagined step, of half a batch, and of a batch; the first and the last layer are narrow.
    private static readonly (int Rows, int Inner, int Columns)[] Shapes = [(256, 256, 256), (128, 256, 256), (16, 256, 256), (128, 14, 256), (128, 256, 12)];

    public static void Run(int rounds)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var table = new MarkdownTable("rows, inner, columns", "way", "torch, GFLOP/s", "own, GFLOP/s");
        foreach (var (rows, inner, columns) in Shapes)
        {
            using var input = new Matrix(randn(rows, inner));
            using var weight = new Matrix(randn(inner, columns));
            using var output = new Matrix(rows, columns);
            using var outputGradient = new Matrix(randn(rows, columns));
            using var inputGradient = new Matrix(rows, inner);
            using var weightGradient = new Matrix(inner, columns);
            var flop = 2e-9 * rows * inner * columns;
            Add("forwards", output, input, weight);
            Add("back to inputs", inputGradient, outputGradient, weight.Transposed);
            Add("back to weights", weightGradient, input.Transposed, outputGradient);

            void Add(string way, Matrix result, Matrix.Factor left, Matrix.Factor right)
            {
                var shape = string.Create(CultureInfo.InvariantCulture, $"{rows}, {inner}, {columns}");
                using var leftTensor = left.IsTransposed ? left.Matrix.Tensor.t() : left.Matrix.Tensor.alias();
                using var rightTensor = right.IsTransposed ? right.Matrix.Tensor.t() : right.Matrix.Tensor.alias();
                var rates = new Comparison($"product {shape}, {way}", "products",
                [
                    new(Torch, 1, times =>
                    {
                        for (var time = 0; time < times; time++) result.Tensor.addmm_(leftTensor, rightTensor, 0, 1);
                    }),
                    new(Own, 1, times =>
                    {
                        for (var time = 0; time < times; time++) result.SetProduct(left, right);
                    }),
                ]).Run(rounds);
                table.Add(shape, way, MarkdownTable.Number(flop * rates[Torch]), MarkdownTable.Number(flop * rates[Own]));
            }
        }

        table.Print("Matrix products, one thread");
    }
}
