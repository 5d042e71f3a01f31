using System.Text.Json;
using System.Text.Json.Nodes;
using MbpoML.Training;
using MbpoML.Training.Presets;

namespace MbpoML.Experiments;

/// <summary>The form of options.json: the head, then every option of the loop and its stages as a tree.</summary>
internal static class RunOptionsFile
{
    private const string Dynamics = "Dynamics";
    private const string Policy = "Policy";

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="head">What stands before the options.</param>
    /// <param name="options">Every option by its path, but for seed and folders, which the run itself gives.</param>
    /// <param name="run">Names the stages that are not MbpoML's own and so have no options; null where all are.</param>
    public static void Write(string path, RunOptionsHead head, IEnumerable<KeyValuePair<string, string>> options, RunDescription? run = null) =>
        JsonFile.Write(path, Content(head, options, run));

    /// <summary>What the file holds.</summary>
    /// <inheritdoc cref="Write"/>
    public static JsonObject Content(RunOptionsHead head, IEnumerable<KeyValuePair<string, string>> options, RunDescription? run = null)
    {
        var file = new JsonObject { [RunOptionsHead.TaskKey] = head.Task };
        AddName(RunOptionsHead.EnvironmentKey, head.Environment);
        AddName(RunOptionsHead.EnvironmentTypeKey, head.EnvironmentType);
        if (head.TimeLimit is { } limit) file[RunOptionsHead.TimeLimitKey] = limit;
        AddName(RunOptionsHead.PresetKey, head.Preset);
        (file[RunOptionsHead.AlgorithmKey], file[RunOptionsHead.SeedKey]) = (head.Algorithm, head.Seed);
        AddName(RunOptionsHead.LabelKey, head.Label);
        AddName(RunOptionsHead.LoggedKey, head.Logged);
        if (head.Changes is { } changes)
            file[RunOptionsHead.ChangesKey] = new JsonObject(changes.Select(change => KeyValuePair.Create(change.Key, (JsonNode?)change.Value)));
        foreach (var (option, value) in options.Where(option => option.Key is not ("Trainer.Seed" or "Trainer.Checkpoints.Folder"))) Add(file, option, value);
        if (run is not null && !file.ContainsKey(Dynamics)) file[Dynamics] = run.Dynamics;
        if (run is not null && !file.ContainsKey(Policy) && run.Policy != "null") file[Policy] = run.Policy;
        return file;

        void AddName(string key, string? value)
        {
            if (value is not null) file[key] = value;
        }
    }

    /// <summary>The options that decide what a run learns and differ from a preset.</summary>
    public static IReadOnlyDictionary<string, string> Changes(AlgorithmPreset preset, IReadOnlyDictionary<string, string> options) =>
        preset.DescribeWhatCounts().Where(option => options.TryGetValue(option.Key, out var value) && value != option.Value)
            .ToDictionary(option => option.Key, option => options[option.Key]);

    private static void Add(JsonObject file, string option, string value)
    {
        var names = option.Split('.');
        var group = file;
        foreach (var name in names[..^1]) group = (group[name] ??= new JsonObject()).AsObject();
        group[names[^1]] = Node(value);
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
}
