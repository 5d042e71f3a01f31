using System.Globalization;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Display;

/// <summary>A line for each closed epoch: for files, pipes and continuous integration.</summary>
internal sealed class LineDisplay(ToolConsole console) : IRunDisplay
{
    private readonly Dictionary<string, RemainingTime> _remaining = [];
    private readonly Lock _lock = new();

    public void Report(string run, TrainingProgress progress)
    {
        lock (_lock)
        {
            if (!_remaining.TryGetValue(run, out var remaining)) _remaining[run] = remaining = new RemainingTime();
            var left = remaining.Update(progress);
            if (progress.EpochMetrics is not { } epoch) return;
            console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{run}  {ProgressText.Time(progress.Elapsed)}  step {progress.Step} of {progress.Steps}  return " +
                $"{ProgressText.Return(progress.EvaluationReturn)}  " +
                $"episode {ProgressText.Return(progress.EpisodeReturn)}  {ProgressText.StageTimes(epoch)}  left " +
                $"{(left is { } time ? ProgressText.Time(time) : "-")}"));
        }
    }

    public void Say(string run, string sentence)
    {
        lock (_lock) console.Out.WriteLine($"{run}: {sentence}");
    }

    public void Warn(string run, string sentence)
    {
        lock (_lock) console.Error.WriteLine($"{run}: {sentence}");
    }
}
