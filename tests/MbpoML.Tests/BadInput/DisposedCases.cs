using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Tests.Policies;
using MbpoML.Training.Metrics;
using MbpoML.Training.Watches;
using Microsoft.ML;
using MbpoML.Tests.Fakes;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Use after the end: each is an ObjectDisposedException, never a crash of native code, and a second Dispose does nothing.</summary>
internal static class DisposedCases
{
    private static readonly Dictionary<string, double> Metrics = new() { ["a"] = 1 };

    public static IEnumerable<BadCase> All =>
    [
        After("ReplayPool.Add(ReadOnlySpan<double>, ReadOnlySpan<double>, double, ReadOnlySpan<double>, bool, bool)", Pool,
            pool => pool.Add([1, 2], [1], 1, [1, 2], false, false)),
        After("ReplayPool.Append(Tensor)", Pool, pool => pool.Append(zeros(1, 8))),
        After("ReplayPool.Sample(int, Generator)", Pool, pool => pool.Sample(1, Samples.Generator)),
        After("ReplayPool.SampleObservations(int, Generator)", Pool, pool => pool.SampleObservations(1, Samples.Generator)),
        After("ReplayPool.SampleInto(Tensor, Generator)", Pool, pool => pool.SampleInto(zeros(1, 8), Samples.Generator)),
        After("ReplayPool.Resize(long)", Pool, pool => pool.Resize(3)),
        After("ReplayPool.ToRows()", Pool, pool => pool.ToRows()),
        After("ReplayPool.Clear()", Pool, pool => pool.Clear()),
        After("TransitionTable.ToDataView(TransitionColumns, int[])", () => new TransitionTable(Samples.Layout, zeros(1, 8)), table => table.ToDataView()),
        After("TransitionTable.ToEpisodes(TransitionColumns)", () => new TransitionTable(Samples.Layout, zeros(1, 8)), table => table.ToEpisodes()),
        After("PolicyTransformer.AsDeterministic()", () => PolicyFixture.Policy(), policy => policy.AsDeterministic()),
        After("PolicyTransformer.Perturb(double, int)", () => PolicyFixture.Policy(), policy => policy.Perturb(0.1, 1)),
        After("PolicyTransformer.AsStochastic(int)", () => PolicyFixture.Policy(), policy => policy.AsStochastic(1)),
        After("PolicyTransformer.GetOutputSchema(DataViewSchema)", () => PolicyFixture.Policy(), policy => policy.GetOutputSchema(policy.InputSchema)),
        After("PolicyTransformer.GetRowToRowMapper(DataViewSchema)", () => PolicyFixture.Policy(),
            policy => ((ITransformer)policy).GetRowToRowMapper(policy.InputSchema)),
        After("PolicyTransformer.Transform(IDataView)", () => PolicyFixture.Policy(), policy => policy.Transform(PolicyFixture.View([[1, 2, 3]]))),
        After("PolicyTransformer.Act(Tensor)", () => PolicyFixture.Policy(), policy => policy.Act(zeros(1, 3))),
        After("PolicyTransformer.Act(float[])", () => PolicyFixture.Policy(), policy => policy.Act(new float[3])),
        After("PolicyTransformer.Act(ReadOnlySpan<float>, Span<float>)", () => PolicyFixture.Policy(), policy => policy.Act(new float[3], new float[2])),
        After("PolicyTransformer.Sample(Tensor, Generator)", () => PolicyFixture.Policy(), policy => policy.Sample(zeros(1, 3), Samples.Generator)),
        After("PolicyTransformer.ExportToOnnx(string)", () => PolicyFixture.Policy(), policy => policy.ExportToOnnx("never-written.onnx")),
        After("HomoscedasticTransformer.Evaluate(IDataView)", Homoscedastic, dynamics => dynamics.Evaluate(Samples.View())),
        After("HomoscedasticTransformer.GetOutputSchema(DataViewSchema)", Homoscedastic, dynamics => dynamics.GetOutputSchema(Samples.View().Schema)),
        After("HomoscedasticTransformer.GetRowToRowMapper(DataViewSchema)", Homoscedastic, dynamics => dynamics.GetRowToRowMapper(Samples.View().Schema)),
        After("HomoscedasticTransformer.Transform(IDataView)", Homoscedastic, dynamics => dynamics.Transform(Samples.View())),
        After("DynamicsTransformer.Evaluate(IDataView)", Dynamics, dynamics => dynamics.Evaluate(Samples.View())),
        After("DynamicsTransformer.GetOutputSchema(DataViewSchema)", Dynamics, dynamics => dynamics.GetOutputSchema(Samples.View().Schema)),
        After("DynamicsTransformer.GetRowToRowMapper(DataViewSchema)", Dynamics, dynamics => dynamics.GetRowToRowMapper(Samples.View().Schema)),
        After("DynamicsTransformer.Transform(IDataView)", Dynamics, dynamics => dynamics.Transform(Samples.View())),
        After("IDynamicsModel.Sample(Tensor, Tensor, Generator)", Dynamics, dynamics => dynamics.Model.Sample(zeros(1, 2), zeros(1, 1), Samples.Generator)),
        After("IEnsembleDynamicsModel.Predict(Tensor, Tensor)", Dynamics, dynamics => dynamics.Model.Predict(zeros(1, 2), zeros(1, 1))),
        After("IEnsembleDynamicsModel.PredictMembers(Tensor, Tensor)", Dynamics, dynamics => dynamics.Model.PredictMembers(zeros(1, 2), zeros(1, 1))),
        After("BranchedRolloutEstimator.Fit(IDataView)", Dynamics,
            dynamics => Samples.Rl.Rollouts.Branched(dynamics, Samples.SmallPolicy).Fit(Samples.View()).Transform(Samples.View())),
        After("IMinibatchLearner.Update(Tensor)", Learner, learner => ((IMinibatchLearner)learner).Update(zeros(4, 8))),
        After("IPolicyLearner.TakeMetrics()", Learner, learner => learner.TakeMetrics()),
        After("IPolicyLearner.ToTransformer()", Learner, learner => learner.ToTransformer()),
        After("ISaved.Save(IStateWriter)", Learner, learner => StateMemory.Of((ISaved)learner)),
        After("ISaved.Restore(IStateReader)", Learner, learner => ((ISaved)learner).Restore(new StateMemory())),
        After("IPolicy.Act(Tensor)", Learner, learner => learner.Act(zeros(1, 2))),
        After("IPolicy.Sample(Tensor, Generator)", Learner, learner => learner.Sample(zeros(1, 2), Samples.Generator)),
        .. Environment("CheckedEnvironment", 6, () => new CheckedEnvironment(new PendulumEnvironment())),
        .. Environment("WatchedEnvironment", 3, () => new WatchedEnvironment(new PendulumEnvironment(), TimeSpan.FromSeconds(20))),
        .. Writer("JsonLinesMetricsWriter", folder => new JsonLinesMetricsWriter(Path.Combine(folder, "metrics.jsonl"))),
        .. Writer("MlflowMetricsWriter", _ => new MlflowMetricsWriter(new RecordedMlflow().Client, "e", "r")),
        .. Writer("TensorBoardMetricsWriter", folder => new TensorBoardMetricsWriter(folder)),
        .. Writer("CompositeMetricsWriter", folder => new CompositeMetricsWriter(new TensorBoardMetricsWriter(folder))),
        After("TerminationSignals.Dispose()", () => new TerminationSignals(), signals => _ = signals.Token),
    ];

