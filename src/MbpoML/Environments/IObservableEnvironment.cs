namespace MbpoML.Environments;

/// <summary>An environment whose observation shows its whole physical state, so that its equations can be asked what happens next anywhere.</summary>
public interface IObservableEnvironment : IStatefulEnvironment
{
    /// <summary>The state at the beginning of an episode that is observed so.</summary>
    /// <param name="observation">The first observation of an episode, [observation].</param>
    /// <param name="state">Receives the state, [<see cref="IStatefulEnvironment.StateSize"/>].</param>
    /// <exception cref="ArgumentException">A span has another length, or a value is not finite.</exception>
    void FindState(ReadOnlySpan<double> observation, Span<double> state);
}
