namespace MbpoML.Data;

/// <summary>The names of the columns in which transitions travel between stages: the contract of every estimator here.</summary>
public sealed record TransitionColumns
{
    /// <summary>The default name of the observation column.</summary>
    public const string DefaultObservation = "Observation";

    /// <summary>The default name of the action column.</summary>
    public const string DefaultAction = "Action";

    /// <summary>The default name of the reward column.</summary>
    public const string DefaultReward = "Reward";

    /// <summary>The default name of the next observation's column.</summary>
    public const string DefaultNextObservation = "NextObservation";

    /// <summary>The default name of the termination flag.</summary>
    public const string DefaultTerminated = "Terminated";

    /// <summary>The default name of the truncation flag.</summary>
    public const string DefaultTruncated = "Truncated";

    /// <summary>The default name of the episode's number.</summary>
    public const string DefaultEpisodeId = "EpisodeId";

    /// <summary>The default name of a predicted next observation, vector&lt;float, n&gt;.</summary>
    public const string PredictedNextObservation = "PredictedNextObservation";

    /// <summary>The default name of a predicted change of the observation, vector&lt;float, n&gt;.</summary>
    public const string PredictedObservationDelta = "PredictedObservationDelta";

    /// <summary>The default name of a predicted reward, float.</summary>
    public const string PredictedReward = "PredictedReward";

    /// <summary>The default name of a predicted termination flag, bool.</summary>
    public const string PredictedTerminated = "PredictedTerminated";

    /// <summary>What is appended to the name of a prediction to name its standard deviation.</summary>
    public const string StandardDeviationSuffix = "StandardDeviation";

    /// <summary>The names used when nothing else is said.</summary>
    public static TransitionColumns Default { get; } = new();

    /// <summary>The observation before the step: vector&lt;float, n&gt;.</summary>
    public string Observation { get; init; } = DefaultObservation;

    /// <summary>The action taken, in the environment's units: vector&lt;float, m&gt;.</summary>
    public string Action { get; init; } = DefaultAction;

    /// <summary>The reward of the step: float.</summary>
    public string Reward { get; init; } = DefaultReward;

    /// <summary>The observation after the step: vector&lt;float, n&gt;.</summary>
    public string NextObservation { get; init; } = DefaultNextObservation;

    /// <summary>Whether the task ended, so that the value from there is zero: bool.</summary>
    public string Terminated { get; init; } = DefaultTerminated;

    /// <summary>Whether only the clock or the rollout ended, so that the value goes on: bool. Optional on input; absent means false.</summary>
    public string Truncated { get; init; } = DefaultTruncated;

    /// <summary>The number of the episode, for splitting whole episodes: int or key. Optional.</summary>
    public string EpisodeId { get; init; } = DefaultEpisodeId;

    /// <summary>
    /// The names, or the defaults when null, after a check that each is there and none is used twice: reading one column as two would teach nonsense.
    /// </summary>
    /// <exception cref="ArgumentException">A name is null, empty or used twice.</exception>
    internal static TransitionColumns Checked(TransitionColumns? columns)
    {
        if (columns is null) return Default;
        (string Role, string Name)[] names =
        [
            (nameof(Observation), columns.Observation), (nameof(Action), columns.Action), (nameof(Reward), columns.Reward),
            (nameof(NextObservation), columns.NextObservation),
            (nameof(Terminated), columns.Terminated), (nameof(Truncated), columns.Truncated), (nameof(EpisodeId), columns.EpisodeId),
        ];
        foreach (var (role, name) in names) ArgumentException.ThrowIfNullOrEmpty(name, role);
        foreach (var sharing in names.GroupBy(column => column.Name).Where(group => group.Count() > 1))
            throw new ArgumentException(
                $"TransitionColumns: {string.Join(" and ", sharing.Select(column => column.Role))} are all called '{sharing.Key}'; give each a name of its " +
                    "own.", nameof(columns));
        return columns;
    }
}
