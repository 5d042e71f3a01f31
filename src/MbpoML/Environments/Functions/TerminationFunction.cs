using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>Ways to make an <see cref="ITerminationFunction"/>.</summary>
public static class TerminationFunction
{
    /// <summary>No transition ends the task.</summary>
    public static ITerminationFunction Never { get; } = new NeverTermination();

    /// <summary>Decides row by row in plain C#: simple to write, and fast enough for batches of some ten thousand rows.</summary>
    /// <param name="isTerminal">Called once a row, on one thread; the spans are valid during the call only.</param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    public static ITerminationFunction FromRow(RowTermination isTerminal)
    {
        ArgumentNullException.ThrowIfNull(isTerminal);
        return new RowFunction(isTerminal);
    }

    /// <summary>Decides a batch at once with tensor operations, which also run on a GPU without a copy.</summary>
    /// <param name="isTerminal">
    /// Takes observations [batch, observation], actions [batch, action] and next observations [batch, observation], float32; returns a new boolean tensor
    /// [batch] on their device. Tensors that it makes on the way are disposed after the call.
    /// </param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    /// <exception cref="InvalidOperationException">When it is evaluated: the result is not boolean [batch].</exception>
    public static ITerminationFunction FromTensors(Func<Tensor, Tensor, Tensor, Tensor> isTerminal)
    {
        ArgumentNullException.ThrowIfNull(isTerminal);
        return new TensorFunction(isTerminal);
    }

    /// <summary>
    /// Marks a function that may differ from the environment, for instance because the observation does not show all that ends the task. It is not compared
    /// with the environment's steps.
    /// </summary>
    /// <param name="function">The function, which answers as before.</param>
    /// <exception cref="ArgumentException">When it is evaluated: the tensors are not float32 or do not fit together.</exception>
    public static ITerminationFunction Approximate(ITerminationFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Approximation(function);
    }

    private sealed class Approximation(ITerminationFunction function) : ITerminationFunction, IApproximateFunction
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) => function.Evaluate(observation, action, nextObservation);
    }

    private sealed class NeverTermination : ITerminationFunction
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) =>
            zeros(TransitionBatch.Check(observation, action, nextObservation), ScalarType.Bool, observation.device);
    }

    private sealed class RowFunction(RowTermination isTerminal) : ITerminationFunction, IRowFunction<bool>
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) =>
            TransitionBatch.RunRows<bool>(Fill, ScalarType.Bool, observation, action, nextObservation);

        public bool EvaluateRow(ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> nextObservation) =>
            isTerminal(observation, action, nextObservation);

        private void Fill(TransitionBatch.RowSpans rows, Span<bool> results)
        {
            for (var row = 0; row < results.Length; row++) results[row] = isTerminal(rows.Observation(row), rows.Action(row), rows.NextObservation(row));
        }
    }

    private sealed class TensorFunction(Func<Tensor, Tensor, Tensor, Tensor> isTerminal) : ITerminationFunction
    {
        public Tensor Evaluate(Tensor observation, Tensor action, Tensor nextObservation) =>
            TransitionBatch.Run(isTerminal, "termination function", ScalarType.Bool, observation, action, nextObservation);
    }
}
