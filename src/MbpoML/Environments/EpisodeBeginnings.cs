using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Environments;

/// <summary>Where an environment begins its episodes.</summary>
internal static class EpisodeBeginnings
{
    /// <summary>Resets an environment again and again, without a step.</summary>
    /// <param name="environment">A checked one.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="seed">Decides the starts.</param>
    /// <returns>[count, observation]; the caller disposes it.</returns>
    public static Tensor Draw(IEnvironment environment, int count, int seed)
    {
        var observation = new double[environment.ObservationSpace.Size];
        var values = new float[count * observation.Length];
        for (var start = 0; start < count; start++)
        {
            environment.Reset(Seeds.Derive(seed, "start", start), observation);
            for (var index = 0; index < observation.Length; index++) values[(start * observation.Length) + index] = (float)observation[index];
        }

        using var scope = NewDisposeScope();
        return TensorMemory.Aligned(values).view(count, observation.Length).MoveToOuterDisposeScope();
    }
}
