using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Policies;
using MbpoML.Tests.Fakes;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;

namespace MbpoML.Tests.Training;

/// <summary>Training inside a web host or a service: a background service that the host stops and starts again.</summary>
public sealed class HostedTrainingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_background_service_that_is_stopped_goes_on_in_the_next_host()
    {
        using var folder = new TemporaryFolder();
        var first = new Training(folder["checkpoints"]);
        using (var host = Host(first))
        {
            await host.StartAsync();
            await first.UnderWay.WaitAsync(Patience);
            await host.StopAsync();
        }

        Assert.That(first.Stopped, Is.True);
        Assert.That(Checkpointing.Exists(folder["checkpoints"]));

        var second = new Training(folder["checkpoints"]);
        using (var host = Host(second))
        {
            await host.StartAsync();
            var resumed = await second.Actions.WaitAsync(Patience);
            await host.StopAsync();
            Assert.That(resumed, Is.EqualTo(Undisturbed()));
        }
    }

    private static IHost Host(Training training)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHostedService(_ => training);
        return builder.Build();
    }

    private static MbpoPreset Preset() => SmallRuns.Preset(400);

    private static float[] Undisturbed()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var environment = rl.Environments.Pendulum();
        using var policy = rl.Mbpo(environment, Preset()).Fit();
        return Actions(policy);
    }

    private static float[] Actions(PolicyTransformer policy) =>
        [.. Enumerable.Range(-10, 21).Select(index => policy.Act([MathF.Cos(index), MathF.Sin(index), index / 5f])[0])];

    private sealed class Training(string checkpoints) : BackgroundService
    {
        private readonly TaskCompletionSource _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<float[]> _actions = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when policy updates have begun.</summary>
        public Task UnderWay => _underWay.Task;

        /// <summary>What the policy does in the end.</summary>
        public Task<float[]> Actions => _actions.Task;

        public bool Stopped { get; private set; }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.Factory.StartNew(() => Train(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        private void Train(CancellationToken stoppingToken)
        {
            var rl = new MLContext(seed: 1).Reinforcement();
            using var environment = rl.Environments.Pendulum();
            var preset = Preset();
            preset.Trainer.CancellationToken = stoppingToken;
            preset.Trainer.Progress = new ProgressListener(progress =>
            {
                if (progress.Phase == TrainingPhase.OptimizingPolicy) _underWay.TrySetResult();
            });
            preset.Trainer.Checkpoints = new Checkpointing { Folder = checkpoints };
            var trainer = rl.Mbpo(environment, preset);
            try
            {
                using var policy = (Checkpointing.Exists(checkpoints) ? trainer.Resume(checkpoints) : trainer.Train()).Policy;
                _actions.SetResult(HostedTrainingTests.Actions(policy));
            }
            catch (TrainingCanceledException stopped)
            {
                stopped.Report?.Policy.Dispose();
                Stopped = true;
            }
        }
    }
}
