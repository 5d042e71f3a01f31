using System.Numerics.Tensors;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.ValueGradient;

/// <summary>The learner's action of a single observation, in managed code and with the weights as they stand, on the CPU.</summary>
internal sealed class ValueGradientRow
{
    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly ActionBounds _bounds;
    private readonly float[] _input;
    private readonly float[][] _outputs;

    /// <param name="settings">The sizes.</param>
    /// <param name="state">Its actor stands on the CPU.</param>
    public ValueGradientRow(ValueGradientSettings settings, ValueGradientState state)
    {
        (_settings, _state, _bounds) = (settings, state, new ActionBounds(settings.ActionSpace));
        _input = new float[settings.Actor.Inputs];
        _outputs = [.. Enumerable.Range(0, settings.Actor.Layers).Select(layer => new float[settings.Actor.Out(layer)])];
    }

    /// <inheritdoc cref="Acting.RowFunction"/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        var shape = _settings.Actor;
        // Draws are the actor's own; only the most likely action is the average's.
        ReadOnlySpan<float> parameters = (noise.IsEmpty ? _state.ActingActor : _state.Actor).Floats();
        TensorPrimitives.Subtract(observation, _state.Observations.Mean.Floats(), _input);
        TensorPrimitives.Divide(_input, _state.Observations.Deviation.Floats(), _input);
        ReadOnlySpan<float> input = _input;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (output, size) = (_outputs[layer], shape.Out(layer));
            DenseRow.Apply(parameters.Slice(shape.WeightOffset(layer), shape.In(layer) * size), parameters.Slice(shape.BiasOffset(layer), size), input, output);
            if (layer < shape.Layers - 1) SiluKernels.Apply(output);
            input = output;
        }

        _bounds.Squash(input, noise, ActorDeviation.Softplus, ActorParameters.DefaultRange, action);
    }
}
