namespace MbpoML.Data.TimeSeries;

/// <summary>Makes steps of the stretches of a log: what is observed with its past, the mean action, the reward and the end.</summary>
/// <param name="samples">The rows.</param>
/// <param name="options">What they mean; they were validated.</param>
/// <param name="rowsPerStep">The rows of a step.</param>
internal sealed class StepBuilder(Samples samples, TimeSeriesLog.Options options, int rowsPerStep)
{
    private readonly StepValues _step = new(ObservationSize(samples, options), samples.ActionSize);
    private readonly int _past = Math.Max(options.PastObservations, options.PastActions);

    // Where the steps of the stretch at hand begin; the last entry is where the last one ends.
    private readonly List<int> _points = [];

    private int _episode;

    public StepTable Table { get; } = new(ObservationSize(samples, options), samples.ActionSize);

    /// <summary>The episodes so far.</summary>
    public int Episodes => _episode;

    /// <summary>n: observations, set points, past observations and past actions.</summary>
    public static int ObservationSize(Samples samples, TimeSeriesLog.Options options) =>
        samples.ActionOffset + (options.PastObservations * samples.ObservationSize) + (options.PastActions * samples.ActionSize);

    /// <summary>Adds the steps of a stretch: none where it is shorter than a step and its past.</summary>
    /// <exception cref="ArgumentException">A reward is not finite.</exception>
    public void Add(Stretch stretch)
    {
        _points.Clear();
        for (var row = stretch.Start; row < stretch.End; row += rowsPerStep) _points.Add(row);
        // The step into the task's end may be shorter: the end is never left out.
        if (stretch.EndsTask && _points[^1] != stretch.End - 1) _points.Add(stretch.End - 1);
        var steps = _points.Count - 1;
        for (var step = _past; step < steps; step++) Add(step, isLast: step == steps - 1, stretch.EndsTask);
    }

    private void Add(int step, bool isLast, bool endsTask)
    {
        Observe(step, _step.Observation);
        Observe(step + 1, _step.Next);
        MeanAction(step, _step.Action);
        _step.Round();
        var terminated = (isLast && endsTask) ||
            options.Termination?.Invoke(_step.RoundedObservation, _step.RoundedAction, _step.RoundedNext) == true;
        Table.Add(_step, Reward(step), terminated, truncated: isLast && !terminated, _episode);
        if (isLast || terminated) _episode++;
    }

    // [observations, set points, observations 1, 2 ... steps before, actions 1, 2 ... steps before]
    private void Observe(int step, Span<double> observation)
    {
        samples.Row(_points[step])[..samples.ActionOffset].CopyTo(observation);
        var offset = samples.ActionOffset;
        for (var back = 1; back <= options.PastObservations; back++, offset += samples.ObservationSize)
            samples.Row(_points[step - back])[..samples.ObservationSize].CopyTo(observation[offset..]);
        for (var back = 1; back <= options.PastActions; back++, offset += samples.ActionSize)
            MeanAction(step - back, observation.Slice(offset, samples.ActionSize));
    }

    private void MeanAction(int step, Span<double> action)
    {
        action.Clear();
        var (from, to) = (_points[step], _points[step + 1]);
        for (var row = from; row < to; row++)
        {
            var taken = samples.Row(row).Slice(samples.ActionOffset, samples.ActionSize);
            for (var index = 0; index < action.Length; index++) action[index] += taken[index];
        }

        for (var index = 0; index < action.Length; index++) action[index] /= to - from;
    }

    private double Reward(int step)
    {
        var reward = 0.0;
        if (options.Reward is { } function) reward = function(_step.RoundedObservation, _step.RoundedAction, _step.RoundedNext);
        else
            for (var row = _points[step]; row < _points[step + 1]; row++) reward += samples.Row(row)[samples.RewardOffset];
        return double.IsFinite(reward) ? reward
            : throw new ArgumentException(
                Invariant($"Reward returned {reward} for the step that begins in {samples.Tell(_points[step])}; it must return a finite number."));
    }
}
