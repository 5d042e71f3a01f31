using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation;
using MbpoML.Numerics.Random;
using MbpoML.Tests.Environments;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Spaces, environments and their wrappers given what does not fit.</summary>
internal static class EnvironmentCases
{
    private const string Box = "BoxSpace(IReadOnlyList<double>, IReadOnlyList<double>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>("BoxSpace.Named(IReadOnlyList<string>)", "null", () => BoxSpace.Unbounded(1).Named(null!), "names"),
        Bad<ArgumentException>("BoxSpace.Named(IReadOnlyList<string>)", "too few", () => BoxSpace.Unbounded(2).Named("height"), "1 names", "2 dimensions"),
        Bad<ArgumentException>("BoxSpace.Named(IReadOnlyList<string>)", "a blank one", () => BoxSpace.Unbounded(2).Named("height", " "), "blank"),
        Bad<ArgumentException>("BoxSpace.Named(IReadOnlyList<string>)", "one twice", () => BoxSpace.Unbounded(2).Named("height", "height"), "'height'"),
        Bad<ArgumentNullException>(Box, "no low", () => _ = new BoxSpace(null!, [1]), "low"),
        Bad<ArgumentNullException>(Box, "no high", () => _ = new BoxSpace([1], null!), "high"),
        Bad<ArgumentException>(Box, "empty", () => _ = new BoxSpace([], []), "0 lower"),
        Bad<ArgumentException>(Box, "unequal", () => _ = new BoxSpace([1, 2], [3]), "2 lower", "1 upper"),
        Bad<ArgumentException>(Box, "crossed", () => _ = new BoxSpace([0, 2], [1, -3]), "Dimension 1", "[2, -3]"),
        Bad<ArgumentException>(Box, "NaN", () => _ = new BoxSpace([double.NaN], [1]), "Dimension 0", "NaN"),
        Bad<ArgumentOutOfRangeException>("BoxSpace.Uniform(int, double, double)", "no size", () => BoxSpace.Uniform(0, 0, 1), "size", "Actual value was 0"),
        Bad<ArgumentException>("BoxSpace.Uniform(int, double, double)", "crossed", () => BoxSpace.Uniform(1, 2, 1), "[2, 1]"),
        Bad<ArgumentException>(Box, "the same infinity twice", () => _ = new BoxSpace([0, double.PositiveInfinity], [1, double.PositiveInfinity]),
            "Dimension 1", "same infinity"),
        Bad<ArgumentException>("CheckedEnvironment(IEnvironment)", "an action that never changes", () => _ = new CheckedEnvironment(
            new ScriptedEnvironment { ActionSpace = new BoxSpace([0, 0.5], [1, 0.5]) }), "Dimension 1", "[0.5, 0.5]", "Leave that action out"),
        Bad<ArgumentException>("RescaledActionEnvironment(IEnvironment)", "bounds too far apart",
            () => _ = new RescaledActionEnvironment(new ScriptedEnvironment { ActionSpace = BoxSpace.Uniform(1, -1e308, 1e308) }), "Dimension 0", "narrower"),
        Bad<ArgumentOutOfRangeException>("BoxSpace.Unbounded(int)", "no size", () => BoxSpace.Unbounded(-1), "size", "Actual value was -1"),
        Bad<ArgumentNullException>("BoxSpace.Sample(RandomSource, Span<double>)", "no stream", () => Samples.Actions.Sample(null!, new double[1]), "random"),
        Bad<ArgumentException>("BoxSpace.Sample(RandomSource, Span<double>)", "a short span", () => Samples.Actions.Sample(new RandomSource(1), []),
            "0 elements", "1 dimensions"),
        Bad<InvalidOperationException>("BoxSpace.Sample(RandomSource, Span<double>)", "no bounds",
            () => BoxSpace.Unbounded(1).Sample(new RandomSource(1), new double[1]), "finite bounds"),
        Bad<ArgumentOutOfRangeException>(
            "RandomSource.NextUniform(double, double)", "crossed", () => new RandomSource(1).NextUniform(2, 1), "high", "Actual value was 1"),
        Bad<ArgumentOutOfRangeException>("RandomSource.NextUniform(double, double)", "NaN", () => new RandomSource(1).NextUniform(double.NaN, 1), "high"),
        Bad<ArgumentOutOfRangeException>(
            "RandomSource.NextUniform(double, double)", "too far apart", () => new RandomSource(1).NextUniform(-1e308, 1e308), "high"),
        Bad<ArgumentOutOfRangeException>("RandomSource.NextInt32(int)", "none", () => new RandomSource(1).NextInt32(0), "exclusiveMax", "Actual value was 0"),
        Bad<ArgumentNullException>("RandomSource.State", "null", () => new RandomSource(1).State = null!, "State"),
        Bad<ArgumentException>("RandomSource.State", "three words", () => new RandomSource(1).State = [1, 2, 3], "[1, 2, 3]"),
        Bad<ArgumentException>("RandomSource.State", "zeros", () => new RandomSource(1).State = [0, 0, 0, 0], "[0, 0, 0, 0]"),
        Bad<ArgumentNullException>("Seeds.Derive(int, string, long)", "no name", () => Seeds.Derive(1, null!), "name"),
        Bad<ArgumentException>("Seeds.Derive(int, string, long)", "an empty name", () => Seeds.Derive(1, ""), "name"),
        Bad<ArgumentNullException>("EpisodeResult(IReadOnlyList<double>, bool)", "no rewards", () => _ = new EpisodeResult(null!, false), "Rewards"),
        Bad<ArgumentNullException>("MbpoPresets.For(IEnvironment)", "null", () => MbpoML.Algorithms.Mbpo.Presets.MbpoPresets.For(null!), "environment"),
        .. Calls("AnalyticEnvironment", () => new PendulumEnvironment(), 3, 3),
        Bad<ArgumentOutOfRangeException>("AnalyticEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "an action that is NaN",
            () => Reset(new PendulumEnvironment(), 3).Step([double.NaN], new double[3]), "action", "NaN"),
        Bad<ArgumentOutOfRangeException>(
            "AnalyticEnvironment.SetState(ReadOnlySpan<double>)", "NaN", () => new PendulumEnvironment().SetState([0, double.NaN, 1]), "state", "NaN"),
        Bad<ArgumentOutOfRangeException>("AnalyticEnvironment.SetState(ReadOnlySpan<double>)", "a negative count of steps",
            () => new PendulumEnvironment().SetState([0, 0, -1]), "state", "-1"),
        .. Calls("CheckedEnvironment", () => new CheckedEnvironment(new PendulumEnvironment()), 3, 6),
        Bad<InvalidOperationException>("CheckedEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "no reset before",
            () => new CheckedEnvironment(new PendulumEnvironment()).Step([0], new double[3]), "call Reset"),
        Bad<ArgumentException>("CheckedEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "an action that is infinite",
            () => Reset(new CheckedEnvironment(new PendulumEnvironment()), 3).Step([double.PositiveInfinity], new double[3]), "action", "Infinity"),
        Bad<ArgumentException>("CheckedEnvironment.SetState(ReadOnlySpan<double>)", "no phase",
            () => new CheckedEnvironment(new PendulumEnvironment()).SetState([0, 0, 0, 1, 1, 7]), "last value is 7"),
        .. Calls("TimeLimitEnvironment", () => new TimeLimitEnvironment(new PendulumEnvironment(), 5), 3, 4),
        Bad<ArgumentOutOfRangeException>("TimeLimitEnvironment.SetState(ReadOnlySpan<double>)", "half a step",
            () => new TimeLimitEnvironment(new PendulumEnvironment(), 5).SetState([0, 0, 0, 0.5]), "state", "0.5"),
        .. Calls("WatchedEnvironment", () => new WatchedEnvironment(new PendulumEnvironment(), TimeSpan.FromSeconds(20)), 3, 3),
        .. Calls("EnvironmentWrapper", () => new Plain(new PendulumEnvironment()), 3, 3),
        .. Wraps("CheckedEnvironment(IEnvironment)", "inner", inner => new CheckedEnvironment(inner)),
        .. Wraps("RescaledActionEnvironment(IEnvironment)", "inner", inner => new RescaledActionEnvironment(inner)),
        .. Wraps("DiscreteActionEnvironment(IEnvironment, IReadOnlyList<int>)", "inner", inner => new DiscreteActionEnvironment(inner, [2])),
        .. Wraps("WatchedEnvironment(IEnvironment, TimeSpan)", "inner", inner => new WatchedEnvironment(inner, TimeSpan.FromSeconds(1))),
        .. Wraps("EnvironmentExtensions.WithChecks(IEnvironment)", "environment", inner => inner.WithChecks(), ofSpaces: false),
        .. Wraps("EnvironmentExtensions.WithRescaledActions(IEnvironment)", "environment", inner => inner.WithRescaledActions(), ofSpaces: false),
        .. Wraps("EnvironmentExtensions.WithDiscreteActions(IEnvironment, int[])", "environment", inner => inner.WithDiscreteActions(2), ofSpaces: false),
        .. Wraps("EnvironmentExtensions.WithTimeLimit(IEnvironment, int)", "environment", inner => inner.WithTimeLimit(1), ofSpaces: false),
        .. Wraps("EnvironmentExtensions.WithStepTimeout(IEnvironment, TimeSpan)", "environment", inner => inner.WithStepTimeout(TimeSpan.FromSeconds(1)),
            ofSpaces: false),
        .. Wraps("EnvironmentExtensions.AsStateful(IEnvironment)", "environment", inner => inner.AsStateful(), ofSpaces: false),
        .. Wraps("EnvironmentWrapper(IEnvironment)", "inner", inner => new Plain(inner), ofSpaces: false),
        .. Wraps("TimeLimitEnvironment(IEnvironment, int)", "inner", inner => new TimeLimitEnvironment(inner, 1), ofSpaces: false),
        Bad<ArgumentOutOfRangeException>("TimeLimitEnvironment(IEnvironment, int)", "no steps",
            () => _ = new TimeLimitEnvironment(new PendulumEnvironment(), 0), "maxSteps", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>("EnvironmentExtensions.WithTimeLimit(IEnvironment, int)", "no steps",
            () => new PendulumEnvironment().WithTimeLimit(-1), "maxSteps", "Actual value was -1"),
        Bad<ArgumentException>("RescaledActionEnvironment(IEnvironment)", "no bounds",
            () => _ = new RescaledActionEnvironment(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }), "inner", "infinite bound"),
        Bad<ArgumentException>("RescaledActionEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "two actions",
            () => new PendulumEnvironment().WithRescaledActions().Step([1, 2], new double[3]), "action has 2 elements"),
        Bad<ArgumentNullException>("DiscreteActionEnvironment(IEnvironment, IReadOnlyList<int>)", "no choices",
            () => _ = new DiscreteActionEnvironment(Samples.Environment(), null!), "choices"),
        Bad<ArgumentException>("DiscreteActionEnvironment(IEnvironment, IReadOnlyList<int>)", "none for the action",
            () => _ = new DiscreteActionEnvironment(new ScriptedEnvironment(), []), "choices", "takes 1 numbers", "given for 0"),
        Bad<ArgumentException>("DiscreteActionEnvironment(IEnvironment, IReadOnlyList<int>)", "one choice",
            () => _ = new DiscreteActionEnvironment(new ScriptedEnvironment(), [1]), "choices", "has 1 choices"),
        Bad<ArgumentException>("DiscreteActionEnvironment(IEnvironment, IReadOnlyList<int>)", "bounds that lack 0", () =>
            _ = new DiscreteActionEnvironment(new ScriptedEnvironment { ActionSpace = new BoxSpace([1], [3]) }, [3]), "choices", "[1, 3]", "numbered 0 to 2"),
        Bad<ArgumentNullException>(
            "EnvironmentExtensions.WithDiscreteActions(IEnvironment, int[])", "no choices", () => Samples.Environment().WithDiscreteActions(null!), "choices"),
        Bad<ArgumentException>("EnvironmentExtensions.WithDiscreteActions(IEnvironment, int[])", "more than the bounds hold",
            () => new ScriptedEnvironment().WithDiscreteActions(8), "choices", "[-2, 6]", "numbered 0 to 7"),
        Bad<ArgumentException>("DiscreteActionEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "one number for two choices",
            () => new ScriptedEnvironment().WithDiscreteActions(2).Step([1], new double[2]), "action has 1 elements", "2 are expected"),
        Bad<ArgumentOutOfRangeException>("DiscreteActionEnvironment.Step(ReadOnlySpan<double>, Span<double>)", "NaN",
            () => new ScriptedEnvironment().WithDiscreteActions(2).Step([1, double.NaN], new double[2]), "action", "NaN"),
        .. new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.MaxValue }.Select(timeout =>
            Bad<ArgumentOutOfRangeException>(
                "WatchedEnvironment(IEnvironment, TimeSpan)", $"{timeout}", () => _ = new WatchedEnvironment(new PendulumEnvironment(), timeout), "timeout",
                FormattableString.Invariant($"Actual value was {timeout.TotalMilliseconds}"))),
        Bad<NotSupportedException>("EnvironmentWrapper.GetState(Span<double>)", "an environment without a state",
            () => new Plain(Samples.Environment()).GetState([]), "ScriptedEnvironment", "IStatefulEnvironment"),
        Bad<NotSupportedException>("EnvironmentWrapper.SetState(ReadOnlySpan<double>)", "an environment without a state",
            () => new Plain(Samples.Environment()).SetState([]), "ScriptedEnvironment"),
    ];

    private static T Reset<T>(T environment, int observations)
        where T : IEnvironment
    {
        environment.Reset(1, new double[observations]);
        return environment;
    }

    private static IEnumerable<BadCase> Calls(string type, Func<IStatefulEnvironment> make, int observations, int states) =>
    [
        Bad<ArgumentException>($"{type}.Reset(int, Span<double>)", "a short buffer",
            () => With(make, environment => environment.Reset(1, new double[observations - 1])), "observation has 2 elements", "3 are expected"),
        Bad<ArgumentException>($"{type}.Reset(int, Span<double>)", "a long buffer",
            () => With(make, environment => environment.Reset(1, new double[observations + 1])), "observation has 4 elements", "3 are expected"),
        Bad<ArgumentException>($"{type}.Step(ReadOnlySpan<double>, Span<double>)", "no action",
            () => With(make, environment => Reset(environment, observations).Step([], new double[observations])), "action has 0 elements"),
        Bad<ArgumentException>($"{type}.Step(ReadOnlySpan<double>, Span<double>)", "a short buffer",
            () => With(make, environment => Reset(environment, observations).Step([0], [])), "observation has 0 elements"),
        Bad<ArgumentException>($"{type}.GetState(Span<double>)", "a short buffer",
            () => With(make, environment => environment.GetState(new double[states - 1])), $"state has {states - 1} elements"),
        Bad<ArgumentException>($"{type}.SetState(ReadOnlySpan<double>)", "too long",
            () => With(make, environment => environment.SetState(new double[states + 1])), $"state has {states + 1} elements"),
    ];

    private static void With(Func<IStatefulEnvironment> make, Action<IStatefulEnvironment> use)
    {
        using var environment = make();
        use(environment);
    }

    private static IEnumerable<BadCase> Wraps(string member, string argument, Func<IEnvironment, object?> wrap, bool ofSpaces = true)
    {
        yield return Bad<ArgumentNullException>(member, "null", () => wrap(null!), argument);
        if (!ofSpaces) yield break;
        yield return Bad<ArgumentException>(
            member, "no observation space", () => wrap(new ScriptedEnvironment { ObservationSpace = null! }), argument, "ObservationSpace is null");
        yield return Bad<ArgumentException>(
            member, "no action space", () => wrap(new ScriptedEnvironment { ActionSpace = null! }), argument, "ActionSpace is null");
    }

    private sealed class Plain(IEnvironment inner) : EnvironmentWrapper(inner);
}
