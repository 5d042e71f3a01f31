using static TorchSharp.torch;

namespace MbpoML.Dynamics;

/// <summary>A dynamics model of several members whose disagreement tells how uncertain the model itself is.</summary>
public interface IEnsembleDynamicsModel : IDynamicsModel
{
    /// <summary>The number of members that predict: the elites.</summary>
    int EliteCount { get; }

    /// <summary>What each elite says of each row.</summary>
    /// <param name="observation">[batch, observation], environment units</param>
    /// <param name="action">[batch, action], environment units</param>
    /// <returns>
    /// Both [elites, batch, 1 + observation], environment units, the reward first and then the next observation; the caller disposes them.
    /// The standard deviation is that of the noise that the member sees in the environment.
    /// </returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action);

    /// <summary>Mean and standard deviation of the mixture of the elites.</summary>
    /// <param name="observation">[batch, observation], environment units</param>
    /// <param name="action">[batch, action], environment units</param>
    /// <returns>
    /// Both [batch, 1 + observation], environment units, the reward first and then the next observation; the caller disposes them.
    /// The variance is the mean of the members' variances plus the variance of their means (the law of total variance).
    /// </returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action);
}
