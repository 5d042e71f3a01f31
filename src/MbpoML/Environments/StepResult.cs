namespace MbpoML.Environments;

/// <summary>What one step of an environment gave besides the observation.</summary>
/// <param name="Reward">The reward of the step, finite.</param>
/// <param name="Terminated">The task ended: nothing more can be earned from here, the value of the next observation is zero.</param>
/// <param name="Truncated">Only the clock ended the episode: the value of the next observation goes on. Never set for the end of the task itself.</param>
public readonly record struct StepResult(double Reward, bool Terminated, bool Truncated = false)
{
    /// <summary>Whether the episode is over, for either cause; the environment must then be reset before the next step.</summary>
    public bool Done => Terminated || Truncated;
}
