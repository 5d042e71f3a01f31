namespace MbpoML.Dynamics.Latent;

/// <summary>The layers of encoder and decoder that follow from the size of the frames where none are given.</summary>
internal static class LatentLayers
{
    // From the likeliest: with them frames of 64 pixels get the layers of the paper.
    private static readonly int[] Kernels = [5, 6, 4, 7, 3];
    private const int LastKernel = 6, MostLayers = 6;

    /// <summary>As many layers as the side of a frame bears, the first with <paramref name="first"/> filters, each with twice those before it.</summary>
    /// <param name="side">The smaller side of a frame, in pixels.</param>
    /// <param name="kernel">The side of the kernels.</param>
    /// <param name="first">At least 1.</param>
    public static int[] EncoderFilters(int side, int kernel, int first)
    {
        var filters = new List<int>();
        for (; side >= kernel && filters.Count < MostLayers; side = ((side - kernel) / 2) + 1) filters.Add(first << filters.Count);
        return [.. filters];
    }

    /// <summary>
    /// The fewest layers that grow one pixel nearly to the frame. The last one, which is added to them, then needs a kernel of 4 to 8 pixels, as near to 6 as
    /// can be.
    /// </summary>
    /// <param name="side">The smaller side of a frame, in pixels.</param>
    /// <returns>The kernels without the last one; empty where there are no such layers.</returns>
    public static int[] DecoderKernels(int side)
    {
        for (var layers = 1; layers <= MostLayers; layers++)
        {
            var best = Combinations(layers).Select(kernels => (Kernels: kernels, Distance: Math.Abs(LastOf(side, kernels) - LastKernel)))
                .MinBy(candidate => candidate.Distance);
            if (best.Distance <= 2) return best.Kernels;
        }

        return [];
    }

    /// <summary>The kernel that the last layer needs.</summary>
    /// <param name="side">The side of a frame.</param>
    /// <param name="kernels">Those before it.</param>
    public static int LastOf(int side, IReadOnlyList<int> kernels) => side - (2 * (Grown(kernels) - 1));

    /// <summary>The pixels that the layers make of one: each doubles their distance, and adds its kernel at the end.</summary>
    public static int Grown(IReadOnlyList<int> kernels) => kernels.Aggregate(1, (side, kernel) => (2 * (side - 1)) + kernel);

    private static IEnumerable<int[]> Combinations(int layers) => layers == 0
        ? [[]] : Combinations(layers - 1).SelectMany(before => Kernels.Select(kernel => (int[])[.. before, kernel]));
}
