using MbpoML.Numerics;

namespace MbpoML.Algorithms.Offline;

/// <summary>What the methods have in common that learn values from the log alone: TD3+BC and IQL.</summary>
public abstract class CriticOptions : ModelFreeOptions
{
    private protected CriticOptions()
        : base(updates: 60_000)
    {
    }

    /// <summary>γ, how much a reward counts one step later, from 0 to 1. Default: 0.99 (both papers, CORL).</summary>
    public double Discount { get; set; } = 0.99;

    /// <summary>τ, how far the slow copies move in each step of theirs, above 0 and at most 1. Default: 0.005 (both papers, CORL).</summary>
    public double TargetSmoothing { get; set; } = 0.005;

    internal override void Validate()
    {
        base.Validate();
        Check.Within(0, 1, Discount);
        Check.Within(0, 1, Check.Positive(TargetSmoothing), nameof(TargetSmoothing));
    }
}
