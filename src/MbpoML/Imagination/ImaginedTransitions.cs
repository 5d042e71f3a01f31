using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Dynamics;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>What the transformers that imagine transitions from start states have in common.</summary>
internal static class ImaginedTransitions
{
    /// <summary>Fails where a policy and a model are of different sizes.</summary>
    /// <exception cref="ArgumentException">They are.</exception>
    public static void RequireFit(IPolicy policy, IDynamicsModel model)
    {
        if (policy.ObservationSize != model.Layout.ObservationSize || policy.ActionSpace.Size != model.Layout.ActionSize)
            throw new ArgumentException(
                Invariant($"The policy maps {policy.ObservationSize} observations to {policy.ActionSpace.Size} actions, but the dynamics model was fitted ") +
                Invariant($"on {model.Layout.ObservationSize} observations and {model.Layout.ActionSize} actions."), nameof(policy));
    }

    /// <summary>The columns that come out.</summary>
    public static DataViewSchema SchemaOf(TransitionLayout layout, TransitionColumns columns)
    {
        using var empty = new TransitionTable(layout, zeros(0, layout.Width));
        return empty.ToDataView(columns, []).Schema;
    }

    /// <summary>Imagines rollouts and keeps all of their transitions.</summary>
    /// <param name="generator">The generator of the rollouts.</param>
    /// <param name="starts">Start states, [starts, observation].</param>
    /// <param name="length">The most steps of a rollout.</param>
    /// <param name="width">The numbers of a transition.</param>
    /// <param name="policy">Its actions are drawn.</param>
    /// <param name="random">The generator of all random numbers.</param>
    /// <returns>Transitions step by step, [rows, width], in the caller's scope, and for each the index of its start state.</returns>
    public static (Tensor Rows, int[] Starts) Of(
        BranchedRolloutGenerator generator, Tensor starts, int length, int width, IPolicy policy, Generator random)
    {
        List<Tensor> rows = [];
        List<int> numbers = [];
        try
        {
            generator.Generate(starts, length, policy, random, (step, of) =>
            {
                rows.Add(step.clone().DetachFromDisposeScope());
                foreach (var number in of.data<long>()) numbers.Add((int)number);
            });
            return (rows.Count > 0 ? cat(rows, 0) : zeros(0, width), [.. numbers]);
        }
        finally
        {
            foreach (var part in rows) part.Dispose();
        }
    }
}
