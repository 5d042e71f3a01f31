using System.Diagnostics;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Feeds;
using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Imagination;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Tests.Fakes;
using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Training;

/// <summary>However long a run goes on, the memory it holds stays what its pools and networks need.</summary>
public class MemoryTests
{
    private const double Megabyte = 1 << 20;
    private static readonly TransitionLayout Layout = new(3, 1);
    private readonly ComponentContext _context = new(new MLContext(seed: 1));

    // Tensors of this thread that were made and not yet disposed; those left to the finalizer count too.
    private static long LiveTensors => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Test]
    public void Twenty_thousand_policy_updates_leave_nothing_behind()
    {
        var settings = new MbpoTrainer.Options { BatchSize = 32, RealRatio = 0.25 }.ToMbpoSettings(new BranchedRollouts.Options(), isSaved: false);
        using var policy = (IMinibatchLearner)new PolicyCatalog(_context).SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [16, 16] })
            .CreateLearner(Layout, BoxSpace.Uniform(1, -1, 1), seed: 1);
        using var realPool = new ReplayPool(Layout, 3000);
        using var modelPool = new ReplayPool(Layout, 3000);
        using var generator = new Generator(1);
        using var minibatches = new Minibatches(settings, realPool, modelPool, seed: 1);
        double[] observation = [1, 2, 3];

        void Update(int count)
        {
            for (var update = 0; update < count; update++)
            {
                realPool.Add(observation, [0.5], 1, observation, terminated: false, truncated: update % 100 == 99);
                if (update % 100 == 0)
                {
                    using var imagined = rand(400, Layout.Width, generator: generator);
                    modelPool.Append(imagined);
                }

                policy.Update(minibatches.Next(1));
                if (update % 1000 == 0) policy.TakeMetrics();
            }
        }

        Update(5000);
        var (tensors, managed, workingSet) = (LiveTensors, GC.GetTotalMemory(forceFullCollection: true), WorkingSet());
        Update(15_000);
        var (managedGrowth, workingSetGrowth) = ((GC.GetTotalMemory(forceFullCollection: true) - managed) / Megabyte, (WorkingSet() - workingSet) / Megabyte);
        TestContext.Out.WriteLine($"{managedGrowth:f2} MB managed, {workingSetGrowth:f2} MB in all");
        Assert.Multiple(() =>
        {
            Assert.That(LiveTensors, Is.EqualTo(tensors));
            Assert.That(managedGrowth, Is.LessThan(1), "managed memory, MB");
            Assert.That(workingSetGrowth, Is.LessThan(12), "working set, MB");
        });
    }

    [Test]
    public void Refits_and_rollouts_leave_nothing_behind()
    {
        var options = new ProbabilisticEnsembleTrainer.Options
        {
            MemberCount = 3,
            EliteCount = 2,
            HiddenSizes = [16, 16],
            BatchSize = 32,
            MaxOptimizerSteps = 50
        };
        using var dynamics = new DynamicsCatalog(_context).ProbabilisticEnsemble(options).CreateLearner(Layout, seed: 1);
        var policy = new NoisyPolicy(3, 1, gain: 0.1f, noise: 0.5f);
        var termination = TerminationFunction.FromRow((_, _, next) => next[0] > 0.9);
        var rollouts = new BranchedRolloutGenerator(new ImaginedEnvironment(() => dynamics.Model, termination, reward: null), rule: null);
        using var generator = new Generator(1);
        using var realPool = new ReplayPool(Layout, 1000);
        using var modelPool = new ReplayPool(Layout, 2000);
        using var rows = rand(500, Layout.Width, generator: generator);
        realPool.Append(rows);

        void RefitAndBranch()
        {
            using var all = realPool.ToRows();
            dynamics.Fit(all, CancellationToken.None);
            for (var rollout = 0; rollout < 8; rollout++)
            {
                modelPool.Resize(2000 + (1000 * (rollout % 2)));
                using var starts = realPool.SampleObservations(100, generator);
                rollouts.Generate(starts, 4, policy, generator, (imagined, _) => modelPool.Append(imagined));
            }
        }

        RefitAndBranch();
        var tensors = LiveTensors;
        for (var refit = 0; refit < 7; refit++) RefitAndBranch();
        Assert.That(LiveTensors, Is.EqualTo(tensors));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_whole_run_holds_the_same_tensors_in_every_epoch_and_none_after(bool customDynamics)
    {
        var mlContext = new MLContext(seed: 1);
        var rl = mlContext.Reinforcement();
        using var environment = new LineEnvironment();
        var preset = SmallRuns.Preset(350);
        (preset.Trainer.EpochLength, preset.Trainer.EvaluationEpisodes, preset.Dynamics.MaxOptimizerSteps) = (50, 1, 50);
        List<long> atEpochs = [];
        preset.Trainer.Progress = new ProgressListener(progress =>
        {
            if (progress.EpochMetrics is not null) atEpochs.Add(LiveTensors);
        });
        IEstimator<ITransformer> dynamics = customDynamics ? new ExactDynamicsEstimator(mlContext) : rl.Dynamics.ProbabilisticEnsemble(preset.Dynamics);

        var before = LiveTensors;
        rl.Mbpo(environment, preset.Trainer, dynamics, rl.Rollouts.Branched(preset.Rollouts), rl.Policies.SoftActorCritic(preset.Policy)).Fit().Dispose();
        Assert.That(atEpochs, Has.Count.GreaterThan(4).And.All.EqualTo(atEpochs[0]));
        Assert.That(LiveTensors, Is.EqualTo(before));
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
