using MbpoML.Acting;
using MbpoML.Data.Replay;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>Branches short model rollouts off given start states: lines 7-8 of the paper's Algorithm 2, on tensors.</summary>
/// <remarks>
/// Actions are drawn from the policy (not its mean). Every row draws its own ensemble member at every step. Rows that terminated are dropped. The horizon is a
/// truncation: the value of the last state goes on. Starts are taken in blocks, so that memory stays bounded.
/// </remarks>
/// <param name="imagined">Imagines the steps.</param>
/// <param name="rule">Judges them; null: all go on.</param>
/// <param name="transitions">The real transitions, for rules that look at them; null: there are none.</param>
internal sealed class BranchedRolloutGenerator(ImaginedEnvironment imagined, IRolloutRule? rule, ReplayPool? transitions = null)
{
    /// <summary>Starts rolled out together: enough for full matrix products, few enough for bounded memory.</summary>
    internal const int BlockSize = 20_000;

    /// <summary>Receives imagined transitions.</summary>
    /// <param name="rows">[rows, width], lent</param>
    /// <param name="starts">For each row the index of its start state, int64 [rows], lent</param>
    public delegate void Sink(Tensor rows, Tensor starts);

    /// <summary>Rolls out every start state for up to <paramref name="length"/> steps and hands each step's transitions to <paramref name="sink"/>.</summary>
    /// <param name="observations">Start states, [starts, observation], environment units.</param>
    /// <param name="length">k, at least 1.</param>
    /// <param name="policy">Its actions are drawn.</param>
    /// <param name="generator">The generator of all random numbers of actions and predictions.</param>
    /// <param name="sink">Receives the transitions of each step.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">One of the functions returned null, or a tensor of another shape or type.</exception>
    public RolloutStatistics Generate(
        Tensor observations, int length, IPolicy policy, Generator generator, Sink sink, CancellationToken cancellationToken = default)
    {
        var total = default(RolloutStatistics);
        using var _ = no_grad();
        try
        {
            rule?.Begin(new RolloutBeginning(observations.shape[0], imagined.Model, transitions, generator));
            for (long first = 0; first < observations.shape[0]; first += BlockSize)
            {
                using var scope = NewDisposeScope();
                var block = observations.narrow(0, first, Math.Min(BlockSize, observations.shape[0] - first));
                var starts = ScalarArithmetic.Numbers(first, first + block.shape[0], observations.device);
                total += GenerateBlock(block, starts, length, policy, generator, sink, cancellationToken);
            }
        }
        finally
        {
            rule?.End();
        }

        return total;
    }

    private RolloutStatistics GenerateBlock(
        Tensor observation, Tensor starts, int length, IPolicy policy, Generator generator, Sink sink, CancellationToken cancellationToken)
    {
        var statistics = new RolloutStatistics(observation.shape[0], 0, 0, 0);
        var members = imagined.DrawMembers(observation.shape[0], generator);
        for (var index = 0; index < length && observation.shape[0] > 0; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var action = policy.Sample(observation, generator);
            var (next, rewards, terminated) = imagined.Step(observation, action, generator, members, index);
            var verdict = Judge(new RolloutStep(index, starts, observation, action, next, rewards, terminated, imagined.Model));
            if (verdict.Ends is { } ends) terminated = terminated.logical_or(ends);
            var stopped = verdict.GoesOn is { } goesOn ? goesOn.logical_not().logical_and(terminated.logical_not()) : zeros_like(terminated);
            var alive = terminated.logical_or(stopped).logical_not();
            var truncated = index == length - 1 ? terminated.logical_not() : stopped;

            var rows = cat(
                [observation, action, (verdict.Reward ?? rewards).unsqueeze(1), next, terminated.unsqueeze(1).to(ScalarType.Float32),
                    truncated.unsqueeze(1).to(ScalarType.Float32)], 1);
            var origins = starts;
            if (verdict.Keeps is { } keeps)
            {
                var kept = keeps.nonzero().squeeze(1);
                (rows, origins) = (rows.index_select(0, kept), starts.index_select(0, kept));
            }

            if (rows.shape[0] > 0) sink(rows, origins);
            statistics += new RolloutStatistics(0, rows.shape[0], terminated.sum().item<long>(), stopped.sum().item<long>());

            var survivors = alive.nonzero().squeeze(1);
            observation = next.index_select(0, survivors).MoveToOuterDisposeScope();
            starts = starts.index_select(0, survivors).MoveToOuterDisposeScope();
            members = members?.index_select(0, survivors.cpu()).MoveToOuterDisposeScope();
        }

        return statistics;
    }

    private RolloutVerdict Judge(RolloutStep step)
    {
        if (rule is null) return default;
        var (verdict, rows) = (rule.Judge(step), step.Reward.size(0));
        if (verdict.GoesOn is not null) TensorCheck.Column(verdict.GoesOn, rows, ScalarType.Bool, "The rollout rule");
        if (verdict.Keeps is not null) TensorCheck.Column(verdict.Keeps, rows, ScalarType.Bool, "What the rollout rule keeps");
        if (verdict.Ends is not null) TensorCheck.Column(verdict.Ends, rows, ScalarType.Bool, "What the rollout rule ends");
        if (verdict.Reward is not null) TensorCheck.Column(verdict.Reward, rows, ScalarType.Float32, "The reward of the rollout rule");
        return verdict;
    }
}
