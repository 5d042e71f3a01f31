namespace MbpoML.Evaluation;

/// <summary>How well a policy does in an environment, over some episodes.</summary>
public sealed class PolicyMetrics
{
    internal PolicyMetrics(IReadOnlyList<EpisodeResult> episodes)
    {
        Episodes = episodes;
        MeanReturn = episodes.Average(episode => episode.Return);
        ReturnStandardDeviation = Math.Sqrt(episodes.Average(episode => Math.Pow(episode.Return - MeanReturn, 2)));
        MinimumReturn = episodes.Min(episode => episode.Return);
        MaximumReturn = episodes.Max(episode => episode.Return);
        MeanLength = episodes.Average(episode => (double)episode.Length);
    }

    /// <summary>Each episode with its rewards.</summary>
    public IReadOnlyList<EpisodeResult> Episodes { get; }

    /// <summary>The average undiscounted return.</summary>
    public double MeanReturn { get; }

    /// <summary>The population standard deviation of the returns.</summary>
    public double ReturnStandardDeviation { get; }

    /// <summary>The lowest return.</summary>
    public double MinimumReturn { get; }

    /// <summary>The highest return.</summary>
    public double MaximumReturn { get; }

    /// <summary>The average number of steps an episode.</summary>
    public double MeanLength { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"mean return {MeanReturn:F1} +- {ReturnStandardDeviation:F1} over {Episodes.Count} episodes");
}
