using MbpoML.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Kernels;

/// <summary>A float matrix that matrix products and our kernels share: a tensor and its memory, as a span and for products.</summary>
internal sealed unsafe class Matrix : IDisposable
{
    private readonly StridedMatrix _memory;

    /// <summary>Zeros.</summary>
    public Matrix(int rows, int columns)
        : this(zeros(rows, columns, ScalarType.Float32))
    {
    }

    /// <summary>A matrix over a view without gaps; the view is disposed with the matrix, the memory lives as long as any view.</summary>
    public Matrix(Tensor view)
    {
        Tensor = view.DetachFromDisposeScope();
        var (rows, columns) = ((int)view.size(0), (int)view.size(1));
        // What lies on another device takes part in no product here.
        if (view.device_type != DeviceType.CPU) return;
        fixed (float* start = view.Floats()) _memory = new StridedMatrix(start, rows, columns, columns, 1);
    }

    // Torch's memory stands still, so that addresses stay true.
    private Matrix(Tensor view, StridedMatrix memory) => (Tensor, _memory) = (view.DetachFromDisposeScope(), memory);

    public Tensor Tensor { get; }

    /// <summary>The matrix as the transposed factor of a product.</summary>
    public Factor Transposed => new(this, IsTransposed: true);

    /// <summary>The values, row-major; only of a matrix whose rows follow each other without gaps.</summary>
    public Span<float> Values => Tensor.Floats();

    public Matrix Rows(int start, int count) => new(Tensor.narrow(0, start, count), _memory.Block(start, count));

    public Matrix Columns(int start, int count) =>
        new(Tensor.narrow(1, start, count), new StridedMatrix(_memory.Start + start, _memory.Rows, count, _memory.RowStride, 1));

    /// <summary>this = left · right, into the memory that is there.</summary>
    public void SetProduct(Factor left, Factor right) => Multiply(left, right, adds: false);

    /// <summary>this = this + left · right.</summary>
    public void AddProduct(Factor left, Factor right) => Multiply(left, right, adds: true);

    /// <summary>this = otherᵀ</summary>
    /// <param name="other">[columns, rows]</param>
    public void SetTransposed(Matrix other)
    {
        Transposition.Copy(other._memory, _memory);
        GC.KeepAlive(other);
        GC.KeepAlive(this);
    }

    public void Dispose() => Tensor.Dispose();

    private void Multiply(Factor left, Factor right, bool adds)
    {
        if (WideProduct.IsSupported)
        {
            WideProduct.Set(left.Memory, right.Memory, _memory, adds);
            // The tensors keep the memory alive until here.
            GC.KeepAlive(left.Matrix);
            GC.KeepAlive(right.Matrix);
            GC.KeepAlive(this);
            return;
        }

        using var transposedLeft = left.IsTransposed ? left.Matrix.Tensor.t() : null;
        using var transposedRight = right.IsTransposed ? right.Matrix.Tensor.t() : null;
        Tensor.addmm_(transposedLeft ?? left.Matrix.Tensor, transposedRight ?? right.Matrix.Tensor, adds ? 1 : 0, 1);
    }

    /// <summary>A factor of a product: a matrix as it is or transposed.</summary>
    /// <param name="Matrix">Stays its owner's.</param>
    /// <param name="IsTransposed">Whether rows and columns change places.</param>
    internal readonly record struct Factor(Matrix Matrix, bool IsTransposed)
    {
        /// <summary>Where it lies.</summary>
        public StridedMatrix Memory => IsTransposed ? Matrix._memory.Transposed : Matrix._memory;

        /// <summary>The matrix as it is.</summary>
        public static implicit operator Factor(Matrix matrix) => new(matrix, IsTransposed: false);
    }
}
