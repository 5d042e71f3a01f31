using MbpoML.Numerics.Random;

namespace MbpoML.Policies.ValueGradient;

/// <summary>
/// Draws the target critics whose least value an update takes (X. Chen, C. Wang, Z. Zhou and K. Ross, "Randomized ensembled double Q-learning", ICLR 2021).
/// </summary>
internal sealed class TargetCritics
{
    private readonly RandomSource _source;
    private readonly int[] _critics;
    private readonly int _count;

    /// <param name="settings">How many there are, and how many are drawn.</param>
    /// <param name="source">One number for each critic that is drawn; none where all are.</param>
    public TargetCritics(ValueGradientSettings settings, RandomSource source) =>
        (_source, _critics, _count) = (source, [.. Enumerable.Range(0, settings.CriticCount)], Math.Min(settings.TargetCriticCount, settings.CriticCount));

    /// <summary>How many are drawn.</summary>
    public int Count => _count;

    /// <summary>Different critics, all choices equally likely; valid until the next draw.</summary>
    public ReadOnlySpan<int> Draw()
    {
        // From the same order each time, so that a draw depends on the stream alone.
        for (var critic = 0; critic < _critics.Length; critic++) _critics[critic] = critic;
        for (var place = 0; _count < _critics.Length && place < _count; place++)
        {
            var other = place + _source.NextInt32(_critics.Length - place);
            (_critics[place], _critics[other]) = (_critics[other], _critics[place]);
        }

        return _critics.AsSpan(0, _count);
    }
}
