using System.Globalization;
using MbpoML.Numerics;

namespace MbpoML.Experiments.Reports;

/// <summary>Reads a <see cref="CurveFile"/> of which nothing is known.</summary>
internal sealed class CurveFileReader(string path)
{
    public const string Task = "task";
    public const string Algorithm = "algorithm";
    public const string Label = "label";
    public const string Settings = "settings";
    public const string Seed = "seed";
    public const string Steps = "steps";
    public const string Planned = "planned";
    public const string Seconds = "seconds";
    public const string Machine = "machine";

    private const long MaxBytes = 4 * 1024 * 1024;
    private const int MostQuoted = 80;

    // Far more than any run: what reads the curve goes over all of its evaluations for each row of a table.
    private const int MostSteps = 100_000_000;
    private const int MostEvaluations = 20_000;

    private static readonly string[] Required = [Task, Algorithm, Label, Settings, Seed, Steps, Planned, Seconds];

    private readonly Dictionary<string, (string Text, int Line)> _head = [];
    private readonly List<string> _machines = [];
    private readonly List<RunEvaluation> _evaluations = [];

    /// <summary>The length of a file in bytes; 0 of pipes and devices.</summary>
    public static long LengthOf(string file) => ForeignFile.Length(file);

    /// <summary>Whether a letter may stand in a name: control characters would reach terminals, and invisible ones turn text around.</summary>
    public static bool IsPlain(char letter) => !char.IsControl(letter) && char.GetUnicodeCategory(letter) is not
        (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>The most letters that the value of a name may have.</summary>
    public static int MostLetters(string key) => key == Settings ? 20_000 : 200;

    public RecordedRun Read()
    {
        var length = LengthOf(path);
        if (length > MaxBytes) throw new RunDataException(Invariant($"'{path}' has {length} bytes, but the curve of a run has at most {MaxBytes}."));
        var lines = length == 0 ? [] : File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0].TrimEnd() != CurveFile.FirstLine)
            throw new RunDataException($"'{path}' is no curve of a run: it does not begin with the line \"{CurveFile.FirstLine}\". 'mbpo report --curves' " +
                "writes such files.");
        ReadLines(lines);
        foreach (var key in Required)
            if (!_head.ContainsKey(key)) throw new RunDataException($"'{path}' has no line \"# {key}: ...\" above its table.");
        if (_evaluations.Count == 0) throw new RunDataException($"'{path}' has no evaluation: lines of \"{CurveFile.Columns}\" are missing.");
        var (steps, planned, seconds) = (Step(Steps), Step(Planned), Number(Seconds));
        if (steps < _evaluations[^1].Step) throw Refused(Steps, Invariant($"at least the {_evaluations[^1].Step} steps of its last evaluation"));
        if (seconds < _evaluations[^1].Seconds)
            throw Refused(Seconds, Invariant($"at least the {_evaluations[^1].Seconds} seconds of its last evaluation"));
        return new RecordedRun
        {
            Place = path,
            Task = _head[Task].Text,
            Algorithm = _head[Algorithm].Text,
            Label = _head[Label].Text,
            Settings = _head[Settings].Text,
            Seed = Whole(Seed),
            Evaluations = _evaluations,
            Steps = steps,
            PlannedSteps = planned,
            Seconds = seconds,
            Machines = _machines,
            IsFinished = steps >= planned,
        };
    }

    private void ReadLines(string[] lines)
    {
        var isTable = false;
        for (var number = 2; number <= lines.Length; number++)
        {
            var line = lines[number - 1].Trim();
            if (line.Length == 0) continue;
            if (isTable) Add(Evaluation(line, number), number);
            else if (line == CurveFile.Columns) isTable = true;
            else if (line.StartsWith('#')) ReadHead(line, number);
            else throw Refused(line, number, $"\"# name: value\" or \"{CurveFile.Columns}\"");
        }
    }

    private void Add(RunEvaluation evaluation, int number)
    {
        if (_evaluations.Count == MostEvaluations)
            throw new RunDataException(Invariant($"Line {number} of '{path}' is one evaluation too many: the curve of a run has at most {MostEvaluations}."));
        _evaluations.Add(evaluation);
    }

    // Names that are not known are those of later versions.
    private void ReadHead(string line, int number)
    {
        if (line.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) throw Refused(line, number, "\"# name: value\"");
        var (key, value) = (line[1..colon].Trim(), line[(colon + 1)..].Trim());
        var most = MostLetters(key);
        if (value.Length > most || !value.All(IsPlain)) throw Refused(line, number, Invariant($"at most {most} letters that can be seen"));
        if (value.Length == 0 && key is Task or Algorithm or Label) throw Refused(line, number, $"a value of \"{key}\"");
        if (key == Machine) _machines.Add(value);
        else if (!_head.TryAdd(key, (value, number))) throw Refused(line, number, $"a name that has no value yet: \"{key}\" has one");
    }

    private RunEvaluation Evaluation(string line, int number)
    {
        var cells = line.Split(',');
        var before = _evaluations.Count > 0 ? _evaluations[^1] : null;
        if (cells.Length == 4 && StepOf(cells[0]) is { } step && NumberOf(cells[1]) is { } value && NumberOf(cells[3]) is { } seconds &&
            (cells[2].Length == 0 || NumberOf(cells[2]) is >= 0) && step > (before?.Step ?? -1) && seconds >= (before?.Seconds ?? 0))
            return new RunEvaluation(step, value, NumberOf(cells[2]), seconds);
        throw Refused(
            line, number, $"\"{CurveFile.Columns}\" as numbers with a decimal point, steps and seconds going up, the length empty where it is unknown");
    }

    private int Step(string key) => StepOf(_head[key].Text) ?? throw Refused(key, Invariant($"a whole number from 0 to {MostSteps}"));

    private int Whole(string key) => WholeOf(_head[key].Text) ?? throw Refused(key, "a whole number from 0");

    private double Number(string key) => NumberOf(_head[key].Text) is { } value and >= 0 ? value : throw Refused(key, "a number from 0");

    private static int? WholeOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static int? StepOf(string text) => WholeOf(text) is { } value and <= MostSteps ? value : null;

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private RunDataException Refused(string key, string expected) => Refused($"# {key}: {_head[key].Text}", _head[key].Line, expected);

    private RunDataException Refused(string line, int number, string expected)
    {
        string shown = new([.. line.Take(MostQuoted).Select(letter => IsPlain(letter) ? letter : '?')]);
        return new RunDataException(
            Invariant($"Line {number} of '{path}' is \"{shown}{(line.Length > MostQuoted ? "..." : "")}\", but must be {expected}."));
    }
}
