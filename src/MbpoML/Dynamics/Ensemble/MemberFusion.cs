using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// What an ensemble knows together, one output at a time: the members' predictions fused by their precision, and how far they lie apart. The step of Infoprop
/// (B. Frauenknecht, D. Subhasish, F. Solowjow and S. Trimpe, "On rollouts in model-based reinforcement learning", ICLR 2025, arXiv:2501.16918).
/// </summary>
/// <remarks>All tensors are [batch, outputs], in the environment's units.</remarks>
/// <param name="Mean">μ̄, the mean of the members' means, each weighted by 1 / σ².</param>
/// <param name="Deviation">σ̄ with σ̄² = 1 / mean(1 / σ²): the noise that is left when the model is known.</param>
/// <param name="Gain">K = σ̄² / (σ̄² + v), where v = mean((μ - μ̄)²) is how far the members lie apart: how much a member's draw is worth.</param>
/// <param name="OpenDeviation">The root of (1 - K) σ̄² = K v: the deviation of what a member's draw leaves open.</param>
internal readonly record struct MemberFusion(Tensor Mean, Tensor Deviation, Tensor Gain, Tensor OpenDeviation)
{
    /// <param name="members">Both [members, batch, outputs].</param>
    public static MemberFusion Of((Tensor Mean, Tensor StandardDeviation) members)
    {
        using var scope = NewDisposeScope();
        // From the first member's mean, in units of the most precise member's deviation: no square leaves the range of numbers, and little cancels.
        var unit = members.StandardDeviation.amin([0L]);
        var precision = (unit / members.StandardDeviation).Squared();
        var mass = precision.mean([0L]);
        var first = members.Mean.select(0, 0);
        var shift = (members.Mean - first) / unit;
        var fused = (precision * shift).mean([0L]) / mass;
        var epistemic = (shift - fused).Squared().mean([0L]);
        // With σ̄² = 1 / mass in these units.
        var gain = (epistemic * mass).Plus(1).reciprocal();
        return new MemberFusion(
            first.Plus(fused * unit).MoveToOuterDisposeScope(), (unit / mass.sqrt()).MoveToOuterDisposeScope(), gain.MoveToOuterDisposeScope(),
            ((gain * epistemic).sqrt() * unit).MoveToOuterDisposeScope());
    }

    /// <summary>Draws one step a row: a member's draw z, and then what it leaves open, from N(μ̄ + K (z - μ̄), (1 - K) σ̄²).</summary>
    /// <param name="model">The ensemble.</param>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    public static DynamicsSample Sample(IEnsembleDynamicsModel model, Tensor observation, Tensor action, Generator generator)
    {
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (means, deviations) = model.PredictMembers(observation, action);
        var (rows, outputs, device) = (means.size(1), means.size(2), means.device);
        var member = randint(model.EliteCount, [rows], ScalarType.Int64, generator: generator).to(device).view(1, -1, 1).expand(1, rows, outputs);
        var noise = randn(2, rows, outputs, ScalarType.Float32, generator: generator).to(device);
        var fusion = Of((means, deviations));
        var draw = means.gather(0, member).squeeze(0).Plus(deviations.gather(0, member).squeeze(0) * noise.select(0, 0));
        var outcome = fusion.Mean.Plus(fusion.Gain * (draw - fusion.Mean)).Plus(fusion.OpenDeviation * noise.select(0, 1));
        return new DynamicsSample(outcome.narrow(1, 1, outputs - 1).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope());
    }
}
