using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Policies.Files;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Tests.Policies;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Policies and policy learners asked about what they were not made for.</summary>
internal static class PolicyCases
{
    private const string NetworkOf = "ActorParameters(int, BoxSpace, IReadOnlyList<float[]>, IReadOnlyList<float[]>, ValueTuple<float, float>)";
    private const string NoNoise = "ActorParameters.Deterministic(int, BoxSpace, IReadOnlyList<float[]>, IReadOnlyList<float[]>)";
    private const string OfNetwork = "PolicyCatalog.FromNetwork(ActorParameters, PolicyTransformer.Options)";
    private const string OfPolicy = "PolicyCatalog.FromPolicy(IPolicy, PolicyTransformer.Options)";
    private const string Span = "PolicyTransformer.Act(ReadOnlySpan<float>, Span<float>)";
    private const string Numbers = "PolicyCatalog.SoftActorCritic(BoxSpace, int, double?)";
    private const string Options = "PolicyCatalog.SoftActorCritic(SoftActorCriticTrainer.Options, TransitionColumns)";
    private const string LoadPath = "PolicyCatalog.Load(string, int)";
    private const string LoadBytes = "PolicyCatalog.Load(Stream, int)";
    private const string Create = "SoftActorCriticTrainer.CreateLearner(TransitionLayout, BoxSpace, int, string)";
    private const string CreateGradient = "ValueGradientTrainer.CreateLearner(TransitionLayout, BoxSpace, int, string)";
    private const string Gradient = "PolicyCatalog.ValueGradient(ValueGradientTrainer.Options, TransitionColumns)";
    private const string Update = "IMinibatchLearner.Update(Tensor)";
    private const string Evaluate = "ReinforcementCatalog.Evaluate(IPolicy, IEnvironment, int, int, int, bool)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentException>(Span, "a short observation", () => Samples.Policy.Act(new float[2], new float[2]), "observation has 2 elements", "3"),
        Bad<ArgumentException>(Span, "a long action", () => Samples.Policy.Act(new float[3], new float[4]), "action has 4 elements", "2"),
        Bad<ArgumentException>(Span, "NaN", () => Samples.Policy.Act([0, float.NaN, 0], new float[2]), "observation[1] is NaN"),
        Bad<ArgumentNullException>("PolicyTransformer.Act(float[])", "null", () => Samples.Policy.Act((float[])null!), "observation"),
        Bad<ArgumentException>("PolicyTransformer.Act(float[])", "infinity", () => Samples.Policy.Act([0, 0, float.NegativeInfinity]),
            "observation[2] is -Infinity"),
        .. Observations("PolicyTransformer.Act(Tensor)", 3, observation => Samples.Policy.Act(observation)),
        .. Observations("PolicyTransformer.Sample(Tensor, Generator)", 3, observation => Samples.Policy.Sample(observation, Samples.Generator)),
        Bad<ArgumentException>("PolicyTransformer.Act(Tensor)", "NaN", () => Samples.Policy.Act(full(2, 3, float.NaN)), "observation[0, 0] is NaN"),
        .. Generators("PolicyTransformer.Sample(Tensor, Generator)", generator => Samples.Policy.Sample(zeros(1, 3), generator)),
        .. Paths("PolicyTransformer.ExportToOnnx(string)", path => Samples.Policy.ExportToOnnx(path)),
        Bad<DirectoryNotFoundException>(
            "PolicyTransformer.ExportToOnnx(string)", "no such folder", () => Samples.Policy.ExportToOnnx("missing-folder/policy.onnx"), "missing-folder"),
        .. Paths(LoadPath, path => Samples.Rl.Policies.Load(path)),
        .. Loads(LoadPath, LoadFile),
        Bad<PolicyFileException>(LoadPath, "no such file", () => Samples.Rl.Policies.Load("missing.zip"), "missing.zip"),
        Bad<PolicyFileException>(LoadPath, "a folder", () => Samples.Rl.Policies.Load("."), "'.'"),
        Bad<ArgumentNullException>(LoadBytes, "no stream", () => LoadStream(null!), "stream"),
        Bad<ArgumentException>(LoadBytes, "a stream that is closed", () => LoadStream(Samples.DisposedTwice(new MemoryStream([1]))), "stream",
            "cannot be read"),
        .. Loads(LoadBytes, (bytes, maxBytes) => LoadStream(new MemoryStream(bytes), maxBytes)),
        Bad<ArgumentException>(Numbers, "no bounds", () => Samples.Rl.Policies.SoftActorCritic(BoxSpace.Unbounded(1)), "ActionSpace"),
        Bad<ArgumentException>(Numbers, "bounds beyond float32", () => Learner(BoxSpace.Uniform(1, -1e300, 1e300)), "Dimension 0", "1E+300"),
        Bad<ArgumentException>(Numbers, "bounds that float32 cannot tell apart", () => Learner(BoxSpace.Uniform(1, 1, 1 + 1e-12)), "Dimension 0", "too near"),
        Bad<ArgumentOutOfRangeException>(Numbers, "no updates", () => Samples.Rl.Policies.SoftActorCritic(updates: 0), "Updates", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(
            Numbers, "an entropy that is NaN", () => Samples.Rl.Policies.SoftActorCritic(targetEntropy: double.NaN), "TargetEntropy", "NaN"),
        Bad<ArgumentNullException>(Options, "null", () => Samples.Rl.Policies.SoftActorCritic((SoftActorCriticTrainer.Options)null!), "options"),
        Bad<ArgumentException>(Options, "a name used twice",
            () => Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic(), new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentOutOfRangeException>(
            Options, "a network too large to be", () => Samples.Rl.Policies.SoftActorCritic(new() { HiddenSizes = [int.MaxValue, 4] })
                .CreateLearner(Samples.Layout, Samples.Actions, 1), "HiddenSizes", "[2147483647, 4]"),
        Bad<ArgumentOutOfRangeException>(
            Options, "a network larger than any number", () => Samples.Rl.Policies.SoftActorCritic(
                new() { HiddenSizes = [int.MaxValue, int.MaxValue, int.MaxValue] }).CreateLearner(Samples.Layout, Samples.Actions, 1), "HiddenSizes"),
        Bad<ArgumentNullException>(NetworkOf, "no actions", () => new ActorParameters(2, null!, [[1, 1]], [[0, 0]], (-20, 2)).Served(), "ActionSpace"),
        Bad<ArgumentNullException>(NetworkOf, "no weights", () => new ActorParameters(2, Samples.Actions, null!, [[0, 0]], (-20, 2)).Served(), "Weights"),
        Bad<ArgumentNullException>(NetworkOf, "no biases", () => new ActorParameters(2, Samples.Actions, [[1, 1, 1, 1]], null!, (-20, 2)).Served(), "Biases"),
        Bad<ArgumentNullException>(NoNoise, "no actions", () => ActorParameters.Deterministic(2, null!, [[1, 1]], [[0]]), "actionSpace"),
        Bad<ArgumentNullException>(NoNoise, "no weights", () => ActorParameters.Deterministic(2, Samples.Actions, null!, [[0]]), "weights"),
        Bad<ArgumentNullException>(NoNoise, "no biases", () => ActorParameters.Deterministic(2, Samples.Actions, [[1, 1]], null!), "biases"),
        Bad<ArgumentException>(NoNoise, "no layer", () => ActorParameters.Deterministic(2, Samples.Actions, [], []), "at least one layer"),
        Bad<ArgumentNullException>(OfNetwork, "null", () => Samples.Rl.Policies.FromNetwork(null!), "actor"),
        Bad<ArgumentException>(OfNetwork, "layers that do not fit", () => ActorParameters.Deterministic(3, Samples.Actions, [[1, 1]], [[0]]).Served(),
            "Layer 0", "weights"),
        Bad<ArgumentException>(OfNetwork, "actions without bounds",
            () => ActorParameters.Deterministic(2, BoxSpace.Unbounded(1), [[1, 1]], [[0]]).Served(), "infinite"),
        Bad<InvalidOperationException>(
            OfNetwork, "one name for two columns", () => Samples.Rl.Policies.FromNetwork(
                ActorParameters.Deterministic(2, Samples.Actions, [[1, 1]], [[0]]), new() { ActionColumnName = "Observation" }), "'Observation'"),
        Bad<ArgumentNullException>(OfPolicy, "null", () => Samples.Rl.Policies.FromPolicy(null!), "policy"),
        Bad<NotSupportedException>(
            OfPolicy, "drawn actions", () => Samples.Rl.Policies.FromPolicy(Samples.SmallPolicy, new() { Stochastic = true }), "Stochastic"),
        Bad<InvalidOperationException>(OfPolicy, "one name for two columns",
            () => Samples.Rl.Policies.FromPolicy(Samples.SmallPolicy, new() { ActionColumnName = "Observation" }), "'Observation'"),
        Bad<ArgumentNullException>("HomoscedasticEnsembleTrainer.CreateLearner(TransitionLayout, int, string)", "no layout",
            () => Samples.Rl.Dynamics.HomoscedasticEnsemble().CreateLearner(null!, 1), "layout"),
        Bad<ArgumentException>("HomoscedasticEnsembleTrainer.CreateLearner(TransitionLayout, int, string)", "an unknown device",
            () => Samples.Rl.Dynamics.HomoscedasticEnsemble().CreateLearner(Samples.Layout, 1, "gpu"), "'gpu'"),
        Bad<ArgumentNullException>("ProbabilisticEnsembleTrainer.CreateLearner(TransitionLayout, int, string)", "no layout",
            () => Samples.Rl.Dynamics.ProbabilisticEnsemble().CreateLearner(null!, 1), "layout"),
        Bad<ArgumentException>("ProbabilisticEnsembleTrainer.CreateLearner(TransitionLayout, int, string)", "an unknown device",
            () => Samples.Rl.Dynamics.ProbabilisticEnsemble().CreateLearner(Samples.Layout, 1, "gpu"), "'gpu'"),
        Bad<ArgumentNullException>(Create, "no layout", () => Samples.Rl.Policies.SoftActorCritic().CreateLearner(null!, Samples.Actions, 1), "layout"),
        Bad<ArgumentNullException>(Create, "no actions", () => Samples.Rl.Policies.SoftActorCritic().CreateLearner(Samples.Layout, null!, 1), "actionSpace"),
        Bad<ArgumentException>(Create, "more actions", () => Learner(BoxSpace.Uniform(2, -1, 1)), "actionSpace", "2 dimensions", "have 1"),
        Bad<ArgumentException>(Create, "no bounds", () => Learner(BoxSpace.Unbounded(1)), "actionSpace", "infinite"),
        Bad<ArgumentNullException>(CreateGradient, "no layout", () => Samples.Rl.Policies.ValueGradient().CreateLearner(null!, Samples.Actions, 1), "layout"),
        Bad<ArgumentNullException>(
            CreateGradient, "no actions", () => Samples.Rl.Policies.ValueGradient().CreateLearner(Samples.Layout, null!, 1), "actionSpace"),
        Bad<ArgumentException>(CreateGradient, "more actions",
            () => Samples.Rl.Policies.ValueGradient().CreateLearner(Samples.Layout, BoxSpace.Uniform(2, -1, 1), 1), "actionSpace", "2 dimensions", "have 1"),
        Bad<ArgumentException>(CreateGradient, "no bounds", () => Samples.Rl.Policies.ValueGradient().CreateLearner(Samples.Layout, BoxSpace.Unbounded(1), 1),
            "actionSpace", "infinite"),
        Bad<ArgumentException>(Gradient, "a name used twice",
            () => Samples.Rl.Policies.ValueGradient(Samples.TinyGradient(), new() { Action = "Reward" }), "'Reward'"),
        Bad<ArgumentOutOfRangeException>(Gradient, "an option out of range", () => Samples.Rl.Policies.ValueGradient(new() { Horizon = 0 }), "Horizon"),
        Bad<ArgumentOutOfRangeException>("ActorParameters.HiddenActivation", "undefined",
            () => (PolicyFixture.Actor() with { HiddenActivation = (ActorActivation)9 }).Served(), "HiddenActivation", "Actual value was 9"),
        Bad<ArgumentOutOfRangeException>("ActorParameters.Deviation", "undefined",
            () => (PolicyFixture.Actor() with { Deviation = (ActorDeviation)9 }).Served(), "Deviation", "Actual value was 9"),
        Bad<ArgumentNullException>(Update, "null", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(null!)), "rows"),
        Bad<ArgumentException>(Update, "of another width", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(zeros(4, 7))), "rows",
            "[4, 7]", "8"),
        Bad<ArgumentException>(Update, "no rows", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(zeros(0, 8))), "0 rows"),
        Bad<ArgumentException>(Update, "doubles", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(zeros(4, 8, float64))), "Float64"),
        Bad<ArgumentException>(Update, "NaN", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(full(4, 8, float.NaN))), "rows[0, 0] is NaN"),
        Bad<ObjectDisposedException>(
            Update, "disposed rows", () => WithLearner(learner => ((IMinibatchLearner)learner).Update(Samples.Disposed(4, 8))), "rows"),
        .. Observations("IPolicy.Act(Tensor)", 2, observation => WithLearner(learner => learner.Act(observation))),
        .. Observations("IPolicy.Sample(Tensor, Generator)", 2, observation => WithLearner(learner => learner.Sample(observation, Samples.Generator))),
        .. Generators("IPolicy.Sample(Tensor, Generator)", generator => WithLearner(learner => learner.Sample(zeros(1, 2), generator))),
        Bad<ArgumentNullException>(Evaluate, "no policy", () => Samples.Rl.Evaluate(null!, Samples.Environment()), "policy"),
        Bad<ArgumentNullException>(Evaluate, "no environment", () => Samples.Rl.Evaluate(Samples.SmallPolicy, null!), "environment"),
        Bad<ArgumentOutOfRangeException>(
            Evaluate, "no episodes", () => Samples.Rl.Evaluate(Samples.SmallPolicy, Samples.Environment(), 0), "episodes", "Actual value was 0"),
        Bad<ArgumentOutOfRangeException>(Evaluate, "no steps", () => Samples.Rl.Evaluate(Samples.SmallPolicy, Samples.Environment(), maxEpisodeSteps: 0),
            "maxEpisodeSteps", "Actual value was 0"),
        Bad<ArgumentException>(Evaluate, "of other sizes", () => Samples.Rl.Evaluate(Samples.Policy, Samples.Environment()), "policy", "3 observations",
            "2 observations"),
        Bad<InvalidOperationException>(
            Evaluate, "a policy that gives null", () => Samples.Rl.Evaluate(new Odd(() => null!), Samples.Environment(), 1), "Odd gave null", "[1, 1]"),
        Bad<InvalidOperationException>(
            Evaluate, "a policy that gives two actions", () => Samples.Rl.Evaluate(new Odd(() => zeros(1, 2)), Samples.Environment(), 1), "[1, 2]"),
        Bad<ArgumentException>(Evaluate, "a policy that gives NaN", () => Samples.Rl.Evaluate(new Odd(() => full(1, 1, float.NaN)), Samples.Environment(), 1),
            "action is NaN"),
    ];

    private static IEnumerable<BadCase> Loads(string member, Action<byte[], int> load) =>
    [
        Bad<PolicyFileException>(member, "no bytes", () => load([], 10)),
        Bad<PolicyFileException>(member, "any bytes", () => load([1, 2, 3], 10)),
        Bad<PolicyFileException>(member, "more bytes than allowed", () => load(new byte[11], 10), "10 bytes"),
        Bad<ArgumentOutOfRangeException>(member, "no bytes allowed", () => load([], 0), "maxBytes", "Actual value was 0"),
    ];

    private static void LoadStream(Stream stream, int maxBytes = 1000) => Samples.Rl.Policies.Load(stream, maxBytes);

    private static void LoadFile(byte[] bytes, int maxBytes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["policy.zip"], bytes);
        Samples.Rl.Policies.Load(folder["policy.zip"], maxBytes);
    }

    private static IPolicyLearner Learner(BoxSpace actions) =>
        Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, actions, 1);

    private static void WithLearner(Action<IPolicyLearner> use)
    {
        using var learner = Learner(Samples.Actions);
        use(learner);
    }

    private static IEnumerable<BadCase> Observations(string member, int size, Action<Tensor> use) =>
    [
        Bad<ArgumentNullException>(member, "null", () => use(null!), "observation"),
        Bad<ArgumentException>(member, "of another size", () => use(zeros(1, size + 1)), "observation", $"[1, {size + 1}]"),
        Bad<ArgumentException>(member, "without its batch", () => use(zeros(size)), "observation", $"[{size}]"),
        Bad<ArgumentException>(member, "doubles", () => use(zeros(1, size, float64)), "observation", "Float64"),
        Bad<ObjectDisposedException>(member, "a disposed observation", () => use(Samples.Disposed(1, size)), "observation"),
    ];

    private static IEnumerable<BadCase> Generators(string member, Action<Generator> draw) =>
    [
        Bad<ArgumentNullException>(member, "no generator", () => draw(null!), "generator"),
        Bad<ObjectDisposedException>(member, "a disposed generator", () => draw(Samples.DisposedGenerator()), "generator"),
    ];

    private static IEnumerable<BadCase> Paths(string member, Action<string> use) =>
    [
        Bad<ArgumentNullException>(member, "no path", () => use(null!), "path"),
        Bad<ArgumentException>(member, "an empty path", () => use(""), "path"),
    ];

    /// <summary>A user's policy for 2 observations and 1 action that answers anything.</summary>
    private sealed class Odd(Func<Tensor> answer) : IPolicy
    {
        public int ObservationSize => 2;

        public BoxSpace ActionSpace => Samples.Actions;

        public Tensor Act(Tensor observation) => answer();

        public Tensor Sample(Tensor observation, Generator generator) => answer();
    }

    private static PolicyTransformer Served(this ActorParameters actor) => Samples.Rl.Policies.FromNetwork(actor);
}
