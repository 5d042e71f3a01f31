using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Kernels;

/// <summary>A float matrix that matrix products and our kernels share: a tensor, its transposed view, and its memory as a span.</summary>
internal sealed class Matrix : IDisposable
{
    /// <summary>Zeros.</summary>
    public Matrix(int rows, int columns)
        : this(zeros(rows, columns, ScalarType.Float32))
    {
    }

    /// <summary>A matrix over a view; the view is disposed with the matrix, the memory lives as long as any view.</summary>
    public Matrix(Tensor view)
    {
        Tensor = view.DetachFromDisposeScope();
        Transposed = view.t().DetachFromDisposeScope();
    }

    public Tensor Tensor { get; }

    public Tensor Transposed { get; }

    /// <summary>The values, row-major; only of a matrix whose rows follow each other without gaps.</summary>
    public Span<float> Values => Tensor.Floats();

    public Matrix Rows(int start, int count) => new(Tensor.narrow(0, start, count));

    public Matrix Columns(int start, int count) => new(Tensor.narrow(1, start, count));

    /// <summary>this = left · right, into the memory that is there.</summary>
    public void SetProduct(Tensor left, Tensor right) => Tensor.addmm_(left, right, 0, 1);

    /// <summary>this = this + left · right.</summary>
    public void AddProduct(Tensor left, Tensor right) => Tensor.addmm_(left, right, 1, 1);

    public void Dispose()
    {
        Transposed.Dispose();
        Tensor.Dispose();
    }
}
