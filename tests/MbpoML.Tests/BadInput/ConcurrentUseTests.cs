using MbpoML.Algorithms.Mbpo;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Policies;
using MbpoML.Training.Metrics;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Two threads in one object: either both are served, or the second is told so; memory stays whole either way.</summary>
public class ConcurrentUseTests
{
    private const string Refusal = "in use by another thread";

    [Test]
    public void The_guard_lets_in_one_at_a_time_and_none_after_the_end()
    {
        var use = new ExclusiveUse("Thing");
        using (use.Enter())
        {
            Assert.That(() => use.Enter().Dispose(), Throws.InvalidOperationException.With.Message.Contains($"Thing is {Refusal}"));
            Assert.That(() => use.End(), Throws.InvalidOperationException.With.Message.Contains(Refusal));
        }

        use.Enter().Dispose();
        Assert.That(use.End());
        Assert.That(use.End(), Is.False);
        Assert.That(() => use.Enter().Dispose(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(use.ThrowIfEnded, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_pool_that_grows_under_one_thread_while_another_draws_refuses_or_serves_and_stays_whole()
    {
        using var pool = new ReplayPool(Samples.Layout, 1 << 16);
        pool.Add([1, 1], [1], 1, [1, 1], false, false);
        var wrong = 0;
        Run(
            300,
            _ => pool.Append(ones(100, 8)),
            generator =>
            {
                using var rows = pool.Sample(64, generator);
                using var observation = Samples.Layout.Observation(rows);
                if (observation.ne(1).any().item<bool>()) Interlocked.Increment(ref wrong);
            });
        Assert.That(wrong, Is.Zero);
        Assert.That(pool.TotalAdded, Is.GreaterThan(1));
    }

    [Test]
    public void A_learner_updated_by_two_threads_refuses_one_and_stays_finite()
    {
        using var learner = (IMinibatchLearner)Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 1);
        using var small = zeros(4, 8);
        using var large = zeros(9, 8);
        Run(200, _ => learner.Update(small), _ => learner.Update(large));
        using var action = learner.Act(small.narrow(1, 0, 2));
        Assert.That(action.isfinite().all().item<bool>());
    }

    [Test]
    public void A_learner_asked_for_actions_while_it_is_updated_refuses_or_gives_whole_ones()
    {
        var options = Samples.TinyActorCritic();
        options.Workers = 2;
        using var learner = (IMinibatchLearner)Samples.Rl.Policies.SoftActorCritic(options).CreateLearner(Samples.Layout, Samples.Actions, 1);
        using var rows = zeros(4, 8);
        using var observation = zeros(2000, 2);
        var wrong = 0;
        Run(
            200,
            _ => learner.Update(rows),
            generator =>
            {
                using var action = learner.Sample(observation, generator);
                using var inside = action.abs().le(1);
                if (!inside.all().item<bool>()) Interlocked.Increment(ref wrong);
            });
        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void A_dynamics_model_draws_for_two_threads_what_it_draws_for_one()
    {
        using var observation = linspace(-1, 1, 2000).reshape(1000, 2);
        using var action = zeros(1000, 1);
        float[] Draw(int seed)
        {
            using var generator = new Generator((ulong)seed);
            using var sample = Samples.Dynamics.Model.Sample(observation, action, generator).NextObservation;
            return sample.contiguous().data<float>().ToArray();
        }

        float[][] alone = [.. Enumerable.Range(0, 20).Select(Draw)];
        var together = new float[alone.Length][];
        Parallel.For(0, alone.Length, seed => together[seed] = Draw(seed));
        Assert.That(together, Is.EqualTo(alone));
    }

    [Test]
    public void A_policy_serves_all_threads_also_while_one_disposes_it()
    {
        var policy = PolicyFixture.Policy();
        using var observation = zeros(64, 3);
        var refused = 0;
        Parallel.For(0, 200, call =>
        {
            try
            {
                if (call == 100) policy.Dispose();
                else policy.Act(observation).Dispose();
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }
        });
        Assert.That(refused, Is.LessThan(200));
        Assert.That(() => policy.Act(observation), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void An_environment_refuses_a_second_thread_inside_a_step()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using var environment = new ScriptedEnvironment
        {
            Result = _ =>
            {
                inside.Set();
                leave.Wait();
                return new StepResult(1, false);
            },
        }.WithChecks();
        environment.Reset(1, new double[2]);
        var other = Task.Run(() => environment.Step([0], new double[2]));
        inside.Wait();
        Assert.That(() => environment.Step([0], new double[2]), Throws.InvalidOperationException.With.Message.Contains(Refusal));
        Assert.That(() => environment.Reset(1, new double[2]), Throws.InvalidOperationException.With.Message.Contains(Refusal));
        leave.Set();
        Assert.That(other.Result.Reward, Is.EqualTo(1));
    }

    [Test]
    public void A_trainer_refuses_a_second_run_within_the_first()
    {
        MbpoTrainer? trainer = null;
        List<Exception> refused = [];
        using var environment = new ScriptedEnvironment
        {
            Result = _ =>
            {
                if (refused.Count == 0) refused.AddRange([Assert.Catch(() => trainer!.Fit())!, Assert.Catch(() => trainer!.Resume("folder"))!]);
                return new StepResult(1, false);
            },
        };
        trainer = Samples.Rl.Mbpo(environment, Samples.TinyPreset());
        trainer.Fit().Dispose();
        Assert.That(refused, Has.Count.EqualTo(2).And.All.TypeOf<InvalidOperationException>().And.All.Message.Contains(Refusal));
    }

    [Test]
    public void Lines_of_two_threads_do_not_mix()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new JsonLinesMetricsWriter(folder["metrics.jsonl"]))
            Parallel.For(0, 200, step => writer.Write(step, new Dictionary<string, double> { ["a"] = step, ["b"] = -step }));
        // The reader drops what lies after a step back, as after a resume: read the lines themselves.
        Assert.That(
            File.ReadLines(folder["metrics.jsonl"]).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()),
            Is.EquivalentTo(Enumerable.Range(0, 200)));
    }

    /// <summary>Calls both, over and over, on two threads; the guard's refusals are good, everything else is not.</summary>
    private static void Run(int times, Action<Generator> first, Action<Generator> second)
    {
        void Repeat(Action<Generator> call, int seed)
        {
            using var generator = new Generator((ulong)seed);
            for (var time = 0; time < times; time++)
            {
                try
                {
                    call(generator);
                }
                catch (InvalidOperationException refused) when (refused.Message.Contains(Refusal, StringComparison.Ordinal))
                {
                    Thread.Yield();
                }
            }
        }

        Task.WaitAll(Task.Run(() => Repeat(first, 1)), Task.Run(() => Repeat(second, 2)));
    }
}
