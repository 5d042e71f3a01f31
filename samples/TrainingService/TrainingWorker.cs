using MbpoML;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML;

namespace TrainingService;

/// <summary>
/// Trains in the background. A host that stops cancels the run, which writes a checkpoint; the next start goes on from there. After each checkpoint its policy
/// is served.
/// </summary>
internal sealed partial class TrainingWorker(ServiceSettings settings, ServedPolicy served, ILogger<TrainingWorker> log, ILoggerFactory logs)
    : BackgroundService, IProgress<TrainingProgress>
{
    private const int StepsBetweenCheckpoints = 250;
    private string? _servedFile;

    /// <summary>A sign of life, on the thread of the run.</summary>
    public void Report(TrainingProgress value)
    {
        served.Tell("training", value.Step, value.EvaluationReturn);
        ServeNewest();
    }

    // A thread of its own: training keeps it busy for as long as the run takes.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Train(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Train(CancellationToken stop)
    {
        using var environment = new PendulumEnvironment();
        var trainer = TrainerOf(environment, stop);
        try
        {
            var resumes = Checkpointing.Exists(settings.Folder);
            if (resumes) ServeNewest();
            LogBegins(settings.Folder, resumes);
            var report = resumes ? trainer.Resume(settings.Folder) : trainer.Train();
            served.Replace(report.Policy, report.Policy, report.Steps);
            served.Tell("trained", report.Steps);
        }
        catch (TrainingCanceledException stopped)
        {
            stopped.Report?.Policy.Dispose();
            served.Tell("stopped");
            LogStopped(settings.Folder);
        }
        catch (Exception)
        {
            // The host logs what it was, and stops.
            served.Tell("failed");
            throw;
        }
    }

    // A trainer of its own opens the checkpoint, so that the run goes on undisturbed.
    private void ServeNewest()
    {
        if (Checkpointing.Files(settings.Folder) is not [var newest, ..] || newest == _servedFile) return;
        using var environment = new PendulumEnvironment();
        var snapshot = TrainerOf(environment, CancellationToken.None).Open(newest);
        served.Replace(snapshot.Policy, snapshot, snapshot.Step);
        _servedFile = newest;
    }

    // The task and its settings: put your own in their place.
    private MbpoTrainer TrainerOf(IEnvironment environment, CancellationToken stop)
    {
        var preset = MbpoPresets.Pendulum();
        preset.Trainer.Steps = settings.Steps;
        preset.Trainer.CancellationToken = stop;
        preset.Trainer.Progress = this;
        preset.Trainer.Checkpoints = new Checkpointing { Folder = settings.Folder, EverySteps = StepsBetweenCheckpoints };
        return new MLContext(settings.Seed).Reinforcement(logs).Mbpo(environment, preset);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Training in {Folder}; it goes on from a checkpoint: {Resumes}")]
    private partial void LogBegins(string folder, bool resumes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped; the next start goes on from the checkpoint in {Folder}")]
    private partial void LogStopped(string folder);
}
