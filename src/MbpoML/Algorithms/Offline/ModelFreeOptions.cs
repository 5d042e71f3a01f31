using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

/// <summary>What the methods without a model have in common: their networks.</summary>
public abstract class ModelFreeOptions : OfflineOptions
{
    private protected ModelFreeOptions(int updates)
        : base(updates)
    {
    }

    /// <summary>The units of each hidden layer (ReLU) of every network. Default: 256 and 256 (CORL).</summary>
    public IReadOnlyList<int> HiddenSizes { get; set; } = [256, 256];

    /// <summary>Adam's step size for every network. That of IQL's actor falls to 0 along a cosine. Default: 3e-4 (CORL).</summary>
    public double LearningRate { get; set; } = 3e-4;

    /// <summary>Whether the networks see observations of zero mean and unit variance over the log. Default: true (CORL).</summary>
    public bool StandardizeObservations { get; set; } = true;

    internal override void Validate()
    {
        base.Validate();
        Check.HiddenSizes(HiddenSizes);
        Check.Positive(LearningRate);
    }

    internal override OfflineOptions Copied()
    {
        var copy = (ModelFreeOptions)base.Copied();
        copy.HiddenSizes = [.. HiddenSizes];
        return copy;
    }
}
