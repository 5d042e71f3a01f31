using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Dynamics.Latent;

/// <summary>The sizes of the networks of a recurrent state-space model, as they follow from its options and the frames.</summary>
internal sealed class RecurrentStateSpaceShape
{
    // What torch's matrices and our arrays hold.
    private const long MostParameters = 1L << 29;

    /// <param name="options">Validated.</param>
    /// <param name="frames">What is seen.</param>
    /// <param name="actionSpace">What is done.</param>
    /// <exception cref="ArgumentException">The layers do not fit the frames.</exception>
    public RecurrentStateSpaceShape(RecurrentStateSpaceTrainer.Options options, FrameShape frames, BoxSpace actionSpace)
    {
        (Frames, ActionSpace) = (frames, actionSpace);
        (Deterministic, Stochastic, Hidden, LeastDeviation) = (options.DeterministicSize, options.StochasticSize, options.HiddenSize, options.LeastDeviation);
        frames.Required(nameof(frames));
        (RewardHidden, EncoderKernel) = ([.. options.RewardHiddenSizes], options.EncoderKernel);
        var side = Math.Min(frames.Height, frames.Width);
        EncoderFilters = [.. options.EncoderFilters ?? LatentLayers.EncoderFilters(side, EncoderKernel, options.FirstFilters)];
        var (height, width) = (frames.Height, frames.Width);
        foreach (var _ in EncoderFilters) (height, width) = (Read(height), Read(width));
        if (EncoderFilters.Length == 0) Read(side);
        var embedding = (long)EncoderFilters[^1] * height * width;
        CheckCount(embedding);
        Embedding = (int)embedding;
        DecoderInputs = options.DecoderInputs ?? Embedding;
        var kernels = options.DecoderKernels ?? LatentLayers.DecoderKernels(side);
        if (options.DecoderFilters is { } filters && filters.Count != kernels.Count)
            throw new ArgumentException(
                Invariant($"DecoderFilters has {filters.Count} numbers, but frames of {side} pixels take {kernels.Count} layers before the last: give as ") +
                    "many, or DecoderKernels, too.", nameof(frames));
        DecoderFilters =
            [.. options.DecoderFilters ?? Enumerable.Range(1, kernels.Count).Select(layer => options.FirstFilters << (kernels.Count - layer)), frames.Channels];
        DecoderKernels = [.. kernels.Select(kernel => (kernel, kernel)), (Last(frames.Height), Last(frames.Width))];

        int Read(int size) => size >= EncoderKernel
            ? ((size - EncoderKernel) / 2) + 1
            : throw new ArgumentException(
                Invariant($"The frames have {frames.Height} by {frames.Width} pixels, of which {size} are left where a convolution with kernels of ") +
                    Invariant($"{EncoderKernel} pixels follows. Give fewer EncoderFilters, a smaller EncoderKernel, or larger frames."),
                nameof(frames));

        int Last(int size) => kernels.Count > 0 && LatentLayers.LastOf(size, kernels) is >= 2 and var kernel
            ? kernel
            : throw new ArgumentException(
                Invariant($"The decoder's kernels [{Listed.Of(kernels)}] make {LatentLayers.Grown(kernels)} pixels of one, which the last layer at least ") +
                    Invariant($"doubles, but the frames have {frames.Height} by {frames.Width}. Give DecoderKernels that fit, or other frames."),
                nameof(frames));
    }

    public FrameShape Frames { get; }

    public BoxSpace ActionSpace { get; }

    /// <summary>The size of h.</summary>
    public int Deterministic { get; }

    /// <summary>The size of s.</summary>
    public int Stochastic { get; }

    public int Hidden { get; }

    public double LeastDeviation { get; }

    public int EncoderKernel { get; }

    public int[] EncoderFilters { get; }

    /// <summary>The outputs of the encoder.</summary>
    public int Embedding { get; }

    public int DecoderInputs { get; }

    /// <summary>With the channels of the frame at the end.</summary>
    public int[] DecoderFilters { get; }

    /// <summary>Heights and widths, the last layer's included.</summary>
    public (int Height, int Width)[] DecoderKernels { get; }

    public int[] RewardHidden { get; }

    /// <summary>A belief is h and then s.</summary>
    public int Belief => Deterministic + Stochastic;

    /// <summary>Checks that arrays can hold the parameters.</summary>
    /// <param name="parameters">Their number.</param>
    /// <exception cref="ArgumentException">There are too many.</exception>
    public static void CheckCount(long parameters)
    {
        if (parameters > MostParameters)
            throw new ArgumentException(
                Invariant($"The options make a model of {parameters} parameters, but {MostParameters} is the most: make layers smaller."), nameof(parameters));
    }
}
