using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Environments.Wrappers;

/// <summary>Takes every action in [-1, 1] and passes on low + (a + 1)(high - low)/2, with a clipped to [-1, 1] first.</summary>
/// <remarks>
/// The policy learners scale actions by themselves. This wrapper is for code that expects [-1, 1] everywhere; termination and reward functions follow its
/// units.
/// </remarks>
public sealed class RescaledActionEnvironment : EnvironmentWrapper
{
    private readonly double[] _low;
    private readonly double[] _range;
    private readonly double[] _action;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment to wrap, whose actions have finite bounds; the wrapper disposes it.</param>
    /// <exception cref="ArgumentException">A bound of the environment's action space is infinite, or two bounds are too far apart for a double.</exception>
    public RescaledActionEnvironment(IEnvironment inner)
        : base(inner)
    {
        inner.RequireSpaces();
        var space = inner.ActionSpace;
        if (!space.IsBounded)
            throw new ArgumentException(
                $"{inner.GetType().Name} has an action space with an infinite bound, which cannot be scaled to [-1, 1]. Give its ActionSpace finite bounds.",
                nameof(inner));
        _low = [.. space.Low];
        _range = [.. space.High.Zip(space.Low, (high, low) => high - low)];
        if (Array.FindIndex(_range, range => !double.IsFinite(range)) is >= 0 and var tooWide)
            throw new ArgumentException(
                Invariant($"Dimension {tooWide} of {inner.GetType().Name}.ActionSpace has the bounds {space.Describe(tooWide)}, whose difference is no ") +
                    "double. Give the action narrower bounds.",
                nameof(inner));
        _action = new double[space.Size];
        ActionSpace = BoxSpace.Uniform(space.Size, -1, 1);
        if (space.Names is { } names) ActionSpace = ActionSpace.Named(names);
        if (inner.Termination is { } termination)
        {
            var rescaled = TerminationFunction.FromTensors((observation, action, next) => termination.Evaluate(observation, ToInner(action), next));
            Termination = termination is IApproximateFunction ? TerminationFunction.Approximate(rescaled) : rescaled;
        }

        if (inner.Reward is { } reward)
        {
            var rescaled = RewardFunction.OfActions(reward, ToInner);
            Reward = reward is IApproximateFunction ? RewardFunction.Approximate(rescaled) : rescaled;
        }
    }

    /// <inheritdoc/>
    public override BoxSpace ActionSpace { get; }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination { get; }

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The action's length is not that of the action space.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Check.Length(_action.Length, action.Length, nameof(action));
        for (var index = 0; index < _action.Length; index++) _action[index] = _low[index] + ((Math.Clamp(action[index], -1, 1) + 1) * 0.5 * _range[index]);
        return Inner.Step(_action, observation);
    }

    private Tensor ToInner(Tensor action)
    {
        var low = tensor(_low, ScalarType.Float32, action.device);
        var range = tensor(_range, ScalarType.Float32, action.device);
        return low.Plus(action.Clamped(-1, 1).Plus(1).Times(0.5) * range);
    }
}
