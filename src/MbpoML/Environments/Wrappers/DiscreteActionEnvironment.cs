using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using static TorchSharp.torch;

namespace MbpoML.Environments.Wrappers;

/// <summary>
/// Lets a policy of continuous actions make choices: it gives one number in [-1, 1] for each choice, and the environment gets the index of the largest one.
/// </summary>
/// <remarks>
/// The environment has one dimension of actions for each decision, whose values are the whole numbers 0 to n - 1. Of equal numbers the first one counts.
/// Termination and reward functions of the environment see what its steps see, the index, while the policy and the dynamics model see the numbers in [-1, 1].
/// </remarks>
public sealed class DiscreteActionEnvironment : EnvironmentWrapper
{
    private readonly int[] _choices;
    private readonly double[] _action;

    /// <summary>Wraps and owns an environment.</summary>
    /// <param name="inner">The environment; each dimension of its action space has bounds that hold 0 to n - 1.</param>
    /// <param name="choices">How many choices each dimension of its actions has, n, at least 2.</param>
    /// <exception cref="ArgumentException">The numbers do not fit the environment's action space.</exception>
    public DiscreteActionEnvironment(IEnvironment inner, IReadOnlyList<int> choices)
        : base(inner)
    {
        inner.RequireSpaces();
        ArgumentNullException.ThrowIfNull(choices);
        _choices = [.. choices];
        _action = new double[_choices.Length];
        RequireFit(inner, _choices);
        ActionSpace = BoxSpace.Uniform(_choices.Sum(), -1, 1);
        if (inner.Termination is { } termination)
            Termination = TerminationFunction.FromTensors((observation, action, next) => termination.Evaluate(observation, ToInner(action), next));
        if (inner.Reward is { } reward) Reward = RewardFunction.OfActions(reward, ToInner);
    }

    /// <summary>How many choices each decision has.</summary>
    public IReadOnlyList<int> Choices => _choices;

    /// <summary>One number in [-1, 1] a choice, those of the first decision first.</summary>
    /// <inheritdoc/>
    public override BoxSpace ActionSpace { get; }

    /// <inheritdoc/>
    public override ITerminationFunction? Termination { get; }

    /// <inheritdoc/>
    public override IRewardFunction? Reward { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The action's length is not that of the action space, or a number is not finite.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        Check.Length(ActionSpace.Size, action.Length, nameof(action));
        foreach (var value in action) Check.Finite(value, nameof(action));
        var rest = action;
        for (var decision = 0; decision < _choices.Length; decision++)
        {
            _action[decision] = IndexOfLargest(rest[.._choices[decision]]);
            rest = rest[_choices[decision]..];
        }

        return Inner.Step(_action, observation);
    }

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        var largest = 0;
        for (var index = 1; index < values.Length; index++)
            if (values[index] > values[largest]) largest = index;
        return largest;
    }

    private static void RequireFit(IEnvironment inner, int[] choices)
    {
        var (space, name) = (inner.ActionSpace, inner.GetType().Name);
        if (space.Size != choices.Length)
            throw new ArgumentException(
                FormattableString.Invariant($"{name} takes {space.Size} numbers as its action, but choices are given for {choices.Length}: give one number ") +
                "of choices for each. " +
                "An environment that chooses among n has the action space BoxSpace.Uniform(1, 0, n - 1).",
                nameof(choices));
        for (var index = 0; index < choices.Length; index++)
        {
            if (choices[index] < 2)
                throw new ArgumentException(
                    FormattableString.Invariant($"Dimension {index} of the action has {choices[index]} choices, but must have at least 2."), nameof(choices));
            if (!(space.Low[index] <= 0 && space.High[index] >= choices[index] - 1))
                throw new ArgumentException(
                    FormattableString.Invariant($"Dimension {index} of {name}'s actions has the bounds [{space.Low[index]}, {space.High[index]}], but the ") +
                    FormattableString.Invariant($"choices that it would get are numbered 0 to {choices[index] - 1}. ") +
                    "Have the environment take the number of a choice, or map it to your units in a wrapper.",
                    nameof(choices));
        }
    }

    // argmax takes the first of equal values, too.
    private Tensor ToInner(Tensor action)
    {
        var (indices, start) = (new Tensor[_choices.Length], 0L);
        for (var decision = 0; decision < _choices.Length; decision++)
        {
            indices[decision] = action.narrow(1, start, _choices[decision]).argmax(1, true);
            start += _choices[decision];
        }

        return cat(indices, 1).to(ScalarType.Float32);
    }
}
