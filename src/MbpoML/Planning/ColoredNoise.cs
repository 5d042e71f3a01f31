using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>Normal noise whose power falls with the frequency as f^-β along a horizon, so that neighbouring actions hang together.</summary>
/// <remarks>
/// After J. Timmer and M. König, "On generating power law noise" (Astronomy and Astrophysics 300, 1995), scaled as in the package colorednoise that iCEM uses.
/// The noise is linear in its draws, so that for a given horizon one matrix makes it, without a Fourier transform.
/// </remarks>
internal static class ColoredNoise
{
    /// <summary>C, which makes coloured noise of white: y = ε·C.</summary>
    /// <param name="length">T, the steps of a sequence.</param>
    /// <param name="exponent">β: 0 for white noise, 1 for pink, 2 for red.</param>
    /// <returns>[T, T], a draw a row and a time a column; the caller disposes it.</returns>
    public static Tensor Matrix(int length, double exponent)
    {
        if (length == 1) return ones(1, 1);
        var scales = Enumerable.Range(0, (length / 2) + 1).Select(frequency => Math.Pow(Math.Max(frequency, 1) / (double)length, -exponent / 2)).ToArray();
        double[] weights = [.. scales[1..]];
        weights[^1] *= (1 + (length % 2)) / 2.0;
        var unit = 2 * Math.Sqrt(weights.Sum(weight => weight * weight)) / length;
        var matrix = new float[length * length];
        for (var frequency = 0; frequency < scales.Length; frequency++)
        {
            // Of a real signal the mean and, where the length is even, the highest frequency stand once in the spectrum, and have no sine.
            var isSingle = frequency == 0 || 2 * frequency == length;
            var amplitude = scales[frequency] * (isSingle ? 1 : 2) / length / unit;
            for (var time = 0; time < length; time++)
            {
                var (sin, cos) = Math.SinCos(Math.Tau * frequency * time / length);
                matrix[(frequency * length) + time] = (float)(amplitude * cos);
                if (!isSingle) matrix[((scales.Length + frequency - 1) * length) + time] = (float)(-amplitude * sin);
            }
        }

        return tensor(matrix, [length, length]);
    }

    /// <summary>Draws sequences.</summary>
    /// <param name="matrix">C, [T, T].</param>
    /// <param name="rows">Episodes.</param>
    /// <param name="candidates">Sequences of each.</param>
    /// <param name="actionSize">Independent dimensions.</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <returns>[rows, candidates, T, action]</returns>
    public static Tensor Draw(Tensor matrix, int rows, int candidates, int actionSize, Generator generator) =>
        randn([rows, candidates, actionSize, matrix.size(0)], ScalarType.Float32, generator: generator).matmul(matrix).transpose(2, 3);
}
