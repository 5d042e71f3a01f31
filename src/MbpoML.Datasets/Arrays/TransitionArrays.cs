using MbpoML.Data;
using MbpoML.Data.Views;

namespace MbpoML.Datasets.Arrays;

/// <summary>Transitions of a file, as they are found.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="observationSize">n</param>
/// <param name="actionSize">m</param>
internal sealed class TransitionArrays(string path, int observationSize, int actionSize)
{
    private readonly List<float> _observation = [];
    private readonly List<float> _action = [];
    private readonly List<float> _reward = [];
    private readonly List<float> _next = [];
    private readonly List<bool> _terminated = [];
    private readonly List<bool> _truncated = [];
    private readonly List<int> _episode = [];

    /// <summary>What the numbers of an observation are called, or null.</summary>
    public IReadOnlyList<string>? ObservationNames { get; init; }

    /// <summary>What the numbers of an action are called, or null.</summary>
    public IReadOnlyList<string>? ActionNames { get; init; }

    /// <summary>The transitions so far.</summary>
    public int Count => _reward.Count;

    public void Add(
        ReadOnlySpan<float> observation, ReadOnlySpan<float> action, float reward, ReadOnlySpan<float> next, bool terminated, bool truncated, int episode)
    {
        _observation.AddRange(observation);
        _action.AddRange(action);
        _reward.Add(reward);
        _next.AddRange(next);
        _terminated.Add(terminated);
        _truncated.Add(truncated);
        _episode.Add(episode);
    }

    /// <summary>Ends an episode at its last step, where the file does not: its recording ended there.</summary>
    public void EndEpisode(int episode)
    {
        if (Count > 0 && _episode[^1] == episode && !_terminated[^1]) _truncated[^1] = true;
    }

    /// <summary>Refuses an array with a value that is not finite.</summary>
    /// <exception cref="DatasetException">There is one; the message names dataset and row.</exception>
    public static void RequireFinite(string path, string dataset, float[] values, int width)
    {
        for (var index = 0; index < values.Length; index++)
            if (!float.IsFinite(values[index]))
                throw new DatasetException(
                    Invariant($"{path}: dataset '{dataset}' holds {values[index]} in row {index / width}, but only finite numbers can be learned from."));
    }

    /// <summary>A view with the house's columns.</summary>
    /// <exception cref="DatasetException">There is no transition.</exception>
    public DenseDataView ToView()
    {
        if (Count == 0) throw new DatasetException($"{path} holds no transition: no step of an episode is followed by another observation.");
        return new DenseDataView.Builder()
            .AddVector(TransitionColumns.DefaultObservation, observationSize, [.. _observation], ObservationNames)
            .AddVector(TransitionColumns.DefaultAction, actionSize, [.. _action], ActionNames)
            .AddScalar(TransitionColumns.DefaultReward, [.. _reward])
            .AddVector(TransitionColumns.DefaultNextObservation, observationSize, [.. _next], ObservationNames)
            .AddBoolean(TransitionColumns.DefaultTerminated, [.. _terminated])
            .AddBoolean(TransitionColumns.DefaultTruncated, [.. _truncated])
            .AddInt32(TransitionColumns.DefaultEpisodeId, [.. _episode])
            .Build();
    }
}
