using MbpoML.Data;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>Refuses transitions of a task that ends where nothing says which imagined transitions do: policies would learn to live on after the end.</summary>
internal static class KnownEnds
{
    /// <summary>Refuses them for a part whose option is missing.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width], those that a model is fitted to.</param>
    /// <param name="termination">The option; null: not given.</param>
    /// <param name="model">Whether it foretells the end itself.</param>
    /// <exception cref="InvalidOperationException">Some rows are terminated, and nothing is known.</exception>
    public static void Require(TransitionLayout layout, Tensor rows, ITerminationFunction? termination, IDynamicsLearner model)
    {
        if (Missing(layout, rows, termination, model) is { } fault) throw new InvalidOperationException($"{fault}.");
    }

    /// <summary>Refuses a log, whose option a command line has, too.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="log">[rows, width], the log.</param>
    /// <param name="termination">The option; null: not given.</param>
    /// <param name="model">Whether it foretells the end itself.</param>
    /// <exception cref="ArgumentException">Some rows are terminated, and nothing is known.</exception>
    public static void RequireOfLog(TransitionLayout layout, Tensor log, ITerminationFunction? termination, IDynamicsLearner model)
    {
        if (Missing(layout, log, termination, model) is { } fault) throw new ArgumentException($"{fault} (mbpo offline: --ends).", nameof(log));
    }

    private static string? Missing(TransitionLayout layout, Tensor rows, ITerminationFunction? termination, IDynamicsLearner model)
    {
        if (termination is not null || model.PredictsTermination) return null;
        using var scope = NewDisposeScope();
        var ends = layout.Terminated(rows).Above(0.5).sum().item<long>();
        return ends == 0 ? null
            : Invariant($"{ends} of {rows.size(0)} rows are terminated, but nothing says which imagined transitions end the task: set Options.Termination");
    }
}
