using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Tests.Fakes;
using MbpoML.Training.Metrics;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace MbpoML.Tests.Training;

/// <summary>Runs as a whole: nobody who listens, nothing that runs beside them and no failure before them changes what they learn.</summary>
public class WholeRunTests
{
    [Test]
    public void Listeners_change_nothing_in_what_is_learned()
    {
        using var folder = new TemporaryFolder();
        using var lines = new JsonLinesMetricsWriter(folder["metrics.jsonl"]);
        using var events = new TensorBoardMetricsWriter(folder["events"]);
        using var factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLoggerProvider([])));
        var heard = 0;
        var preset = Preset(options => options.Progress = new ProgressListener(_ => heard++));
        preset.Trainer.MetricsWriters = [lines, events];
        var mlContext = new MLContext(seed: 1);
        mlContext.Log += (_, _) => heard++;

        var listenedTo = SmallRuns.Train(mlContext.Reinforcement(factory), preset);
        Assert.That(listenedTo, Is.EqualTo(SmallRuns.Train(Catalog(), Preset())));
        Assert.That(heard, Is.GreaterThan(15));
    }

    [Test]
    public void Two_runs_at_once_learn_what_they_learn_one_after_the_other()
    {
        int[] seeds = [1, 2];
        float[] Learn(int seed) => SmallRuns.Train(Catalog(), Preset(options => options.Seed = seed));
        var oneByOne = seeds.Select(Learn).ToArray();
        var together = new float[seeds.Length][];
        var threads = seeds.Select((seed, index) => new Thread(() => together[index] = Learn(seed))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(together, Is.EqualTo(oneByOne));
    }

    [Test]
    public void A_fault_of_the_environment_comes_out_and_leaves_the_catalog_usable()
    {
        var rl = Catalog();
        var threads = torch.get_num_threads();
        var live = LiveTensors.Settled();
        using var broken = new HookedLineEnvironment { OnStep = (step, result) => step < 70 ? result : throw new IOException("the robot is unplugged") };
        var preset = Preset(options => options.Threads = threads + 1);
        Assert.That(
            () => rl.Mbpo(broken, preset).Fit(),
            Throws.TypeOf<TrainingFailedException>().With.InnerException.TypeOf<EnvironmentException>()
                .And.InnerException.InnerException.Message.EqualTo("the robot is unplugged"));
        Assert.That(torch.get_num_threads(), Is.EqualTo(threads), "the caller's number of threads is back");
        Assert.That(LiveTensors.Settled(), Is.EqualTo(live), "nothing of the run is left in memory");
        Assert.That(SmallRuns.Train(rl, Preset()), Is.EqualTo(SmallRuns.Train(Catalog(), Preset())), "and the next run is what it would have been");
    }

    [Test]
    public void An_observation_that_is_not_a_number_is_reported_with_its_episode_and_step()
    {
        using var environment = new HookedLineEnvironment
        {
            OnStep = (step, result) => result with { Terminated = false, Truncated = step % 10 == 0 },
            OnObserve = (step, observation) => step == 67 ? double.NaN : Math.Clamp(observation, -2, 2),
        };
        var failed = Assert.Throws<TrainingFailedException>(() => Catalog().Mbpo(environment, Preset()).Fit());
        var exception = (EnvironmentException)failed!.InnerException!;
        Assert.That((exception.Episode, exception.Step), Is.EqualTo((7, 7)));
        Assert.That(exception.Message, Does.Contain("episode 7, step 7").And.Contain("NaN"));
    }

    [Test]
    public void That_imagined_rollouts_never_terminate_is_said_once_where_the_task_does()
    {
        var (toContext, toFactory) = Warnings(Preset(), terminates: true);
        Assert.That(toContext, Has.Count.EqualTo(1).And.All.Contains("what is imagined never terminates"));
        Assert.That(toFactory, Has.Count.EqualTo(1).And.All.Contains("the trainer's option Termination"));
    }

    [Test]
    public void Nothing_is_said_where_the_end_of_the_task_is_known_or_never_comes_or_nothing_is_imagined()
    {
        var known = Preset(options => options.Termination = TerminationFunction.Approximate(TerminationFunction.Never));
        var realOnly = Preset(options => options.RealRatio = 1);
        foreach (var (preset, terminates) in new[] { (known, true), (realOnly, true), (Preset(), false) })
            Assert.That(Warnings(preset, terminates), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
    }

    private static (IReadOnlyList<string> ToContext, IReadOnlyList<string> ToFactory) Warnings(MbpoPreset preset, bool terminates)
    {
        List<string> toContext = [], toFactory = [];
        using var factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning).AddProvider(new ListLoggerProvider(toFactory)));
        var mlContext = new MLContext(seed: 1);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Warning) toContext.Add(line.Message);
        };
        using var environment = new HookedLineEnvironment
        {
            OnStep = (step, result) => result with { Terminated = terminates && step % 10 == 0, Truncated = step % 10 == 0 },
            OnObserve = (_, observation) => Math.Clamp(observation, -2, 2),
        };
        mlContext.Reinforcement(factory).Mbpo(environment, preset).Fit().Dispose();
        return (toContext.ToArray(), toFactory.ToArray());
    }

    private static ReinforcementCatalog Catalog() => new MLContext(seed: 1).Reinforcement();

    private static MbpoPreset Preset(Action<MbpoTrainer.Options>? change = null)
    {
        var preset = SmallRuns.Preset(steps: 120);
        preset.Trainer.Seed = 3;
        preset.Dynamics.MaxOptimizerSteps = 50;
        change?.Invoke(preset.Trainer);
        return preset;
    }
}