    private static ReplayPool Pool() => new(Samples.Layout, 5);

    private static MbpoML.Dynamics.Homoscedastic.HomoscedasticTransformer Homoscedastic() =>
        Samples.Rl.Dynamics.HomoscedasticEnsemble(Samples.TinyHomoscedastic()).Fit(Samples.View());

    private static MbpoML.Dynamics.Ensemble.Serving.DynamicsTransformer Dynamics() =>
        Samples.Rl.Dynamics.ProbabilisticEnsemble(Samples.TinyEnsemble()).Fit(Samples.View());

    private static IPolicyLearner Learner() => Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 1);

    private static BadCase After<T>(string member, Func<T> make, Action<T> use)
        where T : IDisposable => Bad<ObjectDisposedException>(member, "after Dispose", () => use(Samples.DisposedTwice(make())));

    private static IEnumerable<BadCase> Environment(string type, int states, Func<IStatefulEnvironment> make) =>
    [
        After($"{type}.Reset(int, Span<double>)", make, environment => environment.Reset(1, new double[3])),
        After($"{type}.Step(ReadOnlySpan<double>, Span<double>)", make, environment => environment.Step([0], new double[3])),
        After($"{type}.GetState(Span<double>)", make, environment => environment.GetState(new double[states])),
        After($"{type}.SetState(ReadOnlySpan<double>)", make, environment => environment.SetState(new double[states])),
    ];

    private static IEnumerable<BadCase> Writer(string type, Func<string, IMetricsWriter> make)
    {
        void With(Action<IMetricsWriter> use)
        {
            using var folder = new TemporaryFolder();
            use(Samples.DisposedTwice(make(folder.FullName)));
        }

        return
        [
            Bad<ObjectDisposedException>(
                $"{type}.Write(long, IReadOnlyDictionary<string, double>)", "after Dispose", () => With(writer => writer.Write(1, Metrics))),
            Bad<ObjectDisposedException>($"{type}.Resume(IReadOnlyList<EpochMetrics>)", "after Dispose", () => With(writer => writer.Resume([]))),
            Bad<ObjectDisposedException>($"{type}.Flush()", "after Dispose", () => With(writer => writer.Flush())),
        ];
    }
}
