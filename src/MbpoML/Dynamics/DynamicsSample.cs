using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>What a dynamics model imagines for a batch of observations and actions. Whoever receives it disposes the tensors.</summary>
/// <param name="NextObservation">[batch, observation], environment units</param>
/// <param name="Reward">[batch]</param>
/// <param name="Terminated">Booleans, [batch], where the model itself predicts termination, else null.</param>
public readonly record struct DynamicsSample(Tensor NextObservation, Tensor Reward, Tensor? Terminated = null);
