using MbpoML.Acting;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>The return that each member of an ensemble promises a policy: its most likely actions, from given starts, all members side by side.</summary>
/// <param name="imagined">Imagines with the member that it is given; a model without members counts as one.</param>
/// <param name="steps">The most steps of an episode.</param>
/// <param name="seed">Decides what members with noise draw: the same for every policy.</param>
internal sealed class MemberReturns(ImaginedEnvironment imagined, int steps, int seed)
{
    /// <summary>Imagines the episodes.</summary>
    /// <param name="policy">Acts.</param>
    /// <param name="starts">[starts, observation]</param>
    /// <returns>The mean return in each member; minus infinity where an episode leaves the range of numbers.</returns>
    public double[] Of(IPolicy policy, Tensor starts)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var means = Each(policy, starts).mean([1L]).cpu().data<double>().ToArray();
        return Array.ConvertAll(means, mean => double.IsFinite(mean) ? mean : double.NegativeInfinity);
    }

    /// <summary>Imagines the episodes, and gives the return of each.</summary>
    /// <param name="policy">Acts.</param>
    /// <param name="starts">[starts, observation]</param>
    /// <param name="visit">Sees the observations and actions of each step of the episodes that are not over, only lent; null: nobody does.</param>
    /// <returns>[members, starts], float64; not finite where an episode leaves the range of numbers. Left to the caller's dispose scope.</returns>
    public Tensor Each(IPolicy policy, Tensor starts, Action<Tensor, Tensor>? visit = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var members = imagined.Propagation == Propagation.MemberEachRollout ? ((IEnsembleDynamicsModel)imagined.Model).EliteCount : 1;
        var count = starts.size(0);
        var member = ScalarArithmetic.Numbers(0, members, CPU).repeat_interleave(count);
        var observation = starts.repeat(members, 1);
        var returns = zeros(members * count, ScalarType.Float64, starts.device);
        var alive = ones(members * count, ScalarType.Bool, starts.device);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var action = policy.Act(observation);
            if (visit is not null)
            {
                var rows = alive.nonzero().squeeze(1);
                visit(observation.index_select(0, rows), action.index_select(0, rows));
            }

            var (next, rewards, terminated) = imagined.StepUnchecked(observation, action, generator, member, alive);
            returns.AddInPlace(rewards.to(ScalarType.Float64).Filled(alive.logical_not(), 0));
            alive.logical_and_(terminated.logical_not());
            observation.copy_(next);
            if (!alive.any().item<bool>()) break;
        }

        return returns.view(members, count).MoveToOuterDisposeScope();
    }
}
