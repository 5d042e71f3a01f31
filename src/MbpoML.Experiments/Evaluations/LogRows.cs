namespace MbpoML.Experiments.Evaluations;

/// <summary>The rows of a log while it is read.</summary>
internal sealed class LogRows
{
    private readonly List<float[]> _observations = [];
    private readonly List<float[]> _actions = [];
    private readonly List<double> _rewards = [];
    private readonly List<float[]> _nextObservations = [];
    private readonly List<bool?> _terminated = [];

    /// <summary>How many there are.</summary>
    public int Count => _rewards.Count;

    /// <summary>Adds a row of values.</summary>
    public void Add(float[] observation, float[] action, double reward, float[] nextObservation, bool? terminated)
    {
        _observations.Add(observation);
        _actions.Add(action);
        _rewards.Add(reward);
        _nextObservations.Add(nextObservation);
        _terminated.Add(terminated);
    }

    /// <summary>Adds a row of text.</summary>
    /// <exception cref="RunSpecException">A cell is no number.</exception>
    public void Add(string[] cells, Func<int, string> complaint, int observations, int actions)
    {
        // The end of the task is no number in every file; who only compares actions asks nothing of it.
        float[] row = [.. cells[..^1].Select((cell, column) => LogFile.Number(cell) ?? throw new RunSpecException(complaint(column)))];
        var reward = observations + actions;
        Add(row[..observations], row[observations..reward], row[reward], row[(reward + 1)..], Flag(cells[^1].Trim('"')));
    }

    /// <summary>All of them.</summary>
    public LogFile ToFile() => new(_observations, _actions, _rewards, _nextObservations, _terminated);

    private static bool? Flag(string cell) => bool.TryParse(cell, out var flag) ? flag : LogFile.Number(cell) switch { 0 => false, 1 => true, _ => null };
}
