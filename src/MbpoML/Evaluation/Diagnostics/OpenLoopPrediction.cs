using MbpoML.Environments;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>An episode beside what a latent model imagines of it: after some frames it sees only the actions.</summary>
/// <param name="Frames">The sizes of a frame.</param>
/// <param name="Seen">The frames that the model sees, from the first.</param>
/// <param name="Actual">What happened: the bytes of each frame, [channel, row, column], the first one of the episode included.</param>
/// <param name="Imagined">What the model draws at the same steps: of those that it sees, what it has understood.</param>
/// <param name="ActualRewards">The reward that came with each frame; 0 with the first.</param>
/// <param name="ImaginedRewards">What the model says of it.</param>
public sealed record OpenLoopPrediction(
    FrameShape Frames, int Seen, IReadOnlyList<byte[]> Actual, IReadOnlyList<byte[]> Imagined, IReadOnlyList<double> ActualRewards,
    IReadOnlyList<double> ImaginedRewards)
{
    /// <summary>The root of the mean squared error of each frame's values, of 255, from the first one that the model does not see.</summary>
    public IReadOnlyList<double> ErrorsOfImagined => [.. Enumerable.Range(Seen, Actual.Count - Seen).Select(step => Error(Imagined[step], Actual[step]))];

    /// <summary>The same of the last frame that the model sees, repeated: what a model that has learned nothing of motion would draw.</summary>
    public IReadOnlyList<double> ErrorsOfRepeated => [.. Enumerable.Range(Seen, Actual.Count - Seen).Select(step => Error(Actual[Seen - 1], Actual[step]))];

    private static double Error(byte[] one, byte[] other) =>
        Math.Sqrt(one.Zip(other, (left, right) => (double)(left - right) * (left - right)).Average());
}
