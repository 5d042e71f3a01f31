using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Experiments.Tasks;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments;

/// <summary>
/// Everything that decides what a run does, resolved: the content of options.json. <see cref="RunSpec"/> is what a person or a program asks for.
/// </summary>
public sealed partial class RunOptions
{
    // Given by the run itself, not by its settings.
    private const string SeedPath = "Trainer.Seed";
    private const string FolderPath = "Trainer.Checkpoints.Folder";
    private const long MaxBytes = 1024 * 1024;

    private readonly NamedPreset _preset;
    // Of a run that is only looked at: its preset is not at hand to compare with.
    private IReadOnlyDictionary<string, string>? _changes;

    private RunOptions(TrainingTask task, NamedPreset preset, Algorithm algorithm, int seed)
    {
        (Task, _preset, Algorithm, Seed, Settings) = (task, preset, algorithm, seed, algorithm.Apply(preset.Create()));
        Settings.TrainerOptions.Checkpoints = new Checkpointing();
    }

    /// <summary>The task.</summary>
    public TrainingTask Task { get; }

    /// <summary>The name of the preset that the settings began with.</summary>
    public string Preset => _preset.Name;

    /// <summary>The algorithm.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>Determines everything random.</summary>
    public int Seed { get; }

    /// <summary>What tables and pictures call the run where it named itself; else null.</summary>
    public string? Label { get; internal init; }

    /// <summary>The CSV file of logged transitions with which the run begins, as a whole path; null where it begins with random exploration.</summary>
    public string? Logged { get; internal init; }

    /// <summary>The settings of the loop and its stages, free to change.</summary>
    public AlgorithmPreset Settings { get; }

    /// <summary>The settings of a run of MBPO.</summary>
    /// <exception cref="RunSpecException">The run is of another algorithm.</exception>
    public MbpoPreset MbpoSettings =>
        Settings as MbpoPreset ?? throw new RunSpecException($"This is for runs of MBPO, Dyna or SAC, but {this} is of another algorithm.");

    /// <summary>The options that differ from the preset of task and algorithm, by their paths, but for those that change no result.</summary>
    public IReadOnlyDictionary<string, string> Changes
    {
        get
        {
            if (_changes is not null) return _changes;
            var preset = new RunOptions(Task, _preset, Algorithm, Seed).Settings.Describe();
            return Settings.DescribeWhatCounts().Where(option => preset.GetValueOrDefault(option.Key) != option.Value).ToDictionary();
        }
    }

    /// <summary>The settings of a preset as they are.</summary>
    /// <param name="task">The task.</param>
    /// <param name="preset">A preset of it; null for its default.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="RunSpecException">The task has no such preset.</exception>
    public static RunOptions Of(TrainingTask task, string? preset, Algorithm algorithm, int seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(algorithm);
        return new RunOptions(task, task.Preset(preset ?? task.DefaultPreset), algorithm, seed);
    }

    /// <summary>The same with another seed.</summary>
    public RunOptions WithSeed(int seed)
    {
        var copy = new RunOptions(Task, _preset, Algorithm, seed) { Label = Label, Logged = Logged, _changes = _changes };
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }

    /// <summary>The same run, looked at in another environment.</summary>
    public RunOptions In(TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var copy = new RunOptions(task, _preset, Algorithm, Seed) { Label = Label, Logged = Logged, _changes = _changes };
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }

