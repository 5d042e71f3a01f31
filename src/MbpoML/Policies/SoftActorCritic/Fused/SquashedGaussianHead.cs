using System.Numerics;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>The squashed Gaussian on an actor's raw outputs, forwards and backwards, as <see cref="SquashedGaussian"/> defines it.</summary>
internal sealed class SquashedGaussianHead
{
    private static readonly float Log2 = MathF.Log(2);
    private static readonly float HalfLog2Pi = 0.5f * MathF.Log(2 * MathF.PI);

    // One value for each row and action, filled up to whole vectors.
    private readonly float[] _mean, _logStandardDeviation, _noise, _spread, _action, _logProbability, _free;
    private readonly int _rows, _actions;

    public SquashedGaussianHead(int rows, int actions)
    {
        (_rows, _actions) = (rows, actions);
        var width = Vector<float>.Count;
        float[] Allocate() => new float[(((rows * actions) + width - 1) / width) * width];
        (_mean, _logStandardDeviation, _noise, _spread, _action, _logProbability, _free) =
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
                var raw = output[at + _actions] + biases[column + _actions];
                var clipped = Math.Clamp(raw, SquashedGaussian.LogStandardDeviationLow, SquashedGaussian.LogStandardDeviationHigh);
                (_mean[index], _logStandardDeviation[index], _free[index]) = (output[at] + biases[column], clipped, raw == clipped ? 1 : 0);
            }
        }
        Squash();
        var width = input.Length / _rows;
        for (var row = 0; row < _rows; row++)
        {
            var sum = 0f;
            for (var column = 0; column < _actions; column++) sum += _logProbability[(row * _actions) + column];
            logProbability[row] = sum;
            _action.AsSpan(row * _actions, _actions).CopyTo(input.Slice(((row + 1) * width) - _actions, _actions));
        }
    }

    /// <summary>The derivative of mean (α log π - min Q) by the raw outputs, for a block of rows, and its column sums.</summary>
    /// <param name="firstRow">Where the block begins among the rows of the forward pass.</param>
    /// <param name="actionDelta">[block, action]: the derivative of -mean min Q by the action, as the sum of two parts, one a critic.</param>
    /// <param name="otherActionDelta">The second part.</param>
    /// <param name="alphaOverBatch">α / batch</param>
    /// <param name="outputDelta">[block, 2·action]</param>
    /// <param name="columnSums">[2·action]</param>
    public void Backward(
        int firstRow, ReadOnlySpan<float> actionDelta, ReadOnlySpan<float> otherActionDelta, float alphaOverBatch,
        Span<float> outputDelta, Span<float> columnSums)
    {
        columnSums.Clear();
        var (index, stored) = (0, firstRow * _actions);
        for (var at = 0; at < outputDelta.Length; at += 2 * _actions)
        {
            for (var column = 0; column < _actions; column++, index++, stored++)
            {
                var action = _action[stored];
                // log π falls by log(1 - tanh²), whose derivative is -2 tanh; the noise's own density does not move.
                var mean = ((actionDelta[index] + otherActionDelta[index]) * (1 - (action * action))) + (2 * alphaOverBatch * action);
                var logStandardDeviation = ((mean * _spread[stored]) - alphaOverBatch) * _free[stored];
                (outputDelta[at + column], outputDelta[at + column + _actions]) = (mean, logStandardDeviation);
                columnSums[column] += mean;
                columnSums[column + _actions] += logStandardDeviation;
            }
        }
    }

    private void Squash()
    {
        var mean = _mean.AsSpan().Vectors();
        var logStandardDeviation = _logStandardDeviation.AsSpan().Vectors();
        var noise = _noise.AsSpan().Vectors();
        var spread = _spread.AsSpan().Vectors();
        var action = _action.AsSpan().Vectors();
        var logProbability = _logProbability.AsSpan().Vectors();
        for (var index = 0; index < mean.Length; index++)
        {
            spread[index] = Vector.Exp(logStandardDeviation[index]) * noise[index];
            (action[index], logProbability[index]) = Squash(mean[index] + spread[index], noise[index], logStandardDeviation[index]);
        }
    }

    /// <summary>The squashed draws and their log-probabilities, one for each value.</summary>
    /// <param name="preTanh">u</param>
    /// <param name="noise">(u - mean) / standard deviation</param>
    /// <param name="logStandardDeviation">The logarithm of the standard deviation of u.</param>
    public static (Vector<float> Action, Vector<float> LogProbability) Squash(Vector<float> preTanh, Vector<float> noise, Vector<float> logStandardDeviation)
    {
        // e = exp(-2|u|) is at most 1: tanh|u| = (1 - e) / (1 + e) and softplus(-2u) = max(-2u, 0) + log(1 + e).
        var decay = Vector.Exp(Vector.Abs(preTanh) * -2);
        var action = Vector.CopySign((Vector<float>.One - decay) / (Vector<float>.One + decay), preTanh);
        var softplus = Vector.Max(preTanh * -2, Vector<float>.Zero) + Vector.Log(Vector<float>.One + decay);
        var logDerivative = (new Vector<float>(Log2) - preTanh - softplus) * 2;
        return (action, (noise * noise * -0.5f) - logStandardDeviation - new Vector<float>(HalfLog2Pi) - logDerivative);
    }
}
