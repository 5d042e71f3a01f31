namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>One observation or action that a policy takes where the log hardly is.</summary>
/// <param name="IsAction">Whether it is an action; else an observation.</param>
/// <param name="Dimension">The number of the dimension, from 0.</param>
/// <param name="IsAbove">Whether the policy goes above <see cref="Bound"/>; else below.</param>
/// <param name="Bound">The value that 99 % of the log stay within on that side.</param>
/// <param name="Share">The share of the policy's steps beyond it.</param>
public sealed record DimensionOutside(bool IsAction, int Dimension, bool IsAbove, double Bound, double Share)
{
    /// <summary>The share of the clone's steps beyond it, from 0 to 1: the most likely actions of the log itself may lead there.</summary>
    public double CloneShare { get; init; }
}
