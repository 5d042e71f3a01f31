using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>A dynamics model of several members whose disagreement tells how uncertain the model itself is.</summary>
public interface IEnsembleDynamicsModel : IDynamicsModel
{
    /// <summary>The number of members that predict: the elites.</summary>
    int EliteCount { get; }

    /// <summary>What each elite says of each row.</summary>
    /// <param name="observation">The observations, float32 [batch, observation], in the environment's units.</param>
    /// <param name="action">The actions, float32 [batch, action], in the environment's units.</param>
    /// <returns>
    /// Both [elites, batch, 1 + observation], environment units, the reward first and then the next observation; the caller disposes them.
    /// The standard deviation is that of the noise that the member sees in the environment.
    /// </returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action);

    /// <summary>Draws one imagined step a row from what a given elite says of it.</summary>
    /// <param name="observation">The observations, float32 [batch, observation], in the environment's units.</param>
    /// <param name="action">The actions, float32 [batch, action], in the environment's units.</param>
    /// <param name="members">int64 [batch] on the CPU: the number of an elite for each row, below <see cref="EliteCount"/>.</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    /// <returns>The steps, on the observations' device.</returns>
    /// <exception cref="ArgumentException">Another shape or type, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    DynamicsSample SampleMembers(Tensor observation, Tensor action, Tensor members, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(members);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (means, deviations) = PredictMembers(observation, action);
        // [1, batch, 1 + observation], to take one elite's row each.
        var chosen = members.to(means.device).view(1, -1, 1).expand(1, means.size(1), means.size(2));
        var noise = randn(means.size(1), means.size(2), ScalarType.Float32, generator: generator).to(means.device);
        var outcome = means.gather(0, chosen).squeeze(0).Plus(noise.mul(deviations.gather(0, chosen).squeeze(0)));
        return new DynamicsSample(outcome.narrow(1, 1, outcome.size(1) - 1).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope());
    }

    /// <summary>Mean and standard deviation of the mixture of the elites.</summary>
    /// <param name="observation">The observations, float32 [batch, observation], in the environment's units.</param>
    /// <param name="action">The actions, float32 [batch, action], in the environment's units.</param>
    /// <returns>
    /// Both [batch, 1 + observation], environment units, the reward first and then the next observation; the caller disposes them.
    /// The variance is the mean of the members' variances plus the variance of their means (the law of total variance).
    /// </returns>
    /// <exception cref="ArgumentException">Another shape or type than float32, or the numbers of rows differ.</exception>
    /// <exception cref="ObjectDisposedException">The model or a tensor was disposed.</exception>
    (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action);
}
