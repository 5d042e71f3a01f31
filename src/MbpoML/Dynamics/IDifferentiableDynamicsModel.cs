namespace MbpoML.Dynamics;

/// <summary>
/// A dynamics model whose imagined steps can be differentiated: by how much a loss changes with the observations and actions that a step was imagined from.
/// </summary>
public interface IDifferentiableDynamicsModel : IDynamicsModel
{
    /// <summary>
    /// Memory for imagined steps of so many rows and the backward pass through them. A learner keeps one object for each step of its horizon, and may use
    /// different objects at once, each on one thread.
    /// </summary>
    /// <param name="batch">Rows of each step, at least 1.</param>
    /// <returns>It follows the model from fit to fit; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    IDifferentiableStep CreateStep(int batch);
}
