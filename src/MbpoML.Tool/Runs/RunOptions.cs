using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MbpoML.Tool.Tasks;
using MbpoML.Training;

namespace MbpoML.Tool.Runs;

/// <summary>Everything that decides what a run does: the content of options.json.</summary>
internal sealed class RunOptions
{
    // Given by the run itself, not by its settings.
    private const string SeedPath = "Trainer.Seed";
    private const string FolderPath = "Trainer.Checkpoints.Folder";
    private const long MaxBytes = 1024 * 1024;

    private readonly NamedPreset _preset;

    private RunOptions(TrainingTask task, NamedPreset preset, Algorithm algorithm, int seed)
    {
        (Task, _preset, Algorithm, Seed, Settings) = (task, preset, algorithm, seed, algorithm.Apply(preset.Create()));
        Settings.Trainer.Checkpoints = new Checkpointing();
    }

    public TrainingTask Task { get; }

    public string Preset => _preset.Name;

    public Algorithm Algorithm { get; }

    public int Seed { get; }

    /// <summary>The settings of the loop and its stages, free to change.</summary>
    public MbpoPreset Settings { get; }

    /// <summary>The options that differ from the preset of task and algorithm, by their paths, but for those that change no result.</summary>
    public IReadOnlyDictionary<string, string> Changes
    {
        get
        {
            var preset = new RunOptions(Task, _preset, Algorithm, Seed).Settings.Describe();
            return Settings.DescribeWhatCounts().Where(option => preset.GetValueOrDefault(option.Key) != option.Value).ToDictionary();
        }
    }

    /// <summary>The settings of a preset as they are.</summary>
    /// <param name="task">The task.</param>
    /// <param name="preset">A preset of it; null for its default.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="seed">The seed.</param>
    public static RunOptions Of(TrainingTask task, string? preset, Algorithm algorithm, int seed) => new(task, task.Preset(preset ?? task.DefaultPreset), algorithm, seed);

    /// <summary>The same with another seed.</summary>
    public RunOptions WithSeed(int seed)
    {
        var copy = new RunOptions(Task, _preset, Algorithm, seed);
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }

    /// <summary>Whether another run would learn the same, as far as it goes.</summary>
    public bool IsSameRun(RunOptions other) =>
        (Task, Seed, Settings.Trainer.Steps) == (other.Task, other.Seed, other.Settings.Trainer.Steps)
        && Settings.DescribeWhatCounts().OrderBy(option => option.Key, StringComparer.Ordinal).SequenceEqual(other.Settings.DescribeWhatCounts().OrderBy(option => option.Key, StringComparer.Ordinal));

    /// <summary>Sets one option, as in "Policy.LearningRate=3e-4".</summary>
    /// <exception cref="UsageException">There is no such option, or the text is no value of it.</exception>
    public void Set(string assignment)
    {
        Refuse(() =>
        {
            if (assignment.Contains('=', StringComparison.Ordinal)) RefuseGiven(Settings.PathOf(assignment.Split('=')[0].Trim()));
            Settings.Set(assignment);
        });
    }

    /// <summary>Reads an options.json.</summary>
    /// <exception cref="UsageException">The file is none; the message says why.</exception>
    public static RunOptions Read(string path)
    {
        if (!File.Exists(path)) throw new UsageException($"There is no file '{path}'.");
        if (new FileInfo(path).Length > MaxBytes) throw new UsageException($"'{path}' is no options.json: it has more than {MaxBytes} bytes.");
        try
        {
            return Read(JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or UsageException or FormatException or NullReferenceException)
        {
            throw new UsageException($"'{path}' is no options.json that can be used: {exception.Message}");
        }
    }

    /// <summary>Writes an options.json, whole or not at all.</summary>
    public void Write(string path) => JsonFile.Write(path, ToJson());

    private static RunOptions Read(JsonObject file)
    {
        var task = TaskList.Named(file["task"]?.GetValue<string>() ?? throw new UsageException("it names no task."));
        var options = Of(task, file["preset"]?.GetValue<string>(), Algorithm.Named(file["algorithm"]?.GetValue<string>() ?? "mbpo"), file["seed"]?.GetValue<int>() ?? 1);
        foreach (var (name, value) in file)
            if (name is not ("task" or "preset" or "algorithm" or "seed")) options.Set(name, value);
        return options;
    }

    private void Set(string path, JsonNode? value)
    {
        if (value is JsonObject group)
            foreach (var (name, part) in group) Set($"{path}.{name}", part);
        else Refuse(() => Settings.Set(path, Text(value)));
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        _ => value.ToJsonString(),
    };

    private IEnumerable<KeyValuePair<string, string>> Describe() => Settings.Describe().Where(option => option.Key is not (SeedPath or FolderPath));

    private JsonObject ToJson()
    {
        var file = new JsonObject { ["task"] = Task.Name, ["preset"] = Preset, ["algorithm"] = Algorithm.Name, ["seed"] = Seed };
        foreach (var (path, value) in Describe())
        {
            var names = path.Split('.');
            var group = file;
            foreach (var name in names[..^1]) group = (group[name] ??= new JsonObject()).AsObject();
            group[names[^1]] = Node(value);
        }

        return file;
    }

    // Numbers, switches, lists and null are JSON as they are.
    private static JsonNode? Node(string value)
    {
        if (value.Length > 0 && (char.IsAsciiDigit(value[0]) || value[0] is '-' or '[' || value is "true" or "false" or "null"))
        {
            try
            {
                return JsonNode.Parse(value);
            }
            catch (JsonException)
            {
                return value;
            }
        }

        return value;
    }

    private static void RefuseGiven(string path)
    {
        if (path == SeedPath) throw new UsageException($"{SeedPath} is given by --seed or --seeds.");
        if (path == FolderPath) throw new UsageException($"{FolderPath} is given by --out: checkpoints lie in the run's folder.");
    }

    private static void Refuse(Action set)
    {
        try
        {
            set();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Algorithm.Label} on {Task.Name}, seed {Seed}");
}
