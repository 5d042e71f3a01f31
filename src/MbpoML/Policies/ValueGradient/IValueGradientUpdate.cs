using static TorchSharp.torch;

namespace MbpoML.Policies.ValueGradient;

/// <summary>One way to compute the same update: imagined steps, the critics' step, then, with the new critics, the policy's.</summary>
internal interface IValueGradientUpdate : IDisposable
{
    /// <summary>Updates the state that the implementation was made for.</summary>
    /// <param name="observations">[batch, observation], environment units, on the state's device; only read.</param>
    /// <param name="steps">What the model imagines.</param>
    /// <param name="learnsPolicy">Whether the policy learns too, rather than the critics alone.</param>
    void Update(Tensor observations, ImaginedSteps steps, bool learnsPolicy);

    /// <summary>The sums of the metrics of <see cref="ValueGradientMetrics"/> over the updates since the last call, and resets them.</summary>
    double[] TakeSums();

    /// <summary>Puts sums back that were taken, so that the next ones go on from them.</summary>
    void SetSums(ReadOnlySpan<double> sums);
}
