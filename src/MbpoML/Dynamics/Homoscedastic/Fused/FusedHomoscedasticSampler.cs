using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>
/// Imagined steps on the CPU without gradients: each member takes its block of the rows, in parts that stay in the cache, from standardised input to the drawn
/// outcome. The same mathematics as the tensor operations of <see cref="HomoscedasticModel"/>; results differ by rounding only.
/// </summary>
/// <param name="model">Whose members and scales count.</param>
/// <param name="workers">Threads; blocks are taken by whoever is free, which changes no result.</param>
internal sealed class FusedHomoscedasticSampler(HomoscedasticModel model, HomoscedasticWorkers workers) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly InferencePass[] _passes = [new(model.Network.Shape), new(model.Network.Shape)];
    private readonly float[][] _deviations = [new float[model.Network.Shape.Outputs], new float[model.Network.Shape.Outputs]];
    private int _next;

    /// <summary>Draws the outcome of each row.</summary>
    /// <param name="observation">[batch, observation], environment units, on the CPU</param>
    /// <param name="action">[batch, action], environment units, on the CPU</param>
    /// <param name="draw">Drawn for so many rows.</param>
    /// <returns>[batch, 1 + observation], environment units, the reward first; the caller disposes it.</returns>
    public Tensor Sample(Tensor observation, Tensor action, BalancedDraw draw)
    {
        using var scope = NewDisposeScope();
        var (observations, actions, outcome) =
            (observation.cpu().contiguous(), action.cpu().contiguous(), empty(observation.size(0), 1 + model.Layout.ObservationSize, ScalarType.Float32));
        lock (_gate)
        {
            _next = -1;
            workers.Run(half =>
            {
                for (var block = Interlocked.Increment(ref _next); block < draw.Count; block = Interlocked.Increment(ref _next))
                {
                    var (member, start, count) = draw[block];
                    for (var first = start; first < start + count; first += InferencePass.BlockRows)
                    {
                        var rows = new MemberRows(member, first, Math.Min(InferencePass.BlockRows, start + count - first));
                        Run(rows, half, observations.Floats(), actions.Floats(), draw.Noise.Floats(), outcome.Floats());
                    }
                }
            });
        }

        return outcome.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var pass in _passes) pass.Dispose();
    }

    private void Run(MemberRows rows, int half, ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> noise, Span<float> outcome)
    {
        var (member, start, count) = rows;
        var (parameters, pass) = (workers.Members[member], _passes[half]);
        var (observations, actions, outputs) = (model.Layout.ObservationSize, model.Layout.ActionSize, 1 + model.Layout.ObservationSize);
        var units = new RowUnits(model.InputScale, model.Codec);
        var input = pass.Input;
        for (var row = start; row < start + count; row++, input = input[(observations + actions)..])
            units.ToInput(observation.Slice(row * observations, observations), action.Slice(row * actions, actions), input);
        var output = pass.Run(parameters, count);
        var drawn = new DrawnOutcome(parameters, model.Network.LogNoise.Floats().Slice(member * outputs, outputs), _deviations[half]);
        for (var row = start; row < start + count; row++, output = output[outputs..])
        {
            var ofRow = outcome.Slice(row * outputs, outputs);
            drawn.Set(output[..outputs], noise.Slice(row * observations, observations), ofRow);
            units.ToOutcome(ofRow, observation.Slice(row * observations, observations));
        }
    }
}
