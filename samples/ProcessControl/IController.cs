namespace ProcessControl;

/// <summary>Whatever acts in a task: a PI controller or a learned policy.</summary>
internal interface IController
{
    /// <summary>An episode begins.</summary>
    void Start();

    /// <summary>Writes the action that answers an observation.</summary>
    void Act(ReadOnlySpan<double> observation, Span<double> action);
}
