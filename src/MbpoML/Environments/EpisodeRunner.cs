namespace MbpoML.Environments;

/// <summary>Steps through the episodes of an environment: for training, evaluation and recordings alike. Allocates nothing per step.</summary>
/// <param name="environment">The task.</param>
/// <param name="maxSteps">Cuts (truncates) episodes that the environment does not end.</param>
internal sealed class EpisodeRunner(IEnvironment environment, int maxSteps = int.MaxValue)
{
    private StepResult _result;

    /// <summary>What was observed before the step that comes next or was just made.</summary>
    public double[] Observation { get; private set; } = new double[environment.ObservationSpace.Size];

    /// <summary>What was observed after the step that was just made.</summary>
    public double[] Next { get; private set; } = new double[environment.ObservationSpace.Size];

    /// <summary>The action of that step.</summary>
    public double[] Action { get; } = new double[environment.ActionSpace.Size];

    /// <summary>Where an episode is cut (truncated) that the environment does not end, in steps.</summary>
    public int MaxSteps { get; set; } = maxSteps;

    /// <summary>Steps of the episode so far.</summary>
    public int Steps { get; set; }

    /// <summary>The sum of its rewards.</summary>
    public double Return { get; set; }

    /// <summary>Whether an episode is under way.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>What the environment answered to a move that was not counted yet.</summary>
    public StepResult Answer { get => _result; set => _result = value; }

    /// <summary>Begins an episode.</summary>
    /// <param name="seed">Decides its start.</param>
    public void Begin(int seed)
    {
        environment.Reset(seed, Observation);
        (IsUnderWay, Steps, Return) = (true, 0, 0);
    }

    /// <summary>One whole step.</summary>
    /// <param name="act">Chooses the action.</param>
    /// <returns>The reward, and how the episode goes on.</returns>
    public StepResult Step(BehaviorPolicy act)
    {
        act(Observation, Action);
        Move();
        return Count();
    }

    /// <summary>The environment's part of a step: <see cref="Action"/> is taken, and <see cref="Next"/> observed.</summary>
    public void Move() => _result = environment.Step(Action, Next);

    /// <summary>Counts the move that was just made.</summary>
    /// <returns>The reward, and how the episode goes on: truncated also where it is cut here.</returns>
    public StepResult Count()
    {
        Steps++;
        Return += _result.Reward;
        var truncated = !_result.Terminated && (_result.Truncated || Steps >= MaxSteps);
        IsUnderWay = !_result.Terminated && !truncated;
        return new StepResult(_result.Reward, _result.Terminated, truncated);
    }

    /// <summary>Goes on to the next step: what was observed after the last one is what is observed before it.</summary>
    public void Advance() => (Observation, Next) = (Next, Observation);
}
