using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>Refuses transitions of a task that ends where nothing says which imagined transitions do: policies would learn to live on after the end.</summary>
internal static class KnownEnds
{
    /// <summary>Does so.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width], those that a model is fitted to.</param>
    /// <param name="termination">The option; null: not given.</param>
    /// <param name="model">Whether it foretells the end itself.</param>
    /// <exception cref="InvalidOperationException">Some rows are terminated, and nothing is known.</exception>
    public static void Require(TransitionLayout layout, Tensor rows, ITerminationFunction? termination, IDynamicsLearner model)
    {
        if (termination is not null || model.PredictsTermination) return;
        using var scope = NewDisposeScope();
        var ends = layout.Terminated(rows).Above(0.5).sum().item<long>();
        if (ends > 0)
            throw new InvalidOperationException(
                Invariant($"{ends} of {rows.size(0)} rows are terminated, but nothing says which imagined transitions end the task: set Options.Termination."));
    }
}
