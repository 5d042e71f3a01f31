using MbpoML.Algorithms.Mbpo;
using MbpoML.Catalog;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Fakes;
using MbpoML.Tests.Policies.SoftActorCritic;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.ValueGradient;

public class ValueGradientTrainerTests
{
    private static readonly float[] Probes = [-1f, -0.5f, 0f, 0.5f, 1f];

    [Test]
    public void Learns_from_logged_transitions_through_a_model_of_its_own()
    {
        // s' = s + a / 2 and r = -s'²: the best action is -2 s. A policy that does nothing is wrong by 1.2 on average.
        var options = Options();
        (options.ActorHiddenSizes, options.CriticHiddenSizes, options.Updates, options.Horizon) = ([32, 32], [32, 32], 1500, 2);
        (options.ActorLearningRate, options.CriticLearningRate, options.InitialTemperature, options.TargetEntropy) = (2e-3, 2e-3, 1e-3, -4);
        (options.BatchSize, options.ActionSpace, options.Discount) = (64, BoxSpace.Uniform(1, -3, 3), 0.5);
        options.Dynamics = Ensemble([32, 32], 40);
        using var policy = Catalog().ValueGradient(options).Fit(Transitions(1000));
        Assert.That(Actions(policy).Zip(Probes, (action, state) => Math.Abs(action + (2 * state))).Average(), Is.LessThan(0.3));
    }

    [Test]
    public void Equal_seeds_fit_equal_policies_and_options_are_read_once()
    {
        var options = Options();
        var trainer = Catalog().ValueGradient(options);
        using var before = trainer.Fit(Transitions(100));
        (options.ActorHiddenSizes, options.Updates, options.Seed, options.Horizon) = ([4], 30, 6, 1);
        using var after = trainer.Fit(Transitions(100));
        Assert.That(Actions(after), Is.EqualTo(Actions(before)));
        using var other = Catalog().ValueGradient(options).Fit(Transitions(100));
        Assert.That(Actions(other), Is.Not.EqualTo(Actions(before)));
    }

    [Test]
    public void Ends_in_the_log_need_somebody_who_knows_them()
    {
        var trainer = Catalog().ValueGradient(Options());
        Assert.That(() => trainer.Fit(Transitions(100, ends: true)), Throws.InvalidOperationException.With.Message.Contains("Options.Termination"));
        var options = Options();
        options.Termination = TerminationFunction.Never;
        Assert.That(() => Catalog().ValueGradient(options).Fit(Transitions(100, ends: true)).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Output_schema_holds_the_action_as_a_vector_of_float()
    {
        var options = Options();
        options.OutputColumnName = "Chosen";
        var shape = Catalog().ValueGradient(options).GetOutputSchema(ShapeOf<Row>());
        var column = shape.Single(column => column.Name == "Chosen");
        Assert.That((column.Kind, column.ItemType), Is.EqualTo((SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single)));
        Assert.That(
            () => Catalog().ValueGradient().GetOutputSchema(new SchemaShape([])),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("'Observation'"));
    }

    [TestCase(25)]
    [TestCase(41)]
    public void Inside_mbpo_it_learns_from_the_states_of_the_rollouts_and_resumes_bit_for_bit(int stop)
    {
        using var folder = new TemporaryFolder();
        TrainingReport? Train(string name, int cancelAt)
        {
            using var source = new CancellationTokenSource();
            using var environment = new LineEnvironment();
            var rl = new MLContext(seed: 1).Reinforcement();
            var options = new MbpoTrainer.Options
            {
                Steps = 60,
                EpochLength = 20,
                InitialExplorationSteps = 20,
                ModelTrainingInterval = 10,
                UpdatesPerStep = 2,
                BatchSize = 8,
                MaxEpisodeSteps = 15,
                Seed = 4,
                CancellationToken = source.Token,
                Checkpoints = new Checkpointing { Folder = folder[name], Every = null },
                Progress = new Stop(step =>
                {
                    if (step >= cancelAt) source.Cancel();
                }),
            };
            var dynamics = rl.Dynamics.ProbabilisticEnsemble(new() { MemberCount = 2, EliteCount = 2, HiddenSizes = [8], MaxEpochs = 2 });
            var policy = rl.Policies.ValueGradient(new() { ActorHiddenSizes = [8], CriticHiddenSizes = [8], Critics = 2, BatchSize = 12, Horizon = 2 });
            var trainer = rl.Mbpo(environment, options, dynamics, rl.Rollouts.Branched(new BranchedRollouts.Options { BatchSize = 10 }), policy);
            try
            {
                return Checkpointing.Exists(folder[name]) ? trainer.Resume(folder[name]) : trainer.Train();
            }
            catch (TrainingCanceledException)
            {
                return null;
            }
        }

        var expected = Train("through", int.MaxValue)!;
        Assert.That(Train("stopped", stop), Is.Null);
        var report = Train("stopped", int.MaxValue)!;
        Assert.That(Training.Checkpoints.StopAndGo.Metrics(report), Is.EqualTo(Training.Checkpoints.StopAndGo.Metrics(expected)));
        Assert.That(report.History[^1].Values.Keys, Does.Contain("policy/imagined-length"));
        Assert.That(Actions(report.Policy), Is.EqualTo(Actions(expected.Policy)));
        report.Policy.Dispose();
        expected.Policy.Dispose();
    }

    private static ValueGradientTrainer.Options Options() => new()
    {
        ActorHiddenSizes = [8],
        CriticHiddenSizes = [8],
        Critics = 2,
        BatchSize = 16,
        Updates = 10,
        Seed = 5,
        Horizon = 2,
        Dynamics = Ensemble([8], 3),
        ActionSpace = BoxSpace.Uniform(1, -3, 3),
    };

    private static PolicyCatalog Catalog() => new(SacSamples.Context());

    private static ProbabilisticEnsembleTrainer Ensemble(int[] hidden, int epochs) =>
        new MLContext(1).Reinforcement().Dynamics.ProbabilisticEnsemble(new ProbabilisticEnsembleTrainer.Options
        {
            MemberCount = 2,
            EliteCount = 2,
            HiddenSizes = hidden,
            MaxEpochs = epochs,
            LearningRate = 3e-3,
            TargetNormalization = true,
            Seed = 3,
        });

    private static IDataView Transitions(int count, bool ends = false)
    {
        var random = new RandomSource(9);
        var rows = Enumerable.Range(0, count).Select(index =>
        {
            var (state, action) = ((float)random.NextUniform(-2, 2), (float)random.NextUniform(-3, 3));
            var next = state + (0.5f * action);
            return new Row { Observation = [state], Action = [action], Reward = -next * next, NextObservation = [next], Terminated = ends && index == 7 };
        });
        return new MLContext(1).Data.LoadFromEnumerable(rows.ToArray());
    }

    // The public way to the shape of a view: that of a mapping which makes its columns.
    private static SchemaShape ShapeOf<T>()
        where T : class, new() => new MLContext(1).Transforms.CustomMapping<Nothing, T>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private static float[] Actions(PolicyTransformer policy)
    {
        using var observation = tensor(Probes).unsqueeze(1);
        using var actions = policy.Act(observation);
        return SacSamples.Floats(actions);
    }

    private sealed class Stop(Action<int> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act(value.Step);
    }

    private sealed class Nothing;

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Observation { get; set; } = [];

        [VectorType(1)]
        public float[] Action { get; set; } = [];

        public float Reward { get; set; }

        [VectorType(1)]
        public float[] NextObservation { get; set; } = [];

        public bool Terminated { get; set; }
    }
}
