using static TorchSharp.torch;

namespace MbpoML.Policies.SoftActorCritic;

/// <summary>One way to compute the same SAC update: all gradients at the old weights, one Adam step each, then the target networks.</summary>
internal interface ISacUpdate : IDisposable
{
    /// <summary>Updates the state that the implementation was made for.</summary>
    /// <param name="rows">[batch, width], environment units, on the state's device; only read.</param>
    /// <param name="noise">
    /// [2·batch, action], standard normal: the first half draws the actions at the next observations, the second half at the observations.
    /// </param>
    void Update(Tensor rows, Tensor noise);

    /// <summary>The sums of the metrics of <see cref="SacMetrics"/> over the updates since the last call, and resets them.</summary>
    double[] TakeSums();

    /// <summary>Puts sums back that were taken, so that the next ones go on from them.</summary>
    void SetSums(ReadOnlySpan<double> sums);
}
