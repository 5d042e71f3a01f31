using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>One imagined step of a batch, forwards and backwards. One object serves one thread.</summary>
/// <remarks>What is drawn at random is fixed in a step, so that its outcome is a smooth function of observation and action.</remarks>
public interface IDifferentiableStep : IDisposable
{
    /// <summary>Rewards and next observations, environment units, until the next step: [batch, 1 + observation]; lent.</summary>
    Tensor Outcome { get; }

    /// <summary>
    /// Whether the task is over there, where the model itself predicts termination: bool [batch], until the next step; lent. Default null: it does not.
    /// </summary>
    Tensor? Terminated => null;

    /// <summary>The derivative of the loss by the observations, until the next backward pass: [batch, observation]; lent.</summary>
    Tensor ObservationGradient { get; }

    /// <summary>The derivative of the loss by the actions, until the next backward pass: [batch, action]; lent.</summary>
    Tensor ActionGradient { get; }

    /// <summary>Sets <see cref="Outcome"/> to what <see cref="IDynamicsModel.Sample"/> gives for the same generator.</summary>
    /// <param name="observation">The observations, [batch, observation], in the environment's units, on the model's device.</param>
    /// <param name="action">The actions, [batch, action], in the environment's units, on the model's device.</param>
    /// <param name="generator">The generator of all random numbers of the step.</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="ObjectDisposedException">The model, a tensor or the generator was disposed.</exception>
    void Forward(Tensor observation, Tensor action, Generator generator);

    /// <summary>Sets <see cref="ObservationGradient"/> and <see cref="ActionGradient"/>; once for each <see cref="Forward"/>.</summary>
    /// <param name="outcomeGradient">The derivative of the loss by <see cref="Outcome"/>: [batch, 1 + observation], on the model's device</param>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    /// <exception cref="InvalidOperationException">There was no step since the last backward pass.</exception>
    void Backward(Tensor outcomeGradient);
}
