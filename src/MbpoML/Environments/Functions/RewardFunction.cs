using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>Ways to make an <see cref="IRewardFunction"/>.</summary>
public static class RewardFunction
{
    /// <summary>Computes the reward row by row in plain C#: simple to write, and fast enough for batches of some ten thousand rows.</summary>
    /// <param name="reward">
    /// Called once a row, on one thread; the spans are valid during the call only. A result that is not finite is an error, but where many imagined steps are
    /// compared: it makes a plan, a member of an ensemble or an estimate worth nothing there.
    /// </param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    /// <exception cref="InvalidOperationException">When it is evaluated: a reward is not finite.</exception>
    public static IRewardFunction FromRow(RowReward reward)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return new RowFunction(reward);
    }

    /// <summary>Computes the rewards of a batch at once with tensor operations, which also run on a GPU without a copy.</summary>
    /// <param name="reward">
    /// Takes observations [batch, observation], actions [batch, action] and next observations [batch, observation], float32; returns a new float32 tensor
    /// [batch] on their device. Tensors that it makes on the way are disposed after the call.
    /// </param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    /// <exception cref="InvalidOperationException">When it is evaluated: the result is not float32 [batch].</exception>
    public static IRewardFunction FromTensors(Func<Tensor, Tensor, Tensor, Tensor> reward)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return new TensorFunction(reward);
    }

    /// <summary>
    /// Marks a function that may differ from the environment, whose reward may be noisy or depend on what the observation does not show. It is not compared
    /// with the environment's steps.
    /// </summary>
    /// <param name="function">The function, which answers as before.</param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    public static IRewardFunction Approximate(IRewardFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Approximation(function);
    }

    /// <summary>The same function of other actions, such as those that a wrapper takes.</summary>
    /// <param name="function">The function.</param>
    /// <param name="toInner">Makes its actions, [batch, action], of the others.</param>
    internal static IRewardFunction OfActions(IRewardFunction function, Func<Tensor, Tensor> toInner) => new ActionFunction(function, toInner);

    /// <summary>What a function gives, also where it would refuse to because it is not finite.</summary>
    internal static Tensor Unchecked(IRewardFunction function, Tensor observation, Tensor action, Tensor nextObservation) =>
        function is IUncheckedReward asked ? asked.EvaluateUnchecked(observation, action, nextObservation)
            : function.Evaluate(observation, action, nextObservation);

    private static Tensor Run(Func<Tensor, Tensor, Tensor, Tensor> reward, Tensor observation, Tensor action, Tensor nextObservation) =>
        TransitionBatch.Run(reward, "reward function", ScalarType.Float32, observation, action, nextObservation);

    private sealed class Approximation(IRewardFunction function) : IRewardFunction, IApproximateFunction, IUncheckedReward
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) => function.Evaluate(observation, action, nextObservation);

        public Tensor EvaluateUnchecked(Tensor observation, Tensor action, Tensor nextObservation) =>
            Unchecked(function, observation, action, nextObservation);
    }

    private sealed class ActionFunction(IRewardFunction function, Func<Tensor, Tensor> toInner) : IRewardFunction, IUncheckedReward
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) =>
            Run((before, taken, after) => function.Evaluate(before, toInner(taken), after), observation, action, nextObservation);

        public Tensor EvaluateUnchecked(Tensor observation, Tensor action, Tensor nextObservation) =>
            Run((before, taken, after) => Unchecked(function, before, toInner(taken), after), observation, action, nextObservation);
    }

    private sealed class RowFunction(RowReward reward) : IRewardFunction, IRowFunction<float>, IUncheckedReward
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) =>
            TransitionBatch.RunRows<float>((rows, results) => Fill(rows, results, isChecked: true), ScalarType.Float32, observation, action, nextObservation);

        public Tensor EvaluateUnchecked(Tensor observation, Tensor action, Tensor nextObservation) =>
            TransitionBatch.RunRows<float>((rows, results) => Fill(rows, results, isChecked: false), ScalarType.Float32, observation, action, nextObservation);

        public float EvaluateRow(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation) =>
            reward(observation, action, nextObservation);

        private void Fill(TransitionBatch.RowSpans rows, Span<float> results, bool isChecked)
        {
            for (var row = 0; row < results.Length; row++)
            {
                var value = reward(rows.Observation(row), rows.Action(row), rows.NextObservation(row));
                if (isChecked && !float.IsFinite(value))
                    throw new InvalidOperationException(
                        Invariant($"The reward function returned {value} for row {row} of {results.Length}, but must return a finite number."));
                results[row] = value;
            }
        }
    }

    private sealed class TensorFunction(Func<Tensor, Tensor, Tensor, Tensor> reward) : IRewardFunction
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) => Run(reward, observation, action, nextObservation);
    }
}
