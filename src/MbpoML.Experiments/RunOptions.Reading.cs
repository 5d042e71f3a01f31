using System.Text.Json;
using System.Text.Json.Nodes;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Experiments.Tasks;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments;

/// <content>How an options.json becomes the options of a run again, also one from another program or machine.</content>
public sealed partial class RunOptions
{
    private const long MaxBytes = 1024 * 1024;

    /// <summary>Reads an options.json to look at the run; the environment of a task that is not the tool's own is not loaded before it is made.</summary>
    /// <param name="path">The path of an options.json.</param>
    /// <param name="tasks">The tasks that the file may name.</param>
    /// <exception cref="RunSpecException">The file is none; the message says why.</exception>
    public static RunOptions Read(string path, TaskCatalog tasks)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tasks);
        return Read(path, head => TaskOf(head, tasks) ?? EnvironmentTask.Recorded(head, path), isLookedAt: true);
    }

    /// <summary>Reads an options.json to train the run, or to open what it holds: with its environment.</summary>
    /// <param name="path">The path of an options.json.</param>
    /// <param name="tasks">The tasks that the file may name.</param>
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
        var options = new RunOptions(task, empty._preset, algorithm, head.Seed)
        {
            Label = head.Label,
            Logged = head.Logged,
            _changes = isLookedAt && !isCatalogTask ? head.Changes ?? new Dictionary<string, string>() : null
        };
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (option, value) in file)
            if (!RunOptionsHead.Keys.Contains(option)) options.Set(option, value, isLookedAt && (!isCatalogTask || algorithm == Algorithm.Custom), read);
        options.KeepFromBefore(read);
        return options;
    }

    // A run writes all options of its time. One that its file does not have is newer, and its default is what the run did without it, whatever a preset says
    // today. A file with few options was written by a person, who takes the others from the preset.
    private void KeepFromBefore(HashSet<string> read)
    {
        var all = Settings.DescribeWhatCounts();
        if (all.Keys.Count(read.Contains) < all.Count / 2) return;
        var defaults = ((AlgorithmPreset)Activator.CreateInstance(Settings.GetType())!).Describe();
        foreach (var option in all.Keys.Where(option => !read.Contains(option)))
            if (defaults.TryGetValue(option, out var value)) Settings.Set(option, value);
    }

    private void Set(string option, JsonNode? value, bool isLookedAt, HashSet<string> read)
    {
        if (value is JsonObject group)
        {
            foreach (var (name, part) in group) Set($"{option}.{name}", part, isLookedAt, read);
            return;
        }

        read.Add(option);
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
}
