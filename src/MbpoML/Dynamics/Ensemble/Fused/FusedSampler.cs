using System.Runtime.InteropServices;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// Imagined steps on the CPU. Rows are grouped by the member drawn for them, and go through that one network in blocks that stay in the cache. Each block goes
/// all the way from standardised input to the drawn outcome. The same mathematics as the tensor operations of <see cref="EnsembleModel"/>; results differ by
/// rounding only.
/// </summary>
/// <param name="model">Whose members, scales and targets count.</param>
/// <param name="workers">Threads and their memory; blocks are taken by whoever is free, which changes no result.</param>
internal sealed class FusedSampler(EnsembleModel model, FusedWorkers workers)
{
    private const int MostRolloutRows = 128;

    // Products take so many rows together.
    private const int TileRows = 6;

    private readonly Lock _gate = new();
    private readonly GaussianHead[] _heads = [New(model), New(model)];
    private readonly MemberBlocks _blocks = new(InferencePass.BlockRows);
    private int _next;

    private static GaussianHead New(EnsembleModel model) => new(1 + model.Layout.ObservationSize, model.Network.IsPoint);

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
            _blocks.Sort(MemoryMarshal.Cast<byte, long>(drawn.bytes), model.Elites);
            RunBlocks((block, half) => Run(block, half, observations.Floats(), actions.Floats(), noise.Floats(), outcome.Floats(), []));
        }
        return outcome.MoveToOuterDisposeScope();
    }

    /// <summary>Draws whole rollouts, in each of which one member predicts all steps: a block of rows goes through all of them while its member's weights are
    /// in the cache, and workers wait for each other once instead of at each step.</summary>
    /// <param name="observation">Where they start, [batch, observation], environment units</param>
    /// <param name="actions">[steps, batch, action], environment units</param>
    /// <param name="drawn">int64 [batch]: an index into the elites for each row.</param>
    /// <param name="noise">[steps, batch, 1 + observation], standard normal.</param>
    /// <returns>[steps, batch, 1 + observation], environment units, the reward first; the caller disposes it.</returns>
    public Tensor SampleRollouts(Tensor observation, Tensor actions, Tensor drawn, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (steps, batch) = ((int)noise.size(0), (int)noise.size(1));
        var (observations, allActions, outcome) = (observation.contiguous(), actions.contiguous(), empty_like(noise));
        lock (_gate)
        {
            _blocks.Sort(MemoryMarshal.Cast<byte, long>(drawn.bytes), model.Elites, RolloutRows(batch));
            RunBlocks((block, half) =>
            {
                var all = outcome.Floats();
                var (taken, given) = (allActions.Floats().Length / steps, all.Length / steps);
                for (var step = 0; step < steps; step++)
                    Run(
                        block, half, observations.Floats(), allActions.Floats().Slice(step * taken, taken), noise.Floats().Slice(step * given, given),
                        all.Slice(step * given, given), step == 0 ? [] : all.Slice((step - 1) * given, given));
            });
        }
        return outcome.MoveToOuterDisposeScope();
    }

    // Two blocks a member where there are few rows, so that two workers have equally much to do; whole tiles, and never so many that they leave the cache.
    private int RolloutRows(int batch)
    {
        var half = (batch + (2 * model.EliteCount) - 1) / (2 * model.EliteCount);
        return Math.Min((half + TileRows - 1) / TileRows * TileRows, MostRolloutRows);
    }

    private void RunBlocks(Action<MemberBlock, int> run)
    {
        _next = -1;
        workers.Run(half =>
        {
            for (var index = Interlocked.Increment(ref _next); index < _blocks.Count; index = Interlocked.Increment(ref _next)) run(_blocks[index], half);
        });
    }

    // Where there are outcomes of a step before, rows go on from there, else from the observations.
    private void Run(
        MemberBlock block, int half, ReadOnlySpan<float> observations, ReadOnlySpan<float> actions, ReadOnlySpan<float> noise, Span<float> outcome,
        ReadOnlySpan<float> before)
    {
        var (parameters, pass, head, layout) = (workers.Members[block.Member], workers.Pass(half), _heads[half], model.Layout);
        var (observationSize, actionSize, outputs) = (layout.ObservationSize, layout.ActionSize, 1 + layout.ObservationSize);
        var rows = _blocks.Rows(block);
        var units = new RowUnits(model.InputScale, model.Codec);
        var from = before.IsEmpty ? observations : before;
        // The reward stands in front of an outcome.
        var (start, width) = before.IsEmpty ? (0, observationSize) : (1, outputs);
        var input = pass.Input;
        foreach (var row in rows)
        {
            units.ToInput(from.Slice((row * width) + start, observationSize), actions.Slice(row * actionSize, actionSize), input);
            input = input[(observationSize + actionSize)..];
        }

        var output = pass.Run(parameters, block.Count);
        head.Set(parameters.Biases(parameters.Count - 1), model.Network.Values.MinLogVariance.Floats(), model.Network.Values.MaxLogVariance.Floats());
        foreach (var row in rows)
        {
            var drawn = outcome.Slice(row * outputs, outputs);
            head.Draw(output[..(2 * outputs)], noise.Slice(row * outputs, outputs), drawn);
            output = output[(2 * outputs)..];
            units.ToOutcome(drawn, from.Slice((row * width) + start, observationSize));
        }
    }
}
