using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Tests.Policies;
using MbpoML.Tests.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tests.Acting;

public class RowActorTests
{
    [Test]
    public void A_single_observation_gets_the_action_that_a_batch_gives_it([Values] bool standardized, [Values] bool drawn)
    {
        var settings = SacSamples.Settings(5, 3, 32, 16) with { StandardizeObservations = standardized };
        using var learner = SacSamples.Learner(settings);
        using var rows = SacSamples.Rows(settings.Layout, 64, seed: 3);
        for (var update = 0; update < 20; update++) learner.Update(rows);
        AgreesWithBatches(learner, drawn);
    }

    [Test]
    public void A_policy_that_was_taken_out_acts_the_same_way([Values] bool drawn)
    {
        using var policy = PolicyFixture.Policy();
        AgreesWithBatches(policy, drawn);
    }

    [Test]
    public void Acting_allocates_nothing_once_it_has_begun()
    {
        using var learner = SacSamples.Learner(SacSamples.Settings(5, 3, 32, 16));
        using var actor = ((IPolicy)learner).NewActor();
        using var generator = new Generator(4, CPU);
        var (observation, action) = (new double[5], new double[3]);
        for (var step = 0; step < 100; step++) actor.Act(observation, action, generator);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++) actor.Act(observation, action, null);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Weights_that_learn_on_act_at_once()
    {
        var settings = SacSamples.Settings(5, 3, 32, 16);
        using var learner = SacSamples.Learner(settings);
        using var actor = ((IPolicy)learner).NewActor();
        double[] Act()
        {
            var action = new double[3];
            actor.Act([0.1, 0.2, 0.3, 0.4, 0.5], action, null);
            return action;
        }

        var before = Act();
        using var rows = SacSamples.Rows(settings.Layout, 64, seed: 3);
        learner.Update(rows);
        Assert.That(Act(), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_policy_with_a_memory_keeps_it_as_a_transformer()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var transformer = rl.Policies.FromPolicy(new Counting());
        using var actor = ((IPolicy)transformer).NewActor();
        var action = new double[1];
        actor.Act([0], action, null);
        actor.Act([0], action, null);
        Assert.That(action[0], Is.EqualTo(2));
    }

    private static void AgreesWithBatches(IPolicy policy, bool drawn)
    {
        using var scope = NewDisposeScope();
        using var actor = policy.NewActor();
        // Two generators in the same state.
        using var single = new Generator(11, CPU);
        using var batch = new Generator(11, CPU);
        var observation = new double[policy.ObservationSize];
        var action = new double[policy.ActionSpace.Size];
        for (var step = 0; step < 50; step++)
        {
            for (var index = 0; index < observation.Length; index++) observation[index] = Math.Sin((step * 7) + index);
            actor.Act(observation, action, drawn ? single : null);
            var row = tensor(observation).to(ScalarType.Float32).unsqueeze(0);
            var expected = (drawn ? policy.Sample(row, batch) : policy.Act(row)).data<float>().ToArray();
            Assert.That(action, Is.EqualTo(expected.Select(value => (double)value)).Within(PolicyFixture.Tolerance));
        }
    }

    private sealed class Counting : IPolicy
    {
        public int ObservationSize => 1;

        public BoxSpace ActionSpace { get; } = new([0], [100]);

        public Tensor Act(Tensor observation) => zeros(observation.size(0), 1);

        public Tensor Sample(Tensor observation, Generator generator) => Act(observation);

        public IActor NewActor() => new Actor();

        private sealed class Actor : IActor
        {
            private int _steps;

            public void Begin(int rows) => _steps = 0;

            public Tensor Act(Tensor observation, Generator? generator) => full([observation.size(0), 1], ++_steps, ScalarType.Float32);

            public void Dispose()
            {
            }
        }
    }
}
