using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;

namespace MbpoML.Catalog;

/// <summary>The analytic tasks that come with MbpoML. Your own task is any <see cref="IEnvironment"/>.</summary>
public sealed class EnvironmentCatalog
{
    internal EnvironmentCatalog(ComponentContext context) => ArgumentNullException.ThrowIfNull(context);

    /// <summary>Pendulum-v1 of Gymnasium: 3 observations, 1 action, 200 steps.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="PendulumEnvironment.KnownReward"/> instead of the learned
    /// model.</param>
    public PendulumEnvironment Pendulum(bool knownReward = false) => new(knownReward);

    /// <summary>MountainCarContinuous-v0 of Gymnasium: 2 observations, 1 action, at most 999 steps.</summary>
    public MountainCarContinuousEnvironment MountainCarContinuous() => new();

    /// <summary>The continuous cart-pole of mbrl-lib: 4 observations, 1 action, at most 200 steps.</summary>
    public CartPoleContinuousEnvironment CartPoleContinuous() => new();

    /// <summary>The cart-pole swing-up of PILCO: 5 observations, 1 action, 40 steps.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="CartPoleSwingUpEnvironment.KnownReward"/> instead of the
    /// learned model.</param>
    public CartPoleSwingUpEnvironment CartPoleSwingUp(bool knownReward = false) => new(knownReward);

    /// <summary>The point on a line of mbrl-lib's tests: 2 observations, 1 action, 30 steps.</summary>
    /// <param name="knownReward">Whether imagined transitions take their reward from <see cref="LineEnvironment.KnownReward"/> instead of the learned
    /// model.</param>
    public LineEnvironment Line(bool knownReward = false) => new(knownReward);
}
