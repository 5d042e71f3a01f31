using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>The loss that an ensemble is trained with, as pure functions of tensors.</summary>
/// <remarks>
/// Janner et al. 2019, Section 4.2 and Appendix C, in the scaling of the official code (models/bnn.py, _compile_losses): no factor 1/2, no log 2 pi, mean over
/// batch and outputs, sum over members. It differs from a textbook negative log-likelihood by a constant and the factor 2 / outputs, which the decay
/// coefficients and the learning rate were chosen with.
/// </remarks>
internal static class EnsembleLoss
{
    /// <summary>The factor of the bounds' regulariser (models/bnn.py: 0.01).</summary>
    public const double BoundsCoefficient = 0.01;

    /// <summary>
    /// The whole training loss: <see cref="Gaussian"/> + <see cref="WeightDecay"/> + <see cref="Bounds"/>, or <see cref="SquaredError"/> +
    /// <see cref="WeightDecay"/> of networks that predict means alone.
    /// </summary>
    /// <returns>A scalar.</returns>
    public static Tensor Total(EnsembleParameters parameters, Tensor input, Tensor target, IReadOnlyList<double> weightDecays)
    {
        var (mean, logVariance) = parameters.Forward(input);
        if (parameters.IsPoint) return SquaredError(mean, target).Plus(WeightDecay(parameters.Weights, weightDecays));
        return Gaussian(mean, logVariance, target).Plus(WeightDecay(parameters.Weights, weightDecays))
            .Plus(Bounds(parameters.MinLogVariance, parameters.MaxLogVariance));
    }

    /// <summary>Sum over members of mean over batch and outputs of (mean - target)^2 exp(-logVariance) + logVariance.</summary>
    /// <param name="mean">[E, batch, outputs]</param>
    /// <param name="logVariance">[E, batch, outputs]</param>
    /// <param name="target">[E, batch, outputs]</param>
    public static Tensor Gaussian(Tensor mean, Tensor logVariance, Tensor target) =>
        ((mean - target).Squared() * (-logVariance).exp()).Plus(logVariance).mean().Times(mean.size(0));

    /// <summary>Sum over members of mean over batch and outputs of (mean - target)^2.</summary>
    /// <param name="mean">[E, batch, outputs]</param>
    /// <param name="target">[E, batch, outputs]</param>
    public static Tensor SquaredError(Tensor mean, Tensor target) => (mean - target).Squared().mean().Times(mean.size(0));

    /// <summary>
    /// Sum over layers of coefficient / 2 times the sum of the squared weights of all members; biases do not decay (models/fc.py: tf.nn.l2_loss).
    /// </summary>
    public static Tensor WeightDecay(IReadOnlyList<Tensor> weights, IReadOnlyList<double> coefficients) =>
        weights.Zip(coefficients, (layer, coefficient) => layer.Squared().sum().Times(coefficient / 2)).Aggregate(ScalarArithmetic.Plus);

    /// <summary>0.01 (sum of the upper bounds - sum of the lower bounds): draws the learned bounds of the log variance together.</summary>
    public static Tensor Bounds(Tensor minLogVariance, Tensor maxLogVariance) => (maxLogVariance - minLogVariance).sum().Times(BoundsCoefficient);
}
