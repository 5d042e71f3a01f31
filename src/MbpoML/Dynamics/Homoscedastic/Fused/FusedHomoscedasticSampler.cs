using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>
/// Imagined steps on the CPU without gradients: each member takes its block of the rows, in parts that stay in the cache, from standardised input to the drawn
/// outcome. The same mathematics as the tensor operations of <see cref="HomoscedasticModel"/>; results differ by rounding only.
/// </summary>
internal sealed class FusedHomoscedasticSampler : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HomoscedasticModel _model;
    private readonly HomoscedasticWorkers _workers;
    private readonly InferencePass[] _passes;
    private readonly float[][] _deviations;
    private readonly Action<int> _run;
    private Tensor? _observation, _action, _outcome;
    private BalancedDraw? _draw;
    private int _next;

    /// <param name="model">Whose members and scales count.</param>
    /// <param name="workers">Threads; blocks are taken by whoever is free, which changes no result.</param>
    public FusedHomoscedasticSampler(HomoscedasticModel model, HomoscedasticWorkers workers)
    {
        (_model, _workers) = (model, workers);
        _passes = [new(model.Network.Shape), new(model.Network.Shape)];
        _deviations = [new float[model.Network.Shape.Outputs], new float[model.Network.Shape.Outputs]];
        // Made once: a delegate a call would be garbage a call.
        _run = Run;
    }

    /// <summary>Draws the outcome of each row.</summary>
    /// <param name="observation">[batch, observation], environment units, on the CPU</param>
    /// <param name="action">[batch, action], environment units, on the CPU</param>
    /// <param name="draw">Drawn for so many rows.</param>
    /// <returns>[batch, 1 + observation], environment units, the reward first; the caller disposes it.</returns>
    public Tensor Sample(Tensor observation, Tensor action, BalancedDraw draw)
    {
        using var scope = NewDisposeScope();
        var outcome = empty(observation.size(0), 1 + _model.Layout.ObservationSize, ScalarType.Float32);
        var (observations, actions) = (observation.cpu().contiguous(), action.cpu().contiguous());
        lock (_gate)
        {
            (_observation, _action, _outcome, _draw, _next) = (observations, actions, outcome, draw, -1);
            try
            {
                _workers.Run(_run);
            }
            finally
            {
                (_observation, _action, _outcome, _draw) = (null, null, null, null);
            }
        }

        return outcome.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var pass in _passes) pass.Dispose();
    }

    private void Run(int half)
    {
        var draw = _draw!;
        for (var block = Interlocked.Increment(ref _next); block < draw.Count; block = Interlocked.Increment(ref _next))
        {
            var (member, start, count) = draw[block];
            for (var first = start; first < start + count; first += InferencePass.BlockRows)
                Run(half, new MemberRows(member, first, Math.Min(InferencePass.BlockRows, start + count - first)));
        }
    }

    private void Run(int half, MemberRows rows)
    {
        var (member, start, count) = rows;
        var (parameters, pass) = (_workers.Members[member], _passes[half]);
        var (observations, actions, outputs) = (_model.Layout.ObservationSize, _model.Layout.ActionSize, 1 + _model.Layout.ObservationSize);
        ReadOnlySpan<float> observation = _observation!.Floats(), action = _action!.Floats(), noise = _draw!.Noise.Floats(),
            logNoise = _model.Network.LogNoise.Floats().Slice(member * outputs, outputs);
        var outcome = _outcome!.Floats();
        var units = new RowUnits(_model.InputScale, _model.Codec);
        var input = pass.Input;
        for (var row = start; row < start + count; row++, input = input[(observations + actions)..])
            units.ToInput(observation.Slice(row * observations, observations), action.Slice(row * actions, actions), input);
        var output = pass.Run(parameters, count);
        var drawn = new DrawnOutcome(parameters, logNoise, _deviations[half]);
        for (var row = start; row < start + count; row++, output = output[outputs..])
        {
            var ofRow = outcome.Slice(row * outputs, outputs);
            drawn.Set(output[..outputs], noise.Slice(row * observations, observations), ofRow);
            units.ToOutcome(ofRow, observation.Slice(row * observations, observations));
        }
    }
}
