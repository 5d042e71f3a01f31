using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>One imagined step of a batch, with what is known of the task put in place of what the model says.</summary>
/// <param name="NextObservation">[batch, observation]</param>
/// <param name="Reward">[batch]</param>
/// <param name="Terminated">Whether the task is over there, bool [batch].</param>
public readonly record struct ImaginedStep(Tensor NextObservation, Tensor Reward, Tensor Terminated);
