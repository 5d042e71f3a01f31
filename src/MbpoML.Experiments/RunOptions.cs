using System.Globalization;
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

    private readonly NamedPreset _preset;
    // Of a run that is only looked at: its preset is not at hand to compare with.
    private IReadOnlyDictionary<string, string>? _changes;

    private RunOptions(TrainingTask task, NamedPreset preset, Algorithm algorithm, int seed)
    {
        (Task, _preset, Algorithm, Seed, Settings) = (task, preset, algorithm, seed, preset.For(algorithm));
        Settings.TrainerOptions.Checkpoints = new Checkpointing();
    }

    /// <summary>The task that the run learns.</summary>
    public TrainingTask Task { get; }

    /// <summary>The name of the preset that the settings began with.</summary>
    public string Preset => _preset.Name;

    /// <summary>The algorithm that learns it.</summary>
    public Algorithm Algorithm { get; }

    /// <summary>The seed from which all random numbers of the run follow.</summary>
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
    /// <param name="task">The task that the run learns.</param>
    /// <param name="preset">The name of one of its presets; null for its default.</param>
    /// <param name="algorithm">The algorithm that learns it.</param>
    /// <param name="seed">The seed from which all random numbers of the run follow, at least 0.</param>
    /// <exception cref="RunSpecException">The task has no such preset.</exception>
    public static RunOptions Of(TrainingTask task, string? preset, Algorithm algorithm, int seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(algorithm);
        return new RunOptions(task, task.Preset(preset ?? task.DefaultPreset), algorithm, seed);
    }

    /// <summary>A copy of these options with another seed.</summary>
    /// <param name="seed">The seed from which all random numbers of the run follow, at least 0.</param>
    public RunOptions WithSeed(int seed)
    {
        var copy = new RunOptions(Task, _preset, Algorithm, seed) { Label = Label, Logged = Logged, _changes = _changes };
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }

    /// <summary>A copy of these options in another environment, to look at the run there.</summary>
    /// <param name="task">The task whose environment is used in place of the run's own.</param>
    public RunOptions In(TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var copy = new RunOptions(task, _preset, Algorithm, Seed) { Label = Label, Logged = Logged, _changes = _changes };
        foreach (var (path, value) in Describe()) copy.Settings.Set(path, value);
        return copy;
    }

    /// <summary>Whether another run would learn the same, as far as it goes.</summary>
    /// <param name="other">The options of the run to compare with.</param>
    /// <returns>True where task, seed, steps, logged data and every setting that changes results are equal.</returns>
    public bool IsSameRun(RunOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Task.Name, Seed, Settings.TrainerOptions.Steps, Logged) == (other.Task.Name, other.Seed, other.Settings.TrainerOptions.Steps, other.Logged) &&
            Counting(this).SequenceEqual(Counting(other));
    }

    /// <summary>Sets one option, as in "Policy.LearningRate=3e-4".</summary>
    /// <param name="assignment">The path of an option, "=" and its value; see <see cref="AlgorithmPreset.Set(string, string)"/> for both.</param>
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

    /// <summary>Writes an options.json, whole or not at all.</summary>
    /// <param name="path">The path of the file; a file that is there is replaced.</param>
    public void Write(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        RunOptionsFile.Write(path, Head(), Settings.Describe());
    }

    /// <summary>The content of an options.json, to be sent to another machine and written there.</summary>
    public string ToJson() => RunOptionsFile.Content(Head(), Settings.Describe()).ToJsonString(JsonFile.Options) + '\n';

    private RunOptionsHead Head() => new()
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
