using MbpoML.Data;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>
/// Turns transitions into what the networks learn, and what they say back into rewards and next observations. The reward is always the first column.
/// </summary>
internal sealed class TargetCodec(TransitionLayout layout, DynamicsTarget target, bool normalize, Device device) : IDisposable
{
    private readonly Standardizer? _scale = normalize ? new Standardizer(1 + layout.ObservationSize, device) : null;

    /// <summary>The scale of the targets where they are normalised.</summary>
    public Standardizer? Scale => _scale;

    /// <summary>Whether the networks predict changes of the observation.</summary>
    public bool IsDelta => target == DynamicsTarget.Delta;

    /// <summary>Rewards and next observations as they are.</summary>
    /// <returns>[rows, 1 + observation], environment units.</returns>
    public static Tensor Outcomes(TransitionLayout layout, Tensor rows) => rows.narrow(1, layout.RewardOffset, 1 + layout.ObservationSize);

    /// <summary>Rewards, and changes of the observation or next observations, before any normalisation.</summary>
    /// <returns>[rows, 1 + observation]</returns>
    public Tensor Targets(Tensor rows) =>
        target == DynamicsTarget.NextObservation
            ? Outcomes(layout, rows)
            : cat([layout.Reward(rows).unsqueeze(1), layout.NextObservation(rows) - layout.Observation(rows)], 1);

    /// <summary>Learns the scale of the targets from the training rows, where they are normalised.</summary>
    public void FitTo(Tensor trainingTargets) => _scale?.FitTo(trainingTargets);

    /// <summary>Targets in the units in which the networks learn them.</summary>
    public Tensor Encode(Tensor targets) => _scale?.Apply(targets) ?? targets;

    /// <summary>Means and standard deviations in the networks' units become those of the reward and the next observation.</summary>
    /// <param name="mean">[..., batch, 1 + observation]</param>
    /// <param name="deviation">[..., batch, 1 + observation]</param>
    /// <param name="observation">[batch, observation]</param>
    public (Tensor Mean, Tensor Deviation) Decode(Tensor mean, Tensor deviation, Tensor observation)
    {
        if (_scale is not null) (mean, deviation) = (_scale.Invert(mean), deviation * _scale.Deviation);
        return (IsDelta ? mean.Plus(nn.functional.pad(observation, [1, 0])) : mean, deviation);
    }

    public void Dispose() => _scale?.Dispose();
}
