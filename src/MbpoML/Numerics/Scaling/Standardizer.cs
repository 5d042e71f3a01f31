using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Numerics.Scaling;

/// <summary>Means and standard deviations of columns, to bring them to zero mean and unit variance and back.</summary>
internal sealed class Standardizer : IDisposable
{
    // models/utils.py, TensorStandardScaler: a column that does not vary is only centred.
    private const double Constant = 1e-12;
    // Float32 tells no numbers apart that differ by less than this part of them: a smaller deviation is rounding, by which nothing may be divided.
    private const double Resolution = 1e-7;

    /// <summary>The identity, until <see cref="FitTo"/>.</summary>
    public Standardizer(int size, Device device)
    {
        Mean = zeros(1, Check.AtLeast(1, size), ScalarType.Float32, device).DetachFromDisposeScope();
        Deviation = ones(1, size, ScalarType.Float32, device).DetachFromDisposeScope();
    }

    /// <summary>[1, columns]</summary>
    public Tensor Mean { get; }

    /// <summary>[1, columns], population standard deviations; 1 for a constant column.</summary>
    public Tensor Deviation { get; }

    /// <summary>Takes over the columns' means and deviations.</summary>
    /// <param name="values">[rows, columns]</param>
    public void FitTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        // In double precision, so that a constant column has a deviation of exactly zero.
        var exact = values.to(ScalarType.Float64);
        var mean = exact.mean([0L], keepdim: true);
        var deviation = (exact - mean).Squared().mean([0L], keepdim: true).sqrt();
        Mean.copy_(mean);
        var rounding = deviation.Squared() < mean.Times(Resolution).Squared();
        Deviation.copy_(deviation.Filled(deviation.Below(Constant), 1).Filled(rounding, 1));
    }

    /// <summary>To zero mean and unit variance.</summary>
    public Tensor Apply(Tensor values) => (values - Mean).div_(Deviation);

    /// <summary>Back to the columns' own units.</summary>
    public Tensor Invert(Tensor values) => (values * Deviation).AddInPlace(Mean);

    public void Dispose()
    {
        Mean.Dispose();
        Deviation.Dispose();
    }
}
