using System.Globalization;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Rollouts;

/// <summary>Branches short model rollouts off given start states: lines 7-8 of the paper's Algorithm 2, on tensors.</summary>
/// <remarks>
/// Actions are drawn from the policy (not its mean), every row draws its own ensemble member at every step, rows that terminated are dropped, and the horizon is a
/// truncation: the value of the last state goes on. Starts are taken in blocks, so memory stays bounded however many there are.
/// </remarks>
internal sealed class BranchedRolloutGenerator(ITerminationFunction? termination, IRewardFunction? reward, IRolloutStoppingRule? stoppingRule)
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
    /// <param name="model">Imagines the steps.</param>
    /// <param name="generator">All randomness of actions and predictions.</param>
    /// <param name="sink">Receives the transitions of each step.</param>
    /// <param name="cancellationToken">Checked at every step.</param>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">One of the functions gave something that is no answer.</exception>
    public RolloutStatistics Generate(
        Tensor observations, int length, IPolicy policy, IDynamicsModel model, Generator generator, Sink sink, CancellationToken cancellationToken = default)
    {
        var total = default(RolloutStatistics);
        using var _ = no_grad();
        for (long first = 0; first < observations.shape[0]; first += BlockSize)
        {
            using var scope = NewDisposeScope();
            var block = observations.narrow(0, first, Math.Min(BlockSize, observations.shape[0] - first));
            var starts = ScalarArithmetic.Numbers(first, first + block.shape[0], observations.device);
            total += GenerateBlock(block, starts, length, policy, model, generator, sink, cancellationToken);
        }

        return total;
    }

    private RolloutStatistics GenerateBlock(
        Tensor observation, Tensor starts, int length, IPolicy policy, IDynamicsModel model, Generator generator, Sink sink, CancellationToken cancellationToken)
    {
        var statistics = new RolloutStatistics(observation.shape[0], 0, 0, 0);
        for (var index = 0; index < length && observation.shape[0] > 0; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var action = policy.Sample(observation, generator);
            var (next, rewards, terminated) = Step(observation, action, model, generator, index);
            var stopped = stoppingRule is null ? zeros_like(terminated) : Stopped(new RolloutStep(index, observation, action, next, rewards, model), terminated);
            var alive = terminated.logical_or(stopped).logical_not();
            var truncated = index == length - 1 ? terminated.logical_not() : stopped;

            var rows = cat(
                [observation, action, rewards.unsqueeze(1), next, terminated.unsqueeze(1).to(ScalarType.Float32), truncated.unsqueeze(1).to(ScalarType.Float32)], 1);
            var origins = starts;
            if (stoppingRule is { KeepsLastStep: false })
            {
                var kept = stopped.logical_not().nonzero().squeeze(1);
                (rows, origins) = (rows.index_select(0, kept), starts.index_select(0, kept));
            }

            if (rows.shape[0] > 0) sink(rows, origins);
            statistics += new RolloutStatistics(0, rows.shape[0], terminated.sum().item<long>(), stopped.sum().item<long>());

            var survivors = alive.nonzero().squeeze(1);
            observation = next.index_select(0, survivors).MoveToOuterDisposeScope();
            starts = starts.index_select(0, survivors).MoveToOuterDisposeScope();
        }

        return statistics;
    }

    /// <summary>One imagined step: the model's draw, with the reward and the termination of the task where they are known.</summary>
    /// <param name="observation">[batch, observation], environment units.</param>
    /// <param name="action">[batch, action], environment units.</param>
    /// <param name="model">Imagines the step.</param>
    /// <param name="generator">All randomness of the prediction.</param>
    /// <param name="index">Of the step within its rollout, for messages; null where it is none of a rollout.</param>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">One of the functions gave something that is no answer.</exception>
    public ImaginedStep Step(Tensor observation, Tensor action, IDynamicsModel model, Generator generator, int? index = null)
    {
        var sample = model.Sample(observation, action, generator);
        var next = sample.NextObservation;
        var rewards = reward is null ? sample.Reward : TensorCheck.Column(reward.Evaluate(observation, action, next), next.shape[0], ScalarType.Float32, "The reward function");
        CheckFinite(observation, next, rewards, index);
        var terminated = termination is null
            ? sample.Terminated ?? zeros(next.shape[0], ScalarType.Bool, next.device)
            : TensorCheck.Column(termination.Evaluate(observation, action, next), next.shape[0], ScalarType.Bool, "The termination function");
        return new ImaginedStep(next, rewards, terminated);
    }

    private Tensor Stopped(RolloutStep step, Tensor terminated) =>
        TensorCheck.Column(stoppingRule!.Continues(step), terminated.shape[0], ScalarType.Bool, "The stopping rule").logical_not().logical_and(terminated.logical_not());

    private void CheckFinite(Tensor observation, Tensor next, Tensor rewards, int? index)
    {
        var place = index is { } step ? Invariant($"at step {step} of a rollout") : "in the target of the critics";
        // A sum is finite exactly when, in practice, all its terms are: one pass instead of a mask.
        var (states, earned) = (next.sum(ScalarType.Float64).item<double>(), rewards.sum(ScalarType.Float64).item<double>());
        var sum = states + earned;
        if (reward is not null && double.IsFinite(states) && !double.IsFinite(earned))
            throw new InvalidOperationException(Invariant($"The reward function returned a value that is not finite {place}: their sum is {earned}."));
        if (!double.IsFinite(sum))
            throw new LearningException(
                "sum of the imagined observations and rewards", sum,
                $"The dynamics model predicted a value that is not finite {place}: {DescribeFault(observation, next, rewards, index)}");
    }

    // What the model was asked about tells whether it had left its transitions already.
    private static string DescribeFault(Tensor observation, Tensor next, Tensor rewards, int? index)
    {
        using var scope = NewDisposeScope();
        var wrong = cat([next, rewards.unsqueeze(1)], 1).isfinite().logical_not();
        var size = observation.shape[1];
        var dimension = wrong.any(0).to(ScalarType.Int64).argmax().item<long>();
        var rows = wrong.any(1).sum().item<long>();
        var largest = observation.abs().amax([0L]);
        var farthest = largest.argmax().item<long>();
        var name = rows == 0 ? "the sum of all" : dimension < size ? string.Create(CultureInfo.InvariantCulture, $"next observation {dimension}") : "the reward";
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, in {rows} of {observation.shape[0]} rows, from observations that reach {largest[farthest].item<float>():g4} in dimension {farthest}. ") +
            (index == 0
                ? "It was asked about start states, so look at the transitions that it was fitted to, and at its settings."
                : "If that is more than real observations reach, the imagined steps have left what the model knows: ask it for fewer steps ahead.");
    }
}
