using MbpoML.Environments;

namespace MbpoML.Dynamics;

/// <summary>Finds the state of an environment that is observed so.</summary>
/// <param name="observation">The observation, [observation].</param>
/// <param name="state">Receives the state, [<see cref="IStatefulEnvironment.StateSize"/>].</param>
public delegate void StateFromObservation(ReadOnlySpan<double> observation, Span<double> state);
