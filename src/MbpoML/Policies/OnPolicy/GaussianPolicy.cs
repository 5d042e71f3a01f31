using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// N(μ(x), diag σ²) before the tanh of the actions, whose log deviations are free numbers that no state changes. Ratios and divergences are the same before
/// and after the tanh, so all of them are formed before.
/// </summary>
/// <param name="inputs">n, the values of a scaled observation x.</param>
/// <param name="hidden">Units of each tanh layer.</param>
/// <param name="actions">m</param>
internal sealed class GaussianPolicy(int inputs, IReadOnlyList<int> hidden, int actions)
{
    /// <summary>The range of the log deviations, as in soft actor-critic.</summary>
    public const float LowestLogDeviation = -20, HighestLogDeviation = 2;

    /// <summary>μ</summary>
    public TanhNetwork Mean { get; } = new(new NetworkShape(inputs, hidden, actions, Activation.Tanh));

    /// <summary>m</summary>
    public int Actions => actions;

    /// <summary>The numbers of the network, and m log deviations after them.</summary>
    public int ParameterCount => Mean.Shape.ParameterCount + actions;

    /// <summary>log σ, a view [m].</summary>
    /// <param name="parameters">[parameters]</param>
    public Tensor LogDeviation(Tensor parameters) => parameters.narrow(0, Mean.Shape.ParameterCount, actions);

    /// <summary>log π of unsquashed actions, without the constant that no parameter changes. [rows]</summary>
    /// <param name="mean">[rows, m]</param>
    /// <param name="logDeviation">[m]</param>
    /// <param name="action">[rows, m], before the tanh.</param>
    public static Tensor LogProbability(Tensor mean, Tensor logDeviation, Tensor action) =>
        action.sub(mean).mul(logDeviation.neg().exp()).Squared().sum(-1L).MultiplyInPlace(-0.5).sub_(logDeviation.sum());

    /// <summary>The mean over rows of KL(old ‖ new): Σ_d log(σ'/σ) + (σ² + (μ - μ')²) / 2σ'² - 1/2.</summary>
    /// <param name="mean">μ, [rows, m]</param>
    /// <param name="logDeviation">log σ, [m]</param>
    /// <param name="newMean">μ', [rows, m]</param>
    /// <param name="newLogDeviation">log σ', [m]</param>
    public static double Divergence(Tensor mean, Tensor logDeviation, Tensor newMean, Tensor newLogDeviation)
    {
        using var scope = NewDisposeScope();
        // In double precision: divergences of a hundredth are differences of numbers near one.
        var (old, next) = (logDeviation.to(ScalarType.Float64), newLogDeviation.to(ScalarType.Float64));
        var squares = mean.sub(newMean).to(ScalarType.Float64).Squared().mean([0L]);
        var scaled = squares.Plus(old.Times(2).exp()).div(next.Times(2).exp()).Times(0.5);
        return next.sub(old).Plus(scaled).Plus(-0.5).sum().item<double>();
    }

    /// <summary>The gradient of Σ w·log π with respect to all parameters.</summary>
    /// <param name="parameters">[parameters]</param>
    /// <param name="values">What the forward pass of <see cref="Mean"/> gave.</param>
    /// <param name="action">[rows, m], before the tanh.</param>
    /// <param name="weights">w, [rows]</param>
    /// <returns>[parameters]</returns>
    public Tensor Gradient(Tensor parameters, Tensor[] values, Tensor action, Tensor weights)
    {
        var inverse = LogDeviation(parameters).neg().exp();
        var noise = action.sub(values[^1]).mul(inverse);
        var column = weights.unsqueeze(1);
        var ofMean = Mean.Backward(parameters, values, noise.mul(inverse).mul(column));
        return cat([ofMean, noise.Squared().Plus(-1.0).mul(column).sum(0L)], 0);
    }
}
