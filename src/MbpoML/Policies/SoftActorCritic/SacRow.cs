using System.Numerics.Tensors;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>The learner's action of a single observation, in managed code and with the weights as they stand, on the CPU.</summary>
internal sealed class SacRow
{
    private readonly SacSettings _settings;
    private readonly SacState _state;
    private readonly ActionBounds _bounds;
    private readonly float[] _input;
    private readonly float[][] _outputs;

    /// <param name="settings">The sizes.</param>
    /// <param name="state">Its actor stands on the CPU.</param>
    public SacRow(SacSettings settings, SacState state)
    {
        (_settings, _state, _bounds) = (settings, state, new ActionBounds(settings.ActionSpace));
        _input = new float[settings.Actor.Inputs];
        _outputs = [.. Enumerable.Range(0, settings.Actor.Layers).Select(layer => new float[settings.Actor.Out(layer)])];
    }

    /// <inheritdoc cref="Acting.RowFunction"/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        var shape = _settings.Actor;
        ReadOnlySpan<float> parameters = _state.Actor.Floats();
        ReadOnlySpan<float> input = Scaled(observation);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (output, size) = (_outputs[layer], shape.Out(layer));
            DenseRow.Apply(parameters.Slice(shape.WeightOffset(layer), shape.In(layer) * size), parameters.Slice(shape.BiasOffset(layer), size), input, output);
            if (layer < shape.Layers - 1) TensorPrimitives.Max(output, 0, output);
            input = output;
        }

        var range = (SquashedGaussian.LogStandardDeviationLow, SquashedGaussian.LogStandardDeviationHigh);
        _bounds.Squash(input, noise, ActorDeviation.ClippedLogarithm, range, action);
    }

    private ReadOnlySpan<float> Scaled(ReadOnlySpan<float> observation)
    {
        if (!_settings.StandardizeObservations) return observation;
        TensorPrimitives.Subtract(observation, _state.Observations.Mean.Floats(), _input);
        TensorPrimitives.Divide(_input, _state.Observations.Deviation.Floats(), _input);
        return _input;
    }
}