    /// <summary>Whether another run would learn the same, as far as it goes.</summary>
    public bool IsSameRun(RunOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Task.Name, Seed, Settings.TrainerOptions.Steps, Logged) == (other.Task.Name, other.Seed, other.Settings.TrainerOptions.Steps, other.Logged) &&
            Counting(this).SequenceEqual(Counting(other));
    }

    /// <summary>Sets one option, as in "Policy.LearningRate=3e-4".</summary>
    /// <exception cref="RunSpecException">There is no such option, or the text is no value of it.</exception>
    public void Set(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        Refuse(() =>
        {
            if (assignment.Contains('=', StringComparison.Ordinal)) RefuseGiven(Settings.PathOf(assignment.Split('=')[0].Trim()));
            Settings.Set(assignment);
        });
    }

    /// <summary>Reads an options.json to look at the run; the environment of a task that is not the tool's own is not loaded before it is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <exception cref="RunSpecException">The file is none; the message says why.</exception>
    public static RunOptions Read(string path, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tasks);
        return Read(path, head => TaskOf(head, tasks) ?? EnvironmentTask.Recorded(head, path), isLookedAt: true);
    }

    /// <summary>Reads an options.json to train the run, or to open what it holds: with its environment.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tasks">The tasks that it may name.</param>
    /// <param name="environment">Makes the environment in place of the one that the file names; null for that one.</param>
    /// <exception cref="RunSpecException">The file is none, its environment cannot be found, or only the program that began the run can make its parts; the
    /// message says which.</exception>
    public static RunOptions Open(string path, TaskCatalog tasks, string? environment = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tasks);
        return Read(path, head => environment is not null ? EnvironmentTask.Load(environment, head.Task, head.TimeLimit)
            : TaskOf(head, tasks) ?? EnvironmentTask.Load(EnvironmentTask.ReferenceOf(head, path), head.Task, head.TimeLimit), isLookedAt: false);
    }

    /// <summary>Writes an options.json, whole or not at all.</summary>
    public void Write(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var head = new RunOptionsHead
        {
            Task = Task.Name,
            Environment = Task.Environment,
            TimeLimit = Task.TimeLimit,
            Preset = Preset,
            Algorithm = Algorithm.Name,
            Seed = Seed,
            Label = Label,
            Logged = Logged,
            Changes = Task.Environment is null ? null : Changes,
        };
        RunOptionsFile.Write(path, head, Settings.Describe());
    }

    private static RunOptions Read(string path, Func<RunOptionsHead, TrainingTask> taskOf, bool isLookedAt)
    {
        if (!File.Exists(path)) throw new RunSpecException($"There is no file '{path}'.");
        if (new FileInfo(path).Length > MaxBytes) throw new RunSpecException($"'{path}' is no options.json: it has more than {MaxBytes} bytes.");
        JsonObject file;
        RunOptionsHead head;
        try
        {
            file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            head = HeadOf(file);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Unusable(path, exception);
        }

        if (!isLookedAt && head.Algorithm == Algorithm.Custom.Name)
            throw new RunSpecException(
                $"'{path}' is of a run of a custom algorithm, which only the program that began it can make: go on with it there, by the Resume of its " +
                    "trainer.");
        // What is wrong with a task or an environment says so itself.
        TrainingTask task;
        try
        {
            task = taskOf(head);
        }
        catch (RunSpecException exception) when (head is { Environment: null, EnvironmentType: null })
        {
            throw Unusable(path, exception);
        }

        try
        {
            return Read(file, head, task, isLookedAt);
        }
        catch (RunSpecException exception) when (task.Environment is not null)
        {
            throw new RunSpecException(
                $"{Unusable(path, exception).Message} What only code can give is there in the program that began the run: go on with it there, by the " +
                    "Resume of its trainer.");
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw Unusable(path, exception);
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is JsonException or InvalidOperationException or RunSpecException or FormatException or NullReferenceException;

    private static RunSpecException Unusable(string path, Exception exception) => new($"'{path}' is no options.json that can be used: {exception.Message}");

    private static RunOptionsHead HeadOf(JsonObject file) => new()
    {
        Task = file[RunOptionsHead.TaskKey]?.GetValue<string>() ?? throw new RunSpecException("it names no task."),
        Environment = file[RunOptionsHead.EnvironmentKey]?.GetValue<string>(),
        EnvironmentType = file[RunOptionsHead.EnvironmentTypeKey]?.GetValue<string>(),
        TimeLimit = file[RunOptionsHead.TimeLimitKey]?.GetValue<int>(),
        Preset = file[RunOptionsHead.PresetKey]?.GetValue<string>(),
        Algorithm = file[RunOptionsHead.AlgorithmKey]?.GetValue<string>() ?? "mbpo",
        Seed = file[RunOptionsHead.SeedKey]?.GetValue<int>() ?? 1,
        Label = file[RunOptionsHead.LabelKey]?.GetValue<string>(),
        Logged = file[RunOptionsHead.LoggedKey]?.GetValue<string>(),
        Changes = file[RunOptionsHead.ChangesKey]?.AsObject().ToDictionary(change => change.Key, change => change.Value?.GetValue<string>() ?? ""),
    };

    // A task of the tool's own, which programs can give to their own trainers as well; null for another environment.
    private static TrainingTask? TaskOf(RunOptionsHead head, TaskCatalog tasks)
    {
        if (head.Environment is not null) return null;
        if (head.EnvironmentType is null) return tasks.Named(head.Task);
        return tasks.Tasks.FirstOrDefault(task => task.Name == head.Task && task.EnvironmentType == head.EnvironmentType);
    }

    private static RunOptions Read(JsonObject file, RunOptionsHead head, TrainingTask task, bool isLookedAt)
    {
        var algorithm = Algorithm.Named(head.Algorithm);
        var isCatalogTask = task.Environment is null;
        // A program's run may have begun with any preset: each of its options stands in the file.
        var preset = head.Preset is { } name && (isCatalogTask || task.Presets.Any(one => one.Name == name)) ? name : null;
        var empty = Of(task, preset, algorithm, head.Seed);
        var options = new RunOptions(task, empty._preset, algorithm, head.Seed) { Label = head.Label, Logged = head.Logged,
            _changes = isLookedAt && !isCatalogTask ? head.Changes ?? new Dictionary<string, string>() : null };
        foreach (var (option, value) in file)
            if (!RunOptionsHead.Keys.Contains(option)) options.Set(option, value, isLookedAt && (!isCatalogTask || algorithm == Algorithm.Custom));
        return options;
    }

    private void Set(string option, JsonNode? value, bool isLookedAt)
    {
        if (value is JsonObject group)
        {
            foreach (var (name, part) in group) Set($"{option}.{name}", part, isLookedAt);
            return;
        }

        try
        {
            if (option is nameof(MbpoPreset.Dynamics) or nameof(MbpoPreset.Policy) && value is JsonValue)
                throw new ArgumentException($"{option} is {Text(value)}, which only code can make.");
            Settings.Set(option, Text(value));
        }
        catch (ArgumentException) when (isLookedAt)
        {
            // What only code can give is not needed to look at a run.
        }
        catch (ArgumentException exception)
        {
            throw new RunSpecException(ExceptionText.Of(exception));
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var content) => content,
        _ => value.ToJsonString(),
    };

    private static IEnumerable<KeyValuePair<string, string>> Counting(RunOptions options) =>
        options.Settings.DescribeWhatCounts().OrderBy(option => option.Key, StringComparer.Ordinal);

    private IEnumerable<KeyValuePair<string, string>> Describe() => Settings.Describe().Where(option => option.Key is not (SeedPath or FolderPath));

    private static void RefuseGiven(string path)
    {
        if (path == SeedPath) throw new RunSpecException($"{SeedPath} is given by --seed or --seeds.");
        if (path == FolderPath) throw new RunSpecException($"{FolderPath} is given by --out: checkpoints lie in the run's folder.");
    }

    private static void Refuse(Action set)
    {
        try
        {
            set();
        }
        catch (ArgumentException exception)
        {
            throw new RunSpecException(ExceptionText.Of(exception));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Algorithm.Label} on {Task.Name}, seed {Seed}");
}
