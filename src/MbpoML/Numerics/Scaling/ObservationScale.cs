using static TorchSharp.torch;

namespace MbpoML.Numerics.Scaling;

/// <summary>The scale that networks see observations in: (observation - mean) / deviation.</summary>
/// <param name="Mean">The means, [1, observation or more]; only lent.</param>
/// <param name="Deviation">The standard deviations, [1, observation or more], only lent; exactly 1 where an observation was constant.</param>
public readonly record struct ObservationScale(Tensor Mean, Tensor Deviation);
