using System.Globalization;

namespace MbpoML.Training.Outcome;

/// <summary>Writes a run's progress as text, in the invariant culture.</summary>
/// <param name="writer">Where to.</param>
/// <param name="terminalWidth">The characters of a line of the terminal, on which the last line is written over; null where lines only follow one
/// another.</param>
internal sealed class ProgressLines(TextWriter writer, Func<int>? terminalWidth) : IProgress<TrainingProgress>
{
    // A first fit may take minutes: a log that says nothing so long looks dead.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly RemainingTime _remaining = new();
    private TimeSpan _lastLine;
    private int _written;
    private bool _isClosed;

    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            var left = _remaining.Update(value);
            if (_isClosed) return;
            try
            {
                Write(value, left);
                writer.Flush();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // A reader that went away is no reason to lose a run.
                _isClosed = true;
            }
        }
    }

    private static string Line(TrainingProgress value, TimeSpan? left)
    {
        var evaluation = value.EvaluationReturn is { } known ? string.Create(CultureInfo.InvariantCulture, $"return {known:0.###}") : "not evaluated yet";
        var rest = value.Phase == TrainingPhase.Finished ? "" : left is { } time ? $", about {ProgressWords.Time(time)} left" : ", time left not known yet";
        return string.Create(CultureInfo.InvariantCulture,
            $"{ProgressWords.Time(value.Elapsed)}  step {value.Step} of {value.Steps}, {evaluation}, {ProgressWords.Phase(value.Phase)}{rest}");
    }

    private void Write(TrainingProgress value, TimeSpan? left)
    {
        var stays = value.EpochMetrics?.EvaluationReturn is not null || value.Phase == TrainingPhase.Finished;
        if (terminalWidth is not null) WriteOver(Line(value, left), terminalWidth(), stays);
        else if (stays || value.Elapsed - _lastLine >= Silence)
        {
            writer.WriteLine(Line(value, left));
            _lastLine = value.Elapsed;
        }
    }

    // A line as long as the terminal is wide would scroll it.
    private void WriteOver(string line, int width, bool stays)
    {
        if (line.Length >= width) line = line[..Math.Max(0, width - 1)];
        writer.Write($"\r{line.PadRight(Math.Min(_written, Math.Max(0, width - 1)))}");
        _written = line.Length;
        if (!stays) return;
        writer.WriteLine();
        _written = 0;
    }
}
