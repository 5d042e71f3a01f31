using System.Runtime.InteropServices;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Fused;

/// <summary>
/// Imagined steps on the CPU: rows are grouped by the member drawn for them and go through that one network in blocks that stay in the cache, block after block
/// from standardised input to the drawn outcome. The same mathematics as the tensor operations of <see cref="EnsembleModel"/>; results differ by rounding only.
/// </summary>
/// <param name="model">Whose members, scales and targets count.</param>
/// <param name="workers">Threads and their memory; blocks are taken by whoever is free, which changes no result.</param>
internal sealed class FusedSampler(EnsembleModel model, FusedWorkers workers)
{
    private readonly Lock _gate = new();
    private readonly GaussianHead[] _heads = [new(1 + model.Layout.ObservationSize), new(1 + model.Layout.ObservationSize)];
    private readonly List<Block> _blocks = [];
    private int[] _order = [];
    private int _next;

    /// <summary>Draws the outcome of each row.</summary>
    /// <param name="observation">[batch, observation], environment units</param>
    /// <param name="action">[batch, action], environment units</param>
    /// <param name="drawn">int64 [batch]: an index into the elites for each row.</param>
    /// <param name="noise">[batch, 1 + observation], standard normal.</param>
    /// <returns>[batch, 1 + observation], environment units, the reward first; the caller disposes it.</returns>
    public Tensor Sample(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (observations, actions, outcome) = (observation.contiguous(), action.contiguous(), empty_like(noise));
        lock (_gate)
        {
            Group(MemoryMarshal.Cast<byte, long>(drawn.bytes));
            _next = -1;
            workers.Run(half =>
            {
                for (var index = Interlocked.Increment(ref _next); index < _blocks.Count; index = Interlocked.Increment(ref _next))
                    Run(_blocks[index], half, observations.Floats(), actions.Floats(), noise.Floats(), outcome.Floats());
            });
        }
        return outcome.MoveToOuterDisposeScope();
    }

    // Sorts row numbers by elite, by counting, and cuts each elite's rows into blocks.
    private void Group(ReadOnlySpan<long> drawn)
    {
        if (_order.Length < drawn.Length) _order = new int[drawn.Length];
        var ends = new int[model.Elites.Count];
        foreach (var elite in drawn) ends[elite]++;
        _blocks.Clear();
        for (var (elite, start) = (0, 0); elite < ends.Length; elite++)
        {
            var (count, first) = (ends[elite], start);
            for (var offset = 0; offset < count; offset += InferencePass.BlockRows)
                _blocks.Add(new Block(model.Elites[elite], first + offset, Math.Min(InferencePass.BlockRows, count - offset)));
            (ends[elite], start) = (start, start + count);
        }
        for (var row = 0; row < drawn.Length; row++) _order[ends[drawn[row]]++] = row;
    }

    private void Run(
        Block block, int half, ReadOnlySpan<float> observations, ReadOnlySpan<float> actions, ReadOnlySpan<float> noise, Span<float> outcome)
    {
        var (parameters, pass, head, layout) = (workers.Members[block.Member], workers.Pass(half), _heads[half], model.Layout);
        var (observationSize, actionSize, outputs) = (layout.ObservationSize, layout.ActionSize, 1 + layout.ObservationSize);
        var rows = _order.AsSpan(block.Start, block.Count);
        var mean = model.InputScale.Mean.Floats();
        var deviation = model.InputScale.Deviation.Floats();
        var input = pass.Input;
        foreach (var row in rows)
        {
            observations.Slice(row * observationSize, observationSize).CopyTo(input);
            actions.Slice(row * actionSize, actionSize).CopyTo(input[observationSize..]);
            for (var column = 0; column < mean.Length; column++) input[column] = (input[column] - mean[column]) / deviation[column];
            input = input[mean.Length..];
        }

        var output = pass.Run(parameters, block.Count);
        head.Set(parameters.Biases(parameters.Count - 1), model.Network.Values.MinLogVariance.Floats(), model.Network.Values.MaxLogVariance.Floats());
        var scale = model.Codec.Scale;
        foreach (var row in rows)
        {
            var drawn = outcome.Slice(row * outputs, outputs);
            head.Draw(output[..(2 * outputs)], noise.Slice(row * outputs, outputs), drawn);
            output = output[(2 * outputs)..];
            if (scale is not null) Rescale(drawn, scale.Mean.Floats(), scale.Deviation.Floats());
            if (!model.Codec.IsDelta) continue;
            var before = observations.Slice(row * observationSize, observationSize);
            for (var column = 0; column < before.Length; column++) drawn[column + 1] += before[column];
        }
    }

    private static void Rescale(Span<float> values, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        for (var column = 0; column < values.Length; column++) values[column] = (values[column] * deviation[column]) + mean[column];
    }

    private readonly record struct Block(int Member, int Start, int Count);
}
