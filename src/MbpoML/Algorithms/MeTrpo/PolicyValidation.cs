using MbpoML.Saving;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>
/// Decides which policies of an optimization are kept and when it ends (ME-TRPO, section 5.2). A policy is kept if its return is not below that of the last
/// kept one, in enough members of the ensemble.
/// </summary>
/// <param name="settings">The share of the members, the interval, the patience and the most updates.</param>
internal sealed class PolicyValidation(MeTrpoSettings settings)
{
    private const string CounterState = "counters", ReturnState = "returns";

    private double[] _returns = [];
    private int _keptAt;

    /// <summary>Updates of the policy in this optimization.</summary>
    public int Updates { get; private set; }

    /// <summary>Policies that were kept in this optimization.</summary>
    public int Kept { get; private set; }

    /// <summary>The share of the members that did not get worse at the last validation; 1 before the first.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>The mean return of the policy that was kept last.</summary>
    public double Return => _returns.Length == 0 ? 0 : _returns.Average();

    /// <summary>Whether the policy is to be validated now.</summary>
    public bool IsDue => Updates % settings.ValidationInterval == 0;

    /// <summary>Whether the optimization is over.</summary>
    public bool IsOver => Updates >= settings.MaxPolicyIterations || Updates - _keptAt >= settings.ValidationPatience;

    /// <summary>A new optimization begins, with the policy that there is.</summary>
    /// <param name="returns">Its return in each member.</param>
    public void Begin(double[] returns) => (_returns, Updates, _keptAt, Kept, Share) = (returns, 0, 0, 0, 1);

    /// <summary>Another update was made.</summary>
    public void CountUpdate() => Updates++;

    /// <summary>Judges the policy as it is.</summary>
    /// <param name="returns">[members]: its return in each member; NaN is worse than any number.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Observe(double[] returns)
    {
        // Compared with the policy that was kept last, not with the one before: else a policy could fall step by step.
        var notWorse = returns.Zip(_returns, (now, kept) => now >= kept || double.IsNaN(kept)).Count(isNotWorse => isNotWorse);
        Share = (double)notWorse / returns.Length;
        // Rounding must not ask for a member more.
        if (notWorse < Math.Ceiling((settings.ValidationShare * returns.Length) - 1e-9)) return false;
        (_returns, _keptAt) = (returns, Updates);
        Kept++;
        return true;
    }

    public void Save(IStateWriter to)
    {
        to.Add(CounterState, Updates, _keptAt, Kept);
        to.Add(ReturnState, [Share, .. _returns]);
    }

    public void Restore(IStateReader from)
    {
        var (counters, numbers) = (from.Integers(CounterState), from.Doubles(ReturnState));
        if (counters is not [>= 0 and <= int.MaxValue and var updates, >= 0 and <= int.MaxValue and var keptAt, >= 0 and <= int.MaxValue and var kept] ||
            keptAt > updates)
            throw from.Damaged("its counters of the policy's validation make no sense");
        if (numbers is not [>= 0 and <= 1, ..]) throw from.Damaged("its returns of the policy's validation make no sense");
        (Updates, _keptAt, Kept, Share, _returns) = ((int)updates, (int)keptAt, (int)kept, numbers[0], numbers[1..]);
    }
}
