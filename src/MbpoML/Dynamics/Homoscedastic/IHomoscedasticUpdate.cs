namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>One way to train the members.</summary>
internal interface IHomoscedasticUpdate : IDisposable
{
    /// <summary>Takes optimizer steps of every member, each on a minibatch of its own.</summary>
    /// <param name="rows">What is learned.</param>
    /// <param name="steps">Which steps of the fit.</param>
    /// <param name="cancellationToken">Stops between two steps; the members then stand at different steps.</param>
    /// <returns>The mean over members and steps of the loss; not finite where a member's is not.</returns>
    double Run(FitRows rows, StepRange steps, CancellationToken cancellationToken);
}
