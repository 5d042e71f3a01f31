using System.Runtime.CompilerServices;
using MbpoML.Data.Views;

namespace MbpoML.Data;

/// <summary>Gathers transitions column by column and checks each against the first.</summary>
internal sealed class TransitionCollector
{
    private readonly List<float> _observations = [];
    private readonly List<float> _actions = [];
    private readonly List<float> _rewards = [];
    private readonly List<float> _nextObservations = [];
    private readonly List<bool> _terminated = [];
    private readonly List<bool> _truncated = [];
    private readonly List<int> _episodeIds = [];
    private int _observationSize;
    private int _actionSize;

    private int Count => _rewards.Count;

    /// <summary>Copies a transition.</summary>
    /// <exception cref="ArgumentException">It is null or has no values, differs in size from the first, or a value is not finite.</exception>
    public void Add(Transition transition)
    {
        if (transition is null) throw Bad("is null");
        if (Count == 0) (_observationSize, _actionSize) = (transition.Observation?.Length ?? 0, transition.Action?.Length ?? 0);
        AddVector(_observations, transition.Observation, _observationSize);
        AddVector(_actions, transition.Action, _actionSize);
        AddVector(_nextObservations, transition.NextObservation, _observationSize);
        if (!float.IsFinite(transition.Reward)) throw Bad(Invariant($"has the reward {transition.Reward}, but only finite values can be learned from"));
        _terminated.Add(transition.Terminated);
        _truncated.Add(transition.Truncated);
        _episodeIds.Add(transition.EpisodeId);
        _rewards.Add(transition.Reward);
    }

    /// <summary>A view of what was added; the collector is then done.</summary>
    /// <exception cref="ArgumentException">Nothing was added.</exception>
    public DenseDataView ToDataView(TransitionColumns columns) =>
        Count == 0
            ? throw new ArgumentException("There is no transition; give at least one.")
            : new DenseDataView.Builder()
                .AddVector(columns.Observation, _observationSize, [.. _observations])
                .AddVector(columns.Action, _actionSize, [.. _actions])
                .AddScalar(columns.Reward, [.. _rewards])
                .AddVector(columns.NextObservation, _observationSize, [.. _nextObservations])
                .AddBoolean(columns.Terminated, [.. _terminated])
                .AddBoolean(columns.Truncated, [.. _truncated])
                .AddInt32(columns.EpisodeId, [.. _episodeIds])
                .Build();

    private void AddVector(List<float> column, float[]? values, int size, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        name = name[(name.LastIndexOf('.') + 1)..];
        if (values is null || values.Length == 0) throw Bad($"has no {name}; give it its values");
        if (values.Length != size)
            throw Bad(Invariant($"has {values.Length} values as {name}, but the first transition tells {size}; all transitions must have the same sizes"));
        var index = Array.FindIndex(values, value => !float.IsFinite(value));
        if (index >= 0) throw Bad(Invariant($"has {values[index]} as {name}[{index}], but only finite values can be learned from"));
        column.AddRange(values);
    }

    private ArgumentException Bad(string what) => new($"Transition {Count} {what}.");
}
