using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using MbpoML.Training;
using Microsoft.ML;
using static TorchSharp.torch;
using Statistics = TorchSharp.DisposeScopeManager;

namespace MbpoML.Tests.Training;

/// <summary>
/// Every tensor that a stage makes is held by a dispose scope or a variable until native code has read it. TorchSharp hands over an address and forgets the
/// tensor, so a garbage collection that another thread starts would free one that nothing holds.
/// </summary>
public class HeldTensorTests
{
    // Networks and pools are made outside, once, and held by fields; a longer run makes no more of them.
    [Test]
    public void No_step_of_a_run_makes_a_tensor_outside_a_dispose_scope([Values] Acceleration acceleration, [Values] OverlappedStages overlap)
    {
        long Outside(int steps) => MadeOutside(() =>
        {
            var rl = new MLContext(seed: 1).Reinforcement();
            using var environment = rl.Environments.CartPoleContinuous();
            var preset = SmallRuns.Preset(steps);
            (preset.Dynamics.Acceleration, preset.Policy.Acceleration, preset.Trainer.Overlap, preset.Trainer.EvaluationEpisodes) =
                (acceleration, acceleration, overlap, 1);
            rl.Mbpo(environment, preset).Fit().Dispose();
        });

        Assert.That(Outside(250), Is.EqualTo(Outside(120)));
    }

    [Test]
    public void Nor_does_one_whose_critics_ask_the_model([Values] Acceleration acceleration)
    {
        long Outside(int steps) => MadeOutside(() =>
        {
            var rl = new MLContext(seed: 1).Reinforcement();
            using var environment = rl.Environments.CartPoleContinuous();
            var preset = SmallRuns.Preset(steps);
            (preset.Dynamics.Acceleration, preset.Policy.Acceleration, preset.Policy.ValueExpansionSteps) = (acceleration, acceleration, 2);
            rl.Mbpo(environment, preset).Fit().Dispose();
        });

        Assert.That(Outside(250), Is.EqualTo(Outside(120)));
    }

    // What others keep from step to step must not end with a scope of ours.
    [Test]
    public void Learners_and_environments_of_others_may_keep_tensors_from_step_to_step()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = new TensorEnvironment();
        var preset = SmallRuns.Preset(200);
        var policy = new TensorLearner();
        var run = rl.Mbpo(environment, preset.Trainer, rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics), rl.Rollouts.Branched(preset.Rollouts), policy);
        run.Fit().Dispose();
        Assert.That(policy.Sum, Is.EqualTo(policy.Updates), "what is summed up in a tensor is all there at the end");
        Assert.That(policy.Updates, Is.GreaterThan(400));
    }

    [Test]
    public void Nor_of_a_stage_that_is_used_alone()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.CartPoleContinuous();
        var transitions = rl.Data.Record(environment, 200);
        var ensemble = rl.Dynamics.ProbabilisticEnsemble(new() { MemberCount = 2, EliteCount = 1, HiddenSizes = [8], MaxEpochs = 3 });
        var sac = rl.Policies.SoftActorCritic(new() { HiddenSizes = [8], BatchSize = 16, Updates = 10, ActionSpace = environment.ActionSpace });
        None(() => ensemble.Fit(transitions).Dispose(), "fitting the ensemble");
        None(() => sac.Fit(transitions).Dispose(), "fitting the policy");
        using var model = ensemble.Fit(transitions);
        using var policy = sac.Fit(transitions);
        None(() => model.Evaluate(transitions), "evaluating the ensemble");
        None(() => rl.Evaluate(policy, environment, episodes: 1), "evaluating the policy");
        None(() => rl.Diagnostics.Fan(model.Model, environment, policy, steps: 5, samples: 4), "the fan");
        using var learner = sac.CreateLearner(new(4, 1), environment.ActionSpace, 1);
        None(
            () =>
            {
                using var state = StateMemory.Of((ISaved)learner);
            },
            "the learner's state");
    }

    private static void None(Action use, string what) => Assert.That(MadeOutside(use), Is.Zero, what);

    private static long MadeOutside(Action use)
    {
        var before = Statistics.Statistics.TensorStatistics.CreatedOutsideScopeCount;
        use();
        return Statistics.Statistics.TensorStatistics.CreatedOutsideScopeCount - before;
    }

    /// <summary>The line task with its place in a tensor, as a simulator on torch would have it.</summary>
    private sealed class TensorEnvironment : IEnvironment
    {
        private Tensor _place = zeros(1);
        private int _steps;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public void Reset(int seed, Span<double> observation)
        {
            (_place, _steps) = (full(1, new RandomSource(seed).NextUniform(-1, 1)), 0);
            observation[0] = _place.item<float>();
        }

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _place = _place + (0.3 * action[0]);
            observation[0] = _place.item<float>();
            return new StepResult(-Math.Abs(observation[0]), false, ++_steps == 20);
        }
    }

    /// <summary>A learner that learns nothing and counts its updates in a tensor that each update replaces.</summary>
    private sealed class TensorLearner : IPolicyEstimator, IMinibatchLearner
    {
        private readonly SoftActorCriticTrainer _inner = new MLContext(seed: 1).Reinforcement().Policies.SoftActorCritic(new() { HiddenSizes = [4] });
        private IMinibatchLearner _policy = null!;
        private Tensor _sum = null!;

        public int Updates { get; private set; }

        public float Sum { get; private set; }

        public int ObservationSize => _policy.ObservationSize;

        public BoxSpace ActionSpace => _policy.ActionSpace;

        public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null)
        {
            (_policy, _sum) = ((IMinibatchLearner)_inner.CreateLearner(layout, actionSpace, seed), zeros(1));
            return this;
        }

        public PolicyTransformer Fit(IDataView input) => _inner.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _inner.GetOutputSchema(inputSchema);

        public Tensor Act(Tensor observation) => _policy.Act(observation);

        public Tensor Sample(Tensor observation, Generator generator) => _policy.Sample(observation, generator);

        public void Update(Tensor rows)
        {
            _sum = _sum + 1;
            Updates++;
        }

        public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double>();

        public PolicyTransformer ToTransformer()
        {
            Sum = _sum.item<float>();
            return _policy.ToTransformer();
        }

        public void Dispose() => _policy.Dispose();
    }
}
