using System.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Policies.SoftActorCritic.Fused;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>
/// The squashed Gaussian on an actor's raw outputs at one imagined step, forwards and backwards, as <see cref="SoftplusGaussian"/> defines it.
/// </summary>
internal sealed class SoftplusGaussianHead
{
    // One value for each row and action, filled up to whole vectors.
    private readonly float[] _mean, _raw, _noise, _deviation, _slope, _action, _logProbability;
    private readonly int _rows, _actions;

    public SoftplusGaussianHead(int rows, int actions)
    {
        (_rows, _actions) = (rows, actions);
        var width = Vector<float>.Count;
        float[] Allocate() => new float[((rows * actions) + width - 1) / width * width];
        (_mean, _raw, _noise, _deviation, _slope, _action, _logProbability) =
            (Allocate(), Allocate(), Allocate(), Allocate(), Allocate(), Allocate(), Allocate());
    }

    /// <summary>Draws the actions and their log-probabilities.</summary>
    /// <param name="output">[rows, 2·action], without the biases.</param>
    /// <param name="biases">[2·action]</param>
    /// <param name="noise">[rows, action]</param>
    /// <param name="input">[rows, observation + action]: the critics' input, whose last columns get the actions.</param>
    /// <param name="logProbability">[rows]</param>
    public void Forward(ReadOnlySpan<float> output, ReadOnlySpan<float> biases, ReadOnlySpan<float> noise, Span<float> input, Span<float> logProbability)
    {
        noise.CopyTo(_noise);
        for (var row = 0; row < _rows; row++)
        {
            for (var column = 0; column < _actions; column++)
            {
                var (index, at) = ((row * _actions) + column, (2 * row * _actions) + column);
                (_mean[index], _raw[index]) = (output[at] + biases[column], output[at + _actions] + biases[column + _actions]);
            }
        }

        Draw();
        var width = input.Length / _rows;
        for (var row = 0; row < _rows; row++)
        {
            var sum = 0f;
            for (var column = 0; column < _actions; column++) sum += _logProbability[(row * _actions) + column];
            logProbability[row] = sum;
            _action.AsSpan(row * _actions, _actions).CopyTo(input.Slice(((row + 1) * width) - _actions, _actions));
        }
    }

    /// <summary>The derivative of the loss by the raw outputs, and its column sums.</summary>
    /// <param name="actionGradient">The derivative by the squashed actions: [rows, action].</param>
    /// <param name="logProbabilityGradient">The derivative by the log-probabilities: [rows].</param>
    /// <param name="outputGradient">[rows, 2·action]</param>
    /// <param name="columnSums">[2·action], to which the sums are added.</param>
    public void Backward(ReadOnlySpan<float> actionGradient, ReadOnlySpan<float> logProbabilityGradient, Span<float> outputGradient, Span<float> columnSums)
    {
        for (var (row, index, at) = (0, 0, 0); row < _rows; row++, at += 2 * _actions)
        {
            var byLogProbability = logProbabilityGradient[row];
            for (var column = 0; column < _actions; column++, index++)
            {
                var action = _action[index];
                // log π falls by log(1 - tanh²), whose derivative is -2 tanh; the noise's own density does not move.
                var mean = (actionGradient[index] * (1 - (action * action))) + (2 * byLogProbability * action);
                var raw = ((mean * _noise[index]) - (byLogProbability / _deviation[index])) * _slope[index];
                (outputGradient[at + column], outputGradient[at + column + _actions]) = (mean, raw);
                columnSums[column] += mean;
                columnSums[column + _actions] += raw;
            }
        }
    }

    private void Draw()
    {
        var mean = _mean.AsSpan().Vectors();
        var raw = _raw.AsSpan().Vectors();
        var noise = _noise.AsSpan().Vectors();
        var deviations = _deviation.AsSpan().Vectors();
        var slopes = _slope.AsSpan().Vectors();
        var action = _action.AsSpan().Vectors();
        var logProbability = _logProbability.AsSpan().Vectors();
        for (var index = 0; index < mean.Length; index++)
        {
            var (softplus, slope) = VectorMath.Softplus(raw[index]);
            var deviation = softplus + new Vector<float>(ActorParameters.LeastSoftplusDeviation);
            (deviations[index], slopes[index]) = (deviation, slope);
            (action[index], logProbability[index]) = SquashedGaussianHead.Squash(mean[index] + (deviation * noise[index]), noise[index], Vector.Log(deviation));
        }
    }
}
