using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>
/// Draws actions for many states on the CPU, as rollouts without a gradient ask for. The same mathematics as the tensor operations of
/// <see cref="ValueGradientLearner"/>; results differ by rounding only.
/// </summary>
/// <remarks>The rows are two halves whatever the number of threads, so that it changes no bit of the result.</remarks>
internal sealed class FusedActionSampler : IDisposable
{
    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly LayerViews _actor;
    private readonly Companion _companion;
    private readonly ActionBounds _bounds;
    private readonly InferencePass[] _passes;
    private readonly float[][] _heads;
    private readonly Action<int> _run;
    private Tensor? _observation, _noise, _action;

    /// <param name="settings">Sizes.</param>
    /// <param name="state">Has the scales of observations.</param>
    /// <param name="actor">Its parameters; stay the caller's.</param>
    /// <param name="companion">Threads; stays the caller's.</param>
    public FusedActionSampler(ValueGradientSettings settings, ValueGradientState state, LayerViews actor, Companion companion)
    {
        (_settings, _state, _actor, _companion, _bounds) = (settings, state, actor, companion, new ActionBounds(settings.ActionSpace));
        _passes = [new(settings.Actor), new(settings.Actor)];
        _heads = [new float[settings.Actor.Outputs], new float[settings.Actor.Outputs]];
        // Made once: a delegate a call would be garbage a call.
        _run = Run;
    }

    /// <summary>Draws the action of each row.</summary>
    /// <param name="observation">[rows, observation], environment units</param>
    /// <param name="noise">Standard normal: [rows, action]</param>
    /// <returns>[rows, action], environment units; the caller disposes it.</returns>
    public Tensor Sample(Tensor observation, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var action = empty(noise.shape, ScalarType.Float32);
        (_observation, _noise, _action) = (observation.cpu().contiguous(), noise, action);
        try
        {
            _companion.Run(_run);
        }
        finally
        {
            (_observation, _noise, _action) = (null, null, null);
        }

        return action.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var pass in _passes) pass.Dispose();
    }

    private void Run(int half)
    {
        var rows = (int)_observation!.size(0);
        var (first, end) = half == 0 ? (0, rows / 2) : (rows / 2, rows);
        for (; first < end; first += InferencePass.BlockRows) Run(half, first, Math.Min(InferencePass.BlockRows, end - first));
    }

    private void Run(int half, int first, int count)
    {
        var (observations, actions, pass, head) = (_settings.Layout.ObservationSize, _settings.Layout.ActionSize, _passes[half], _heads[half]);
        ReadOnlySpan<float> mean = _state.Observations.Mean.Floats(), deviation = _state.Observations.Deviation.Floats(),
            observation = _observation!.Floats(), noise = _noise!.Floats(), biases = _actor.Biases(_settings.Actor.Layers - 1);
        Span<float> action = _action!.Floats(), input = pass.Input;
        for (var row = 0; row < count; row++)
        {
            var from = observation.Slice((first + row) * observations, observations);
            var to = input.Slice(row * observations, observations);
            for (var column = 0; column < observations; column++) to[column] = (from[column] - mean[column]) / deviation[column];
        }

        var output = pass.Run(_actor, count);
        for (var row = 0; row < count; row++)
        {
            TensorPrimitives.Add(output.Slice(row * head.Length, head.Length), biases, head);
            var at = (first + row) * actions;
            _bounds.Squash(head, noise.Slice(at, actions), ActorDeviation.Softplus, ActorParameters.DefaultRange, action.Slice(at, actions));
        }
    }
}
