using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Tests.Environments;
using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Transitions, episodes and recordings that cannot be learned from.</summary>
internal static class TransitionCases
{
    private const string Transitions = "DataCatalog.FromTransitions(IEnumerable<Transition>, TransitionColumns)";
    private const string Episodes = "DataCatalog.FromEpisodes(IEnumerable<Episode>, TransitionColumns)";
    private const string Objects = "DataCatalog.LoadFromEnumerable(IEnumerable<TRow>, int, int, TransitionColumns)";
    private const string Recording = "DataCatalog.Record(IEnvironment, int, BehaviorPolicy, int?, TransitionColumns)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Transitions, "null", () => Samples.Rl.Data.FromTransitions(null!), "transitions"),
        Bad<ArgumentException>(Transitions, "none", () => Samples.Rl.Data.FromTransitions([]), "no transition"),
        Bad<ArgumentException>(Transitions, "one that is null", () => Samples.Rl.Data.FromTransitions([Good(), null!]), "Transition 1 is null"),
        Bad<ArgumentException>(Transitions, "a name used twice", () => Samples.Rl.Data.FromTransitions([Good()], new() { Action = "Reward" }), "'Reward'"),
        Odd("Observation", "null", WithObservation(null), "Transition 1 has no Observation"),
        Odd("Observation", "of another size", WithObservation([1]), "1 values as Observation", "tells 2"),
        Odd("Observation", "NaN", WithObservation([1, float.NaN]), "NaN as Observation[1]"),
        Odd("Action", "null", Good(action: null), "no Action"),
        Odd("Action", "empty", Good(action: []), "no Action"),
        Odd("Action", "infinite", Good(action: [float.PositiveInfinity]), "Infinity as Action[0]"),
        Odd("Reward", "NaN", Good(reward: float.NaN), "the reward NaN"),
        Odd("NextObservation", "null", WithNext(null), "no NextObservation"),
        Odd("NextObservation", "of another size", WithNext([1, 2, 3]), "3 values as NextObservation"),
        Bad<ArgumentNullException>(Episodes, "null", () => Samples.Rl.Data.FromEpisodes(null!), "episodes"),
        Bad<ArgumentException>(Episodes, "none", () => Samples.Rl.Data.FromEpisodes([]), "no transition"),
        Bad<ArgumentException>(Episodes, "one that is null", () => Samples.Rl.Data.FromEpisodes([null!]), "Episode 0 is null"),
        OddEpisode("Observations", "null", null, [[1]], [1], "Episode 0 has no Observations"),
        OddEpisode("Observations", "one too few", [[1, 2]], [[1]], [1], "1 observations", "1 actions"),
        OddEpisode("Actions", "null", [[1, 2], [1, 2]], null, [1], "no Actions"),
        OddEpisode("Actions", "none", [[1, 2]], [], [], "0 actions"),
        OddEpisode("Actions", "one that is null", [[1, 2], [1, 2]], [null!], [1], "no Action"),
        OddEpisode("Rewards", "null", [[1, 2], [1, 2]], [[1]], null, "no Rewards"),
        OddEpisode("Rewards", "NaN", [[1, 2], [1, 2]], [[1]], [float.NaN], "reward NaN"),
        Bad<ArgumentNullException>(Objects, "null", () => Samples.Rl.Data.LoadFromEnumerable<Row>(null!, 2, 1), "rows"),
        Bad<ArgumentOutOfRangeException>(
            Objects, "no observation size", () => Samples.Rl.Data.LoadFromEnumerable<Row>([], 0, 1), "observationSize", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            Objects, "no action size", () => Samples.Rl.Data.LoadFromEnumerable<Row>([], 2, 0), "actionSize", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Objects, "a class without a column", () => Samples.Rl.Data.LoadFromEnumerable<object>([], 2, 1), "'Observation'"),
        Bad<ArgumentException>(Objects, "an array of another length",
            () => Samples.Rl.Data.Read(Samples.Rl.Data.LoadFromEnumerable([new Row { Observation = [1] }], 2, 1)), "'Observation'", "1 values"),
        Bad<ArgumentException>(Objects, "an array that is null",
            () => Samples.Rl.Data.Read(Samples.Rl.Data.LoadFromEnumerable([new Row { Observation = null! }], 2, 1)), "'Observation'", "0 values"),
        Bad<ArgumentNullException>(Recording, "null", () => Samples.Rl.Data.Record(null!, 1), "environment"),
        Bad<ArgumentException>(Recording, "no spaces", () => Samples.Rl.Data.Record(new ScriptedEnvironment { ObservationSpace = null! }, 1),
            "ObservationSpace is null"),
        Bad<ArgumentOutOfRangeException>(Recording, "no steps", () => Samples.Rl.Data.Record(Samples.Environment(), 0), "steps", "Actual value was 0"),
        Bad<InvalidOperationException>(Recording, "random actions without bounds",
            () => Samples.Rl.Data.Record(new ScriptedEnvironment { ActionSpace = BoxSpace.Unbounded(1) }, 1), "finite bounds"),
        Bad<ArgumentException>(Recording, "a policy that gives NaN",
            () => Samples.Rl.Data.Record(Samples.Environment(), 3, (_, action) => action[0] = double.NaN), "NaN as Action[0]"),
        Bad<ArgumentException>(Recording, "an environment that gives NaN",
            () => Samples.Rl.Data.Record(new ScriptedEnvironment { SecondObservation = _ => double.NaN }, 3), "NaN as Observation[1]"),
    ];

    private static Transition Good(float[]? action, float reward = 1) =>
        new() { Observation = [1, 2], Action = action!, Reward = reward, NextObservation = [1, 2] };

    private static Transition Good(float reward = 1) => Good([1], reward);

    private static Transition WithObservation(float[]? observation) => new() { Observation = observation!, Action = [1], Reward = 1, NextObservation = [1, 2] };

    private static Transition WithNext(float[]? next) => new() { Observation = [1, 2], Action = [1], Reward = 1, NextObservation = next! };

    private static BadCase Odd(string property, string what, Transition odd, params string[] message) =>
        Bad<ArgumentException>($"Transition.{property}", what, () => Samples.Rl.Data.FromTransitions([Good(), odd]), message);

    private static BadCase OddEpisode(string property, string what, float[][]? observations, float[][]? actions, float[]? rewards, params string[] message) =>
        Bad<ArgumentException>($"Episode.{property}", what,
            () => Samples.Rl.Data.FromEpisodes([new Episode { Observations = observations!, Actions = actions!, Rewards = rewards! }]), message);

    public sealed class Row
    {
        public float[] Observation { get; set; } = [1, 2];

        public float[] Action { get; set; } = [1];

        public float Reward { get; set; }

        public float[] NextObservation { get; set; } = [1, 2];

        public bool Terminated { get; set; }
    }
}
