using System.Diagnostics;
using System.Globalization;
using MbpoML.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MbpoML.Tool.Display;

/// <summary>Two lines for each run that are drawn over as it goes on.</summary>
internal sealed class LiveDisplay : IRunDisplay
{
    private const int BarWidth = 30;
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _sentences = [];
    private readonly LiveDisplayContext _context;
    private readonly Lock _lock = new();
    private long _lastFrame;

    private LiveDisplay(LiveDisplayContext context) => _context = context;

    /// <summary>Shows what the work reports until it returns.</summary>
    public static int Show(ToolConsole console, Func<IRunDisplay, int> work) => console.Rich.Live(new Rows()).Start(context =>
    {
        var display = new LiveDisplay(context);
        var code = work(display);
        display.Draw();
        return code;
    });

    public void Report(string run, TrainingProgress progress)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(run, out var row)) _rows[run] = row = new Row();
            row.Update(progress);
            if (Stopwatch.GetElapsedTime(_lastFrame) < BetweenFrames && progress.EpochMetrics is null) return;
            Draw();
        }
    }

    public void Say(string run, string sentence)
    {
        lock (_lock)
        {
            _sentences.Add($"{run}: {sentence}");
            Draw();
        }
    }

    public void Warn(string run, string sentence) => Say(run, sentence);

    private void Draw()
    {
        _lastFrame = Stopwatch.GetTimestamp();
        _context.UpdateTarget(new Rows([.. _sentences.Select(sentence => new Text(sentence)), .. _rows.SelectMany(row => row.Value.Lines(row.Key))]));
        _context.Refresh();
    }

    private sealed class Row
    {
        private readonly RemainingTime _remaining = new();
        private TrainingProgress? _progress;
        private TimeSpan? _left;
        private string _stages = "";

        public void Update(TrainingProgress progress)
        {
            (_progress, _left) = (progress, _remaining.Update(progress) ?? _left);
            if (progress.EpochMetrics is { } epoch) _stages = ProgressText.StageTimes(epoch);
        }

        public IEnumerable<IRenderable> Lines(string run)
        {
            if (_progress is not { } now) yield break;
            var done = Math.Clamp((double)now.Step / now.Steps, 0, 1);
            var filled = (int)(done * BarWidth);
            yield return new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"[bold]{run.EscapeMarkup()}[/]  [green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]  {100 * done:F0}%  step {now.Step} of {now.Steps}  " +
                $"return [bold]{ProgressText.Return(now.EvaluationReturn)}[/]  episode {ProgressText.Return(now.EpisodeReturn)}  " +
                $"{ProgressText.Time(now.Elapsed)}, left {(_left is { } left ? ProgressText.Time(left) : "-")}"));
            yield return new Text($"{new string(' ', run.Length)}  {ProgressText.Phase(now.Phase)}{(_stages.Length > 0 ? $"; time so far: {_stages}" : "")}", new Style(Color.Grey));
        }
    }
}
