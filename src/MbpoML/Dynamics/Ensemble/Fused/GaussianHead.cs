using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// The last layer's outputs as means and bounded log variances (<see cref="EnsembleParameters.Head"/>), the loss (<see cref="EnsembleLoss.Gaussian"/>), and
/// its derivatives, in one pass over the rows. One object serves one thread.
/// </summary>
internal sealed class GaussianHead
{
    // One row of each, filled up to whole vectors; what the filling holds is never copied back.
    private readonly Vector<float>[] _mean, _raw, _target, _min, _max, _meanBias, _rawBias;
    private readonly Vector<float>[] _meanSums, _rawSums, _minSums, _maxSums, _lossSums;
    private readonly int _size;
    private readonly bool _isPoint;

    /// <param name="size">Outputs: means, and as many log variances.</param>
    /// <param name="isPoint">Whether the means alone count.</param>
    public GaussianHead(int size, bool isPoint)
    {
        (_size, _isPoint) = (size, isPoint);
        Vector<float>[] Row() => new Vector<float>[(size + Vector<float>.Count - 1) / Vector<float>.Count];
        (_mean, _raw, _target, _min, _max, _meanBias, _rawBias) = (Row(), Row(), Row(), Row(), Row(), Row(), Row());
        (_meanSums, _rawSums, _minSums, _maxSums, _lossSums) = (Row(), Row(), Row(), Row(), Row());
    }

    /// <summary>Takes the last layer's biases and the bounds of the log variance for the rows to come.</summary>
    /// <param name="biases">[2 outputs]</param>
    /// <param name="min">[outputs]</param>
    /// <param name="max">[outputs]</param>
    public void Set(ReadOnlySpan<float> biases, ReadOnlySpan<float> min, ReadOnlySpan<float> max)
    {
        biases[.._size].CopyTo(Floats(_meanBias));
        biases[_size..].CopyTo(Floats(_rawBias));
        min.CopyTo(Floats(_min));
        max.CopyTo(Floats(_max));
    }

    /// <summary>Turns outputs into the derivatives of the loss by them.</summary>
    /// <param name="output">[rows, 2 outputs], without the biases.</param>
    /// <param name="targets">[rows, outputs]</param>
    /// <param name="factor">What each row and output counts: 1 / (batch · outputs).</param>
    /// <param name="biasGradient">[2 outputs]</param>
    /// <param name="minGradient">By the lower bounds, [outputs].</param>
    /// <param name="maxGradient">By the upper bounds, [outputs].</param>
    /// <returns>The loss of these rows.</returns>
    public double Backward(
        Span<float> output, ReadOnlySpan<float> targets, float factor, Span<float> biasGradient, Span<float> minGradient, Span<float> maxGradient)
    {
        foreach (var sums in (ReadOnlySpan<Vector<float>[]>)[_meanSums, _rawSums, _minSums, _maxSums, _lossSums]) Array.Clear(sums);
        for (; targets.Length > 0; output = output[(2 * _size)..], targets = targets[_size..])
        {
            output[.._size].CopyTo(Floats(_mean));
            output.Slice(_size, _size).CopyTo(Floats(_raw));
            targets[.._size].CopyTo(Floats(_target));
            if (_isPoint) DifferentiateMeans(factor);
            else Differentiate(factor);
            Floats(_mean)[.._size].CopyTo(output);
            Floats(_raw)[.._size].CopyTo(output[_size..]);
        }
        Floats(_meanSums)[.._size].CopyTo(biasGradient);
        Floats(_rawSums)[.._size].CopyTo(biasGradient[_size..]);
        Floats(_minSums)[.._size].CopyTo(minGradient);
        Floats(_maxSums)[.._size].CopyTo(maxGradient);
        var loss = 0.0;
        foreach (var value in Floats(_lossSums)[.._size]) loss += value;
        return loss * factor;
    }

