using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>One imagined step of a batch, with what is known of the task put in place of what the model says.</summary>
/// <param name="NextObservation">The imagined observations, [batch, observation].</param>
/// <param name="Reward">The imagined rewards, [batch].</param>
/// <param name="Terminated">Whether the task is over there: booleans, [batch].</param>
public readonly record struct ImaginedStep(Tensor NextObservation, Tensor Reward, Tensor Terminated);
