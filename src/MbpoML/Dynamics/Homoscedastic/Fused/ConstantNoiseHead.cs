namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>
/// What comes after the last layer of a member whose noise does not depend on the input: biases, loss, and the derivatives by means, biases and noise.
/// </summary>
/// <param name="outputs">Predicted values.</param>
/// <param name="errorLimit">How many σ an error counts for the noise at most; null for all of it.</param>
internal sealed class ConstantNoiseHead(int outputs, double? errorLimit = null)
{
    private readonly float _mostSquares = errorLimit is { } limit ? (float)(limit * limit) : float.PositiveInfinity;
    private readonly float[] _inverseVariances = new float[outputs], _least = new float[outputs], _isAboveLeast = new float[outputs];

    /// <summary>The derivative by log σ, from the last <see cref="Backward"/>: [outputs]</summary>
    public float[] NoiseGradient { get; } = new float[outputs];

    /// <summary>Replaces the last layer's outputs by the derivatives of the loss (<see cref="HomoscedasticLoss.OfMembers"/>) by them.</summary>
    /// <param name="values">[batch, outputs], without the biases; overwritten.</param>
    /// <param name="biases">The biases of the last layer: [outputs]</param>
    /// <param name="logNoise">log σ: [outputs]</param>
    /// <param name="targets">[rows, outputs]</param>
    /// <param name="rows">The number of each row of the batch among the targets: [batch]</param>
    /// <param name="weights">w: [batch]</param>
    /// <param name="biasGradient">[outputs], overwritten.</param>
    /// <returns>The loss.</returns>
    public double Backward(
        Span<float> values, ReadOnlySpan<float> biases, ReadOnlySpan<float> logNoise, ReadOnlySpan<float> targets, ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights, Span<float> biasGradient)
    {
        Begin(logNoise);
        biasGradient.Clear();
        var (loss, share) = (0.0, 1f / rows.Length);
        for (var index = 0; index < rows.Length; index++)
        {
            var target = targets.Slice(rows[index] * outputs, outputs);
            var row = values.Slice(index * outputs, outputs);
            var weight = weights[index] * share;
            var ofRow = 0f;
            for (var output = 0; output < outputs; output++)
            {
                var error = row[output] + biases[output] - target[output];
                var scaled = error * _inverseVariances[output];
                ofRow += (0.5f * error * scaled) + _least[output];
                row[output] = weight * scaled;
                biasGradient[output] += row[output];
                NoiseGradient[output] += weight * (_isAboveLeast[output] - MathF.Min(error * scaled, _mostSquares));
            }

            loss += weight * ofRow;
        }

        return loss;
    }

    private void Begin(ReadOnlySpan<float> logNoise)
    {
        Array.Clear(NoiseGradient);
        for (var output = 0; output < outputs; output++)
        {
            var isAbove = logNoise[output] >= (float)HomoscedasticLoss.LeastLogNoise;
            _inverseVariances[output] = MathF.Exp(-2 * logNoise[output]);
            _least[output] = isAbove ? logNoise[output] : (float)HomoscedasticLoss.LeastLogNoise;
            _isAboveLeast[output] = isAbove ? 1 : 0;
        }
    }
}