    /// <summary>Draws from the predicted distributions.</summary>
    /// <param name="output">One row, [2 outputs], without the biases.</param>
    /// <param name="noise">[outputs], standard normal.</param>
    /// <param name="sample">[outputs], in the units of the targets.</param>
    public void Draw(ReadOnlySpan<float> output, ReadOnlySpan<float> noise, Span<float> sample)
    {
        Load(output, noise);
        for (var index = 0; index < _mean.Length; index++) _mean[index] += _isPoint ? _meanBias[index] : _meanBias[index] + Spread(index, out _);
        Floats(_mean)[.._size].CopyTo(sample);
    }

    /// <summary>Draws from the predicted distributions and says how the sample changes with the outputs.</summary>
    /// <param name="output">
    /// One row, [2 outputs], without the biases; of the derivatives by it, those by the means are 1, and the others take the place of the raw log variances.
    /// </param>
    /// <param name="noise">[outputs], standard normal.</param>
    /// <param name="sample">[outputs], in the units of the targets.</param>
    public void DrawAndDifferentiate(Span<float> output, ReadOnlySpan<float> noise, Span<float> sample)
    {
        Load(output, noise);
        for (var index = 0; index < _mean.Length; index++)
        {
            var slope = Vector<float>.Zero;
            _mean[index] += _isPoint ? _meanBias[index] : _meanBias[index] + Spread(index, out slope);
            _raw[index] = slope;
        }
        Floats(_mean)[.._size].CopyTo(sample);
        Floats(_raw)[.._size].CopyTo(output[_size..]);
    }

    private void Load(ReadOnlySpan<float> output, ReadOnlySpan<float> noise)
    {
        output[.._size].CopyTo(Floats(_mean));
        output[_size..].CopyTo(Floats(_raw));
        noise.CopyTo(Floats(_target));
    }

    // The noise times the standard deviation, and its derivative by the raw log variance: half of it for each unit of the bounded one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Spread(int index, out Vector<float> slope)
    {
        var (below, inner) = VectorMath.Softplus(_max[index] - (_raw[index] + _rawBias[index]));
        var (above, outer) = VectorMath.Softplus(_max[index] - below - _min[index]);
        var spread = _target[index] * VectorMath.Exp((_min[index] + above) * 0.5f);
        slope = spread * inner * outer * 0.5f;
        return spread;
    }

    // With u = max - softplus(max - x) and v = min + softplus(u - min), the loss of one value is e² exp(-v) + v.
    private void Differentiate(float factor)
    {
        for (var index = 0; index < _mean.Length; index++)
        {
            var (below, inner) = VectorMath.Softplus(_max[index] - (_raw[index] + _rawBias[index]));
            var (above, outer) = VectorMath.Softplus(_max[index] - below - _min[index]);
            var logVariance = _min[index] + above;
            var precision = VectorMath.Exp(-logVariance);
            var error = _mean[index] + _meanBias[index] - _target[index];
            var scaled = error * error * precision;
            var byLogVariance = (Vector<float>.One - scaled) * factor;
            var byBounded = byLogVariance * outer;
            (_mean[index], _raw[index]) = (error * precision * (2 * factor), byBounded * inner);
            _meanSums[index] += _mean[index];
            _rawSums[index] += _raw[index];
            _minSums[index] += byLogVariance - byBounded;
            _maxSums[index] += byBounded - _raw[index];
            _lossSums[index] += scaled + logVariance;
        }
    }

    // The loss of one value is e².
    private void DifferentiateMeans(float factor)
    {
        for (var index = 0; index < _mean.Length; index++)
        {
            var error = _mean[index] + _meanBias[index] - _target[index];
            (_mean[index], _raw[index]) = (error * (2 * factor), Vector<float>.Zero);
            _meanSums[index] += _mean[index];
            _lossSums[index] += error * error;
        }
    }

    private static Span<float> Floats(Vector<float>[] vectors) => MemoryMarshal.Cast<Vector<float>, float>(vectors.AsSpan());
}
