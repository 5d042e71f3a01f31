using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>Imagines one step a row with the model as it is now.</summary>
/// <param name="observation">[batch, observation], environment units</param>
/// <param name="action">[batch, action], environment units</param>
/// <param name="generator">All randomness of the step.</param>
/// <exception cref="InvalidOperationException">There is no model yet.</exception>
/// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
internal delegate ImaginedStep ImaginedStepFunction(Tensor observation, Tensor action, Generator generator);
