using System.Numerics.Tensors;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.OnPolicy;

/// <summary>The learner's action of a single observation, in managed code and with the weights as they stand, on the CPU.</summary>
internal sealed class GaussianRow
{
    private readonly OnPolicyLearner _learner;
    private readonly ActionBounds _bounds;
    private readonly float[] _input;
    private readonly float[] _head;
    private readonly float[][] _outputs;

    /// <param name="learner">Its weights stand on the CPU.</param>
    public GaussianRow(OnPolicyLearner learner)
    {
        (_learner, _bounds) = (learner, new ActionBounds(learner.ActionSpace));
        var shape = learner.Gaussian.Mean.Shape;
        (_input, _head) = (new float[shape.Inputs], new float[2 * shape.Outputs]);
        _outputs = [.. Enumerable.Range(0, shape.Layers).Select(layer => new float[shape.Out(layer)])];
    }

    /// <inheritdoc cref="Acting.RowFunction"/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        var shape = _learner.Gaussian.Mean.Shape;
        ReadOnlySpan<float> parameters = _learner.Parameters.Floats();
        TensorPrimitives.Subtract(observation, _learner.Observations.Mean.Floats(), _input);
        TensorPrimitives.Divide(_input, _learner.Observations.Deviation.Floats(), _input);
        ReadOnlySpan<float> input = _input;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (output, size) = (_outputs[layer], shape.Out(layer));
            DenseRow.Apply(parameters.Slice(shape.WeightOffset(layer), shape.In(layer) * size), parameters.Slice(shape.BiasOffset(layer), size), input, output);
            if (layer < shape.Layers - 1) TensorPrimitives.Tanh(output, output);
            input = output;
        }

        input.CopyTo(_head);
        parameters.Slice(shape.ParameterCount, action.Length).CopyTo(_head.AsSpan(action.Length));
        _bounds.Squash(_head, noise, ActorDeviation.ClippedLogarithm, GaussianExport.Range, action);
    }
}
