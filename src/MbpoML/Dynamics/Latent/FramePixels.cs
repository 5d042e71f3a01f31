using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>How frames of bytes become inputs of a network, and back.</summary>
/// <remarks>
/// As in the official code (tools/preprocess.py): 5 bits of each value, uniform noise of one step of them, drawn anew each time a frame is read, and the middle
/// at 0. The noise keeps the network from learning the steps; a stored one would be learned.
/// </remarks>
internal static class FramePixels
{
    private const int Values = 256, Levels = 32;

    /// <summary>⌊x / 8⌋ / 32 + u - ½, u uniform in [0, 1/32).</summary>
    /// <param name="frames">x, values 0 to 255 of any type.</param>
    /// <param name="generator">Draws u.</param>
    /// <returns>float32, the same shape, within ±½.</returns>
    // Divisions and sums of powers of two: exact but for the noise.
    public static Tensor Read(Tensor frames, Generator generator)
    {
        using var noGradient = no_grad();
        var noise = rand(frames.shape, ScalarType.Float32, generator: generator).MultiplyInPlace(1.0 / Levels).AddInPlace(-0.5).to(frames.device);
        return frames.to(ScalarType.Float32).Times((double)Levels / Values).floor().Times(1.0 / Levels).AddInPlace(noise);
    }

    /// <summary>The frames that outputs of a network stand for.</summary>
    /// <param name="pixels">About ±½.</param>
    /// <returns>Values 0 to 255.</returns>
    public static Tensor Write(Tensor pixels) => pixels.Plus(0.5).Times(Values).Clamped(0, Values - 1);
}
