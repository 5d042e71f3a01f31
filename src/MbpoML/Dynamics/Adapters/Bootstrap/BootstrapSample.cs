using MbpoML.Numerics.Random;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>The rows of one bootstrap sample.</summary>
/// <param name="Drawn">As many as there are rows, with repetitions.</param>
/// <param name="LeftOut">The rows that were not drawn, at least one.</param>
internal sealed record BootstrapSample(long[] Drawn, long[] LeftOut)
{
    /// <summary>Draws a sample.</summary>
    /// <param name="count">The number of rows, at least 2.</param>
    /// <param name="seed">Equal seeds give equal samples.</param>
    public static BootstrapSample Draw(int count, int seed)
    {
        var random = new RandomSource(seed);
        while (true)
        {
            var drawn = new long[count];
            for (var row = 0; row < count; row++) drawn[row] = random.NextInt32(count);
            var isDrawn = new bool[count];
            foreach (var row in drawn) isDrawn[row] = true;
            long[] leftOut = [.. Enumerable.Range(0, count).Where(row => !isDrawn[row]).Select(row => (long)row)];
            // With a handful of rows all of them may be drawn, and none would be left to measure the noise on.
            if (leftOut.Length > 0) return new BootstrapSample(drawn, leftOut);
        }
    }
}
