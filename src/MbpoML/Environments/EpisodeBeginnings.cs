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
    /// <param name="drop">Whether a reset that failed is left out, and another start drawn instead; null: none is.</param>
    /// <returns>[count, observation]; the caller disposes it.</returns>
    /// <exception cref="EnvironmentException">A reset failed and is not left out.</exception>
    public static Tensor Draw(IEnvironment environment, int count, int seed, Func<EnvironmentException, bool>? drop = null)
    {
        var observation = new double[environment.ObservationSpace.Size];
        var values = new float[count * observation.Length];
        var failed = 0;
        for (var start = 0; start < count; start++)
        {
            try
            {
                environment.Reset(Seeds.Derive(seed, "start", start + failed), observation);
            }
            catch (EnvironmentException failure) when (drop?.Invoke(failure) is true)
            {
                // The same start might fail for ever.
                (failed, start) = (failed + 1, start - 1);
                continue;
            }

            for (var index = 0; index < observation.Length; index++) values[(start * observation.Length) + index] = (float)observation[index];
        }

        using var scope = NewDisposeScope();
        return TensorMemory.Aligned(values).view(count, observation.Length).MoveToOuterDisposeScope();
    }
}
