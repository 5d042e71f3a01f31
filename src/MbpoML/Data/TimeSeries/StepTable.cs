namespace MbpoML.Data.TimeSeries;

/// <summary>The steps of a log, column by column, as they are found.</summary>
/// <param name="observationSize">n, with set points and the past.</param>
/// <param name="actionSize">m</param>
internal sealed class StepTable(int observationSize, int actionSize)
{
    public List<float> Observation { get; } = [];

    public List<float> Action { get; } = [];

    public List<float> Reward { get; } = [];

    public List<float> Next { get; } = [];

    public List<bool> Terminated { get; } = [];

    public List<bool> Truncated { get; } = [];

    public List<int> Episode { get; } = [];

    public int Count => Reward.Count;

    /// <summary>Sees the numbers before they are rounded.</summary>
    public TransitionStatistics Statistics { get; } = new(observationSize, actionSize);

    public void Add(StepValues step, double reward, bool terminated, bool truncated, int episode)
    {
        Statistics.Add(step.Observation, step.Action, reward, step.Next);
        Observation.AddRange(step.RoundedObservation);
        Action.AddRange(step.RoundedAction);
        Next.AddRange(step.RoundedNext);
        Reward.Add((float)reward);
        Terminated.Add(terminated);
        Truncated.Add(truncated);
        Episode.Add(episode);
    }
}
