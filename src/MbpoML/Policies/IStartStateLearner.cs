using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>
/// A policy learner that is given states alone and imagines everything else by itself, through a model with its gradient, such as a value gradient.
/// </summary>
public interface IStartStateLearner : IPolicyLearner, IModelBasedLearner
{
    /// <summary>The states that it wants for an update, at least 1.</summary>
    int BatchSize { get; }

    /// <summary>Looks at the real transitions, from which it takes its scales. To be called after each fit of the model and before the first update.</summary>
    /// <param name="rows">The transitions, [rows, <see cref="Data.TransitionLayout.Width"/>], in the environment's units; only read.</param>
    void Look(Tensor rows);

    /// <summary>One update of critics and policy.</summary>
    /// <param name="observations">Start states, [<see cref="BatchSize"/>, observation], in environment units, on the learner's device; only read.</param>
    void Update(Tensor observations);

    /// <summary>One update of the critics alone, with the policy as it stands.</summary>
    /// <param name="observations">The start states, as for <see cref="Update"/>.</param>
    void UpdateCritics(Tensor observations);
}
