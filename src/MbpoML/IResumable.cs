using static TorchSharp.torch;

namespace MbpoML;

/// <summary>Something that learns and whose whole state can be taken and put back, so that a stopped run goes on exactly.</summary>
/// <remarks>A policy learner of your own must be one for its runs to write checkpoints (<see cref="Training.MbpoTrainer.Options.Checkpoints"/>).</remarks>
public interface IResumable
{
    /// <summary>Copies of all that later results depend on: parameters, optimizer moments, counters, random streams, sums of metrics not taken yet.</summary>
    /// <returns>Tensors on the CPU by name, float32, float64, int64 or uint8, of any shape; the caller disposes them.</returns>
    IReadOnlyDictionary<string, Tensor> GetState();

    /// <summary>Goes on from a state of an object that was made with equal sizes and options. The values are copied.</summary>
    /// <param name="state">What <see cref="GetState"/> gave, then or in another process.</param>
    /// <exception cref="ArgumentException">A tensor is missing, or has another shape or type; a count is negative.</exception>
    void SetState(IReadOnlyDictionary<string, Tensor> state);
}
