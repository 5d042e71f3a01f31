using System.Globalization;
using MbpoML.Training;
using MbpoML.Training.Outcome;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MbpoML.Tool.Display;

/// <summary>Some lines for each run that are drawn over as it goes on, no longer than the terminal is wide; a run that is over has one.</summary>
internal sealed class LiveDisplay : IRunDisplay
{
    // More would push the runs out of the terminal.
    private const int MostSentences = 6;
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<string, RunLines> _rows = new(StringComparer.Ordinal);
    private readonly Queue<string> _sentences = [];
    private readonly LiveDisplayContext _context;
    private readonly int _width;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly Lock _lock = new();
    private long _lastFrame;

    private LiveDisplay(LiveDisplayContext context, int width) => (_context, _width) = (context, width);

    /// <summary>Shows what the work reports until it returns.</summary>
    public static int Show(ToolConsole console, Func<IRunDisplay, int> work) => console.Rich.Live(new Rows()).Start(context =>
    {
        var display = new LiveDisplay(context, console.Rich.Profile.Width);
        var code = work(display);
        display.Draw();
        return code;
    });

    public void Report(string run, TrainingProgress progress)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(run, out var row)) _rows[run] = row = new RunLines();
            row.Update(progress);
            if (_clock.GetElapsedTime(_lastFrame) < BetweenFrames && progress.EpochMetrics is null) return;
            Draw();
        }
    }

    public void Say(string run, string sentence)
    {
        lock (_lock)
        {
            _sentences.Enqueue($"{run}: {sentence}");
            if (_sentences.Count > MostSentences) _sentences.Dequeue();
            Draw();
        }
    }

    public void Warn(string run, string sentence) => Say(run, sentence);

    private void Draw()
    {
        _lastFrame = _clock.GetTimestamp();
        _context.UpdateTarget(
            new Rows(
                [.. _sentences.Select(sentence => (IRenderable)new Text(sentence)),
                    .. _rows.SelectMany(row => row.Value.Of(row.Key, _width)).Select(line => line.ToParagraph())]));
        _context.Refresh();
    }

    /// <summary>What is shown of one run.</summary>
    internal sealed class RunLines
    {
        private const int NarrowestWidth = 60;
        private const int LongestBar = 30;
        private const int ShortestBar = 8;
        private const int Indent = 2;

        private readonly RemainingTime _remaining = new();
        private TrainingProgress? _progress;
        private TimeSpan? _left;
        private string _stages = "";

        public void Update(TrainingProgress progress)
        {
            (_progress, _left) = (progress, _remaining.Update(progress) ?? _left);
            if (progress.EpochMetrics is { } epoch) _stages = ProgressText.StageTimes(epoch);
        }

        /// <summary>The lines, none before the first sign of life.</summary>
        /// <param name="run">What the run is called.</param>
        /// <param name="width">The width of the terminal, in columns; none of the lines is longer, unless it has fewer than 60.</param>
        public IEnumerable<Line> Of(string run, int width)
        {
            if (_progress is not { } now) yield break;
            width = Math.Max(NarrowestWidth, width);
            var returns = string.Create(CultureInfo.InvariantCulture,
                $"step {now.Step} of {now.Steps}  return {ProgressText.Return(now.EvaluationReturn)}  episode {ProgressText.Return(now.EpisodeReturn)}");
            var done = Math.Clamp((double)now.Step / now.Steps, 0, 1);
            var times = now.Phase == TrainingPhase.Finished
                ? ProgressText.Time(now.Elapsed)
                : $"{ProgressText.Time(now.Elapsed)}, left {(_left is { } left ? ProgressText.Time(left) : "-")}";
            var end = string.Create(CultureInfo.InvariantCulture, $"  {100 * done,3:F0}%  {times}");
            var name = Shortened(run, width - end.Length - Indent - ShortestBar);
            var bar = Math.Clamp(width - name.Length - end.Length - Indent, ShortestBar, LongestBar);
            var filled = (int)(done * bar);
            yield return new Line(
                [(name, Bold), ("  ", Style.Plain), (new string('━', filled), Green), (new string('━', bar - filled), Grey), (end, Style.Plain)]);
            yield return new Line(
                [(Shortened($"  {(now.Phase == TrainingPhase.Finished ? "" : $"{ProgressText.Phase(now.Phase)}  ")}{returns}", width), Style.Plain)]);
            if (now.Phase != TrainingPhase.Finished && _stages.Length > 0) yield return new Line([(Shortened($"  {_stages}", width), Grey)]);
        }

        private static Style Bold { get; } = new(decoration: Decoration.Bold);

        private static Style Green { get; } = new(Color.Green);

        private static Style Grey { get; } = new(Color.Grey);

        // The end of a name tells seeds and variants apart.
        private static string Shortened(string text, int width) =>
            text.Length <= width ? text : text[0] == ' ' ? $"{text[..(width - 1)]}…" : $"…{text[^(width - 1)..]}";
    }

    /// <summary>Pieces of text with a style each; none of them is markup.</summary>
    internal sealed record Line(IReadOnlyList<(string Text, Style Style)> Pieces)
    {
        public int Length => Pieces.Sum(piece => piece.Text.Length);

        public IRenderable ToParagraph()
        {
            var paragraph = new Paragraph();
            foreach (var (text, style) in Pieces) paragraph.Append(text, style);
            return paragraph;
        }
    }
}
