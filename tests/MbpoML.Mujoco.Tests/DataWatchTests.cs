using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments.Wrappers;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace MbpoML.Mujoco.Tests;

/// <summary>The tasks contradict themselves nowhere, and none of their numbers is one that a run warns of.</summary>
[Category("Text")]
public class DataWatchTests
{
    private static IEnumerable<MujocoTask> Tasks => MujocoTasks.All;

    [TestCaseSource(nameof(Tasks))]
    public void A_run_says_nothing_about_the_data_of_a_task(MujocoTask task)
    {
        var warnings = new List<string>();
        using var factory = new Warnings(warnings);
        using var environment = task.Create();
        var preset = new MbpoPreset
        {
            Trainer = new MbpoTrainer.Options
            {
                Steps = 1500,
                InitialExplorationSteps = 1300,
                ModelTrainingInterval = 250,
                UpdatesPerStep = 1,
                BatchSize = 16,
                EvaluationEpisodes = 0,
                Threads = 1
            },
            Dynamics = { HiddenSizes = [8], MaxOptimizerSteps = 20 },
            Rollouts = { BatchSize = 16, Schedule = RolloutSchedule.Constant(1) },
            Policy = { HiddenSizes = [8] },
        };
        new MLContext(1).Reinforcement(factory).Mbpo(environment, preset).Fit().Dispose();
        Assert.That(warnings, Is.Empty);
    }

    [TestCaseSource(nameof(Tasks))]
    public void A_task_may_be_checked_and_then_its_functions_are_compared_with_its_steps(MujocoTask task)
    {
        using var environment = task.Create().WithChecks();
        var (random, observation, action) = (new RandomSource(5), new double[environment.ObservationSpace.Size], new double[environment.ActionSpace.Size]);
        var done = true;
        for (var (step, episode) = (0, 0); step < 500; step++)
        {
            if (done) environment.Reset(episode++, observation);
            environment.ActionSpace.Sample(random, action);
            done = environment.Step(action, observation).Done;
        }
    }

    private sealed class Warnings(List<string> lines) : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
