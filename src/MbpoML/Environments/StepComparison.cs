using System.Globalization;
using MbpoML.Environments.Functions;
using static TorchSharp.torch;

namespace MbpoML.Environments;

/// <summary>Asks an environment's termination and reward functions about each step that it makes. Functions of rows are asked without an allocation.</summary>
internal sealed class StepComparison
{
    // As many numbers of a vector as a message shows.
    private const int MostShown = 8;

    private readonly ITerminationFunction? _termination;
    private readonly IRewardFunction? _reward;
    private readonly float[] _observation, _action, _next;
    private bool _isKnown;

    private StepComparison(IEnvironment environment)
    {
        (_termination, _reward) = FunctionAgreement.Comparable(environment.Termination, environment.Reward);
        (_observation, _action, _next) =
            (new float[environment.ObservationSpace.Size], new float[environment.ActionSpace.Size], new float[environment.ObservationSpace.Size]);
    }

    /// <returns>Null where the environment has no such function.</returns>
    public static StepComparison? Of(IEnvironment environment) =>
        FunctionAgreement.Comparable(environment.Termination, environment.Reward) is (null, null) ? null : new StepComparison(environment);

    /// <summary>An episode begins.</summary>
    public void Begin(ReadOnlySpan<double> observation)
    {
        Copy(observation, _observation);
        _isKnown = true;
    }

    /// <summary>The environment was put elsewhere: the next step begins at an observation that nobody has seen.</summary>
    public void Forget() => _isKnown = false;

    /// <summary>Compares a step.</summary>
    /// <param name="action">[action]</param>
    /// <param name="result">What the environment said of it.</param>
    /// <param name="next">[observation]</param>
    /// <returns>What differs; null where nothing does.</returns>
    public string? Compare(ReadOnlySpan<double> action, StepResult result, ReadOnlySpan<double> next)
    {
        Copy(action, _action);
        Copy(next, _next);
        var difference = _isKnown ? CompareTermination(result.Terminated) ?? CompareReward((float)result.Reward) : null;
        _next.CopyTo(_observation, 0);
        _isKnown = true;
        return difference;
    }

    /// <summary>What differs, in words, for one transition.</summary>
    public static string Describe(
        bool isReward, in FunctionDifference difference, ReadOnlySpan<float> observation, ReadOnlySpan<float> action, ReadOnlySpan<float> next) =>
        (isReward
            ? string.Create(CultureInfo.InvariantCulture, $"Step gave the reward {difference.Said:g7}, but Reward gives {difference.Function:g7}")
            : difference.Said > 0 ? "Step said that the task terminated, but Termination says that it goes on"
                : "Step said that the task goes on, but Termination says that it terminated") +
        $" (observation {Show(observation)}, action {Show(action)}, next observation {Show(next)})";

    private string? CompareTermination(bool terminated)
    {
        if (_termination is null || (_termination is IRowFunction<bool> row && row.EvaluateRow(_observation, _action, _next) == terminated)) return null;
        using var scope = NewDisposeScope();
        return FunctionAgreement.OfTermination(_termination, Row(_observation), Row(_action), Row(_next), tensor([terminated ? 1f : 0f])) is { } difference
            ? Describe(isReward: false, difference) : null;
    }

    private string? CompareReward(float reward)
    {
        if (_reward is null || (_reward is IRowFunction<float> row && row.EvaluateRow(_observation, _action, _next) == reward)) return null;
        using var scope = NewDisposeScope();
        return FunctionAgreement.OfReward(_reward, Row(_observation), Row(_action), Row(_next), tensor([reward])) is { } difference
            ? Describe(isReward: true, difference) : null;
    }

    private string Describe(bool isReward, in FunctionDifference difference) => Describe(isReward, difference, _observation, _action, _next);

    private static Tensor Row(float[] values) => tensor(values, 1, values.Length);

    private static void Copy(ReadOnlySpan<double> from, Span<float> to)
    {
        for (var index = 0; index < to.Length; index++) to[index] = (float)from[index];
    }

    private static string Show(ReadOnlySpan<float> values)
    {
        var shown = string.Join(", ",
            values[..Math.Min(values.Length, MostShown)].ToArray().Select(value => value.ToString("g7", CultureInfo.InvariantCulture)));
        return values.Length > MostShown ? string.Create(CultureInfo.InvariantCulture, $"[{shown}, ... {values.Length} in all]") : $"[{shown}]";
    }
}
