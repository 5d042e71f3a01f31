using MbpoML.Numerics.Random;
using MbpoML.Tests;
using MbpoML.Tests.Training.Checkpoints;
using MbpoML.Training.Outcome;

namespace MbpoML.Mujoco.Tests;

/// <summary>A stopped episode goes on bit for bit, alone and inside a training run.</summary>
public class ResumeTests
{
    private const int StopAt = 37, Steps = 90;

    [TestCaseSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
    public void An_episode_goes_on_from_its_state_bit_for_bit(MujocoTask task)
    {
        using var undisturbed = task.Create();
        using var resumed = task.Create();
        var state = new double[undisturbed.StateSize];
        var (expected, actual) = (new double[task.ObservationSize], new double[task.ObservationSize]);
        undisturbed.Reset(3, expected);
        var actions = Actions(task);
        for (var step = 0; step < StopAt; step++) undisturbed.Step(actions[step], expected);
        undisturbed.GetState(state);

        // Whatever the other one did before must leave no trace.
        resumed.Reset(8, actual);
        for (var step = 0; step < 11; step++) resumed.Step(actions[step], actual);
        resumed.SetState(state);
        for (var step = StopAt; step < Steps; step++)
        {
            var result = undisturbed.Step(actions[step], expected);
            Assert.That(resumed.Step(actions[step], actual), Is.EqualTo(result), $"step {step}");
            Assert.That(actual, Is.EqualTo(expected), $"step {step}");
        }
    }

    [Test]
    public void The_state_holds_how_long_the_episode_has_run()
    {
        using var environment = MujocoTasks.HalfCheetah.Create();
        using var other = MujocoTasks.HalfCheetah.Create();
        var (state, observation, action) = (new double[environment.StateSize], new double[17], new double[6]);
        environment.Reset(1, observation);
        for (var step = 0; step < 999; step++) Assert.That(environment.Step(action, observation).Done, Is.False);
        environment.GetState(state);
        other.SetState(state);
        Assert.That(other.Step(action, observation),
            Is.EqualTo(environment.Step(action, observation)).And.Property("Truncated").True.And.Property("Terminated").False);
    }

    [Test]
    public void A_training_run_stopped_inside_episodes_is_the_same_as_one_that_never_stopped()
    {
        var folder = Directory.CreateTempSubdirectory("mbpo-mujoco-").FullName;
        using var undisturbed = new StopAndGo(Path.Combine(folder, "undisturbed"), task: tasks => tasks.InvertedPendulum());
        using var stopped = new StopAndGo(Path.Combine(folder, "stopped"), task: tasks => tasks.InvertedPendulum());
        var expected = undisturbed.RunThrough();
        TrainingReport? report = null;
        var stops = 0;
        for (var random = new Random(1); report is null; stops++) report = stopped.Go(random.Next(8, undisturbed.Ticks / 6), 0);
        Assert.That(stops, Is.GreaterThan(5));
        Assert.That(StopAndGo.Metrics(report), Is.EqualTo(StopAndGo.Metrics(expected)));
        Assert.That(CheckpointContent.Of(Path.Combine(folder, "stopped")), Is.EquivalentTo(CheckpointContent.Of(Path.Combine(folder, "undisturbed"))));
        report.Policy.Dispose();
        expected.Policy.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Training_processes_that_are_killed_end_as_an_undisturbed_one()
    {
        var program = Path.Combine(Repository.Output("tests", "MbpoML.Benchmarks"), "MbpoML.Benchmarks.dll");
        var child = ChildProcess.Dotnet([program, "kill", "--kills", "3", "--steps", "90", "--task", "InvertedPendulum"]);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        Assert.That(child.Output, Does.Contain("3 kills").And.Contain(", 0 differences"));
    }

    private static double[][] Actions(MujocoTask task)
    {
        var random = new RandomSource(5);
        return [.. Enumerable.Range(0, Steps).Select(_ => Enumerable.Range(0, task.ActionSize).Select(_ => random.NextUniform(-1, 1)).ToArray())];
    }
}
