namespace MbpoML.Environments;

/// <summary>Whatever acts while transitions are recorded: a controller, a script, a person's input.</summary>
/// <param name="observation">The current observation, [observation], environment units.</param>
/// <param name="action">Receives the action, [action], environment units; keep it within the bounds.</param>
public delegate void BehaviorPolicy(ReadOnlySpan<double> observation, Span<double> action);
