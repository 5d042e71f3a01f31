using MbpoML.Data.Views;

namespace MbpoML.Datasets.Arrays;

/// <summary>Reads a flat log: finds its episodes, and the next observation of each step.</summary>
internal sealed class FlatLog
{
    // Parts by which the observation after a step may differ from that before the next one: files round them differently.
    private const float RelativeTolerance = 1e-4f, AbsoluteTolerance = 1e-5f;

    private readonly float[] _observation;
    private readonly float[] _action;
    private readonly float[] _reward;
    private readonly float[]? _next;
    private readonly bool[] _terminated;
    private readonly bool[]? _truncated;
    private readonly int _observationSize;
    private readonly int _actionSize;
    private readonly string _path;

    private FlatLog(IArrays arrays, FlatNames names)
    {
        var observation = arrays.Require(names.Observation, names.Kind);
        var action = arrays.Require(names.Action, names.Kind);
        var reward = arrays.Require(names.Reward, names.Kind);
        var terminated = arrays.Require(names.Terminated, names.Kind);
        var (next, truncated) = (arrays.Find(names.Next), arrays.Find(names.Truncated));
        // All shapes are looked at before anything is read.
        arrays.RequireShape(observation, rows: null, width: null);
        arrays.RequireShape(action, observation.Rows, width: null);
        arrays.RequireShape(reward, observation.Rows, width: 1);
        arrays.RequireShape(terminated, observation.Rows, width: 1);
        if (next is not null) arrays.RequireShape(next, observation.Rows, observation.Width);
        if (truncated is not null) arrays.RequireShape(truncated, observation.Rows, width: 1);
        arrays.RequireContinuous(action);
        (_path, _observationSize, _actionSize) = (arrays.Path, observation.Width, action.Width);
        (_observation, _action, _reward) = (Finite(arrays, observation), Finite(arrays, action), Finite(arrays, reward));
        _next = next is null ? null : Finite(arrays, next);
        (_terminated, _truncated) = (arrays.ReadFlags(terminated), truncated is null ? null : arrays.ReadFlags(truncated));
    }

    private int Rows => _reward.Length;

    /// <summary>Reads the arrays of a format.</summary>
    /// <exception cref="DatasetException">One is missing or has another shape, or a number is not finite.</exception>
    public static DenseDataView Read(IArrays arrays, FlatNames names) => new FlatLog(arrays, names).ToView();

    private DenseDataView ToView()
    {
        var transitions = new TransitionArrays(_path, _observationSize, _actionSize);
        var episode = 0;
        for (var row = 0; row < Rows; row++)
        {
            var (ended, timedOut) = (_terminated[row], _truncated?[row] == true);
            var isCut = row == Rows - 1 || (_next is not null && !Continues(row));
            if (NextOf(row, ended, timedOut) is { Length: > 0 } next)
                transitions.Add(
                    Observation(row), _action.AsSpan(row * _actionSize, _actionSize), _reward[row], next, ended, timedOut || (isCut && !ended), episode);
            if (!ended && !timedOut && !isCut) continue;
            transitions.EndEpisode(episode);
            episode++;
        }

        return transitions.ToView();
    }

    private ReadOnlySpan<float> Observation(int row) => _observation.AsSpan(row * _observationSize, _observationSize);

    // Empty where the file does not tell what came next: the row behind belongs to another episode.
    private ReadOnlySpan<float> NextOf(int row, bool ended, bool timedOut)
    {
        if (_next is not null) return _next.AsSpan(row * _observationSize, _observationSize);
        // No learner asks for the value after the end of a task, so that the step is kept with the last observation there is.
        if (ended) return Observation(row);
        return timedOut || row == Rows - 1 ? [] : Observation(row + 1);
    }

    private bool Continues(int row)
    {
        var next = _next.AsSpan(row * _observationSize, _observationSize);
        var following = Observation(row + 1);
        for (var index = 0; index < next.Length; index++)
        {
            var tolerance = (RelativeTolerance * Math.Max(Math.Abs(next[index]), Math.Abs(following[index]))) + AbsoluteTolerance;
            if (Math.Abs(next[index] - following[index]) > tolerance) return false;
        }

        return true;
    }

    private static float[] Finite(IArrays arrays, ArrayInfo array)
    {
        var values = arrays.Read(array);
        TransitionArrays.RequireFinite(arrays.Path, array.Name, values, array.Width);
        return values;
    }
}
