using System.Runtime.InteropServices;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Environments.Functions;

/// <summary>What the termination and reward functions share: checked arguments, checked results, and rows as spans of CPU memory.</summary>
internal static class TransitionBatch
{
    /// <summary>Computes one value a row of a span: the rows stand side by side, so no row allocates.</summary>
    public delegate void RowLoop<T>(RowSpans rows, Span<T> results)
        where T : unmanaged;

    /// <summary>Checks that the arguments are float32 matrices with equally many rows on one device.</summary>
    /// <returns>The number of rows.</returns>
    public static long Check(Tensor observation, Tensor action, Tensor nextObservation)
    {
        CheckMatrix(observation, nameof(observation));
        CheckMatrix(action, nameof(action));
        CheckMatrix(nextObservation, nameof(nextObservation));
        var rows = observation.shape[0];
        if (action.shape[0] != rows || nextObservation.shape[0] != rows || nextObservation.shape[1] != observation.shape[1])
            throw new ArgumentException(
                $"The observations are {Shape(observation)}, the actions {Shape(action)} and the next observations {Shape(nextObservation)}, " +
                "but must be [batch, observation], [batch, action] and [batch, observation] of one batch.",
                nameof(nextObservation));
        return rows;
    }

    /// <summary>Runs a function of tensors and checks what it returns; the result outlives everything else that the function made.</summary>
    public static Tensor Run(
        Func<Tensor, Tensor, Tensor, Tensor> function, string name, ScalarType type, Tensor observation, Tensor action, Tensor nextObservation)
    {
        var rows = Check(observation, action, nextObservation);
        using var scope = NewDisposeScope();
        var result = function(observation, action, nextObservation)
            ?? throw new InvalidOperationException(Invariant($"The {name} returned null instead of a tensor [{rows}]."));
        if (result.dim() != 1 || result.shape[0] != rows || result.dtype != type || result.device_type != observation.device_type)
            throw new InvalidOperationException(
                Invariant($"The {name} returned a {result.dtype} tensor {Shape(result)} on {result.device_type}, but must return a {type} tensor [{rows}] ") +
                Invariant($"on {observation.device_type}: one value a row. ") +
                "Select a column with tensor.select(1, index), which gives [batch].");
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Runs a loop over the rows in CPU memory and gives its results as a tensor on the arguments' device.</summary>
    public static Tensor RunRows<T>(RowLoop<T> loop, ScalarType type, Tensor observation, Tensor action, Tensor nextObservation)
        where T : unmanaged
    {
        var rows = Check(observation, action, nextObservation);
        using var scope = NewDisposeScope();
        // Joining first makes slices contiguous and a transfer from a GPU one copy.
        var joined = cat([observation, action, nextObservation], 1).cpu();
        var results = empty(rows, type, CPU);
        loop(new RowSpans(MemoryMarshal.Cast<byte, float>(joined.bytes), (int)observation.shape[1], (int)action.shape[1]),
            MemoryMarshal.Cast<byte, T>(results.bytes));
        return results.to(observation.device).MoveToOuterDisposeScope();
    }

    private static void CheckMatrix(Tensor value, string name)
    {
        TensorCheck.Alive(value, name);
        if (value.dim() != 2 || value.dtype != ScalarType.Float32)
            throw new ArgumentException(
                $"{name} is a {value.dtype} tensor {Shape(value)}, but must be a Float32 tensor with two dimensions, [batch, size].", name);
    }

    private static string Shape(Tensor value) => $"[{string.Join(", ", value.shape)}]";

    /// <summary>Rows of [observation | action | next observation] as spans.</summary>
    public readonly ref struct RowSpans(ReadOnlySpan<float> values, int observationSize, int actionSize)
    {
        private readonly ReadOnlySpan<float> _values = values;

        public ReadOnlySpan<float> Observation(int row) => _values.Slice(row * Width, observationSize);

        public ReadOnlySpan<float> Action(int row) => _values.Slice((row * Width) + observationSize, actionSize);

        public ReadOnlySpan<float> NextObservation(int row) => _values.Slice((row * Width) + observationSize + actionSize, observationSize);

        private int Width => (2 * observationSize) + actionSize;
    }
}
